#include "server/elastic_pool.hpp"

#include <system_error>
#include <utility>

namespace mockserver {
namespace {

constexpr std::size_t kMostIdle = 8;

void join_all(std::list<std::thread>& threads) {
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace

bool ElasticPool::run(Task task) {
  Threads ended;
  {
    const std::scoped_lock lock{mutex_};
    if (stopped_) {
      return false;
    }
    ended.swap(ended_);
    if (idle_ > tasks_.size()) {
      tasks_.push_back(std::move(task));
      changed_.notify_one();
    } else {
      const auto self = threads_.emplace(threads_.end());
      try {
        *self = std::thread{[this, self, task = std::move(task)]() mutable { work(std::move(task), self); }};
      } catch (const std::system_error&) {
        threads_.erase(self);
        ended_.swap(ended);
        return false;
      }
    }
  }
  join_all(ended);  // they have nothing left to do
  return true;
}

void ElasticPool::work(Task first, Threads::iterator self) {
  Task task = std::move(first);
  while (true) {
    task(stop_.get_token());
    task = nullptr;  // frees what it holds before the wait
    std::unique_lock lock{mutex_};
    if (idle_ >= kMostIdle && !stopped_) {
      ended_.splice(ended_.end(), threads_, self);
      return;
    }
    ++idle_;
    changed_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) {
      return;
    }
    task = std::move(tasks_.front());
    tasks_.pop_front();
  }
}

void ElasticPool::stop() {
  Threads threads;
  {
    const std::scoped_lock lock{mutex_};
    stopped_ = true;
    threads.swap(threads_);
    threads.splice(threads.end(), ended_);
  }
  stop_.request_stop();
  changed_.notify_all();
  join_all(threads);
}

}  // namespace mockserver
