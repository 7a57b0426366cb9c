#include "server/elastic_pool.hpp"

#include <system_error>
#include <utility>

namespace mockserver {

bool ElasticPool::run(Task task) {
  const std::scoped_lock lock{mutex_};
  if (stopped_) {
    return false;
  }
  if (idle_ > tasks_.size()) {
    tasks_.push_back(std::move(task));
    changed_.notify_one();
    return true;
  }
  try {
    threads_.emplace_back([this, task = std::move(task)]() mutable { work(std::move(task)); });
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

void ElasticPool::work(Task first) {
  Task task = std::move(first);
  while (true) {
    task(stop_.get_token());
    task = nullptr;  // frees what it holds before the wait
    std::unique_lock lock{mutex_};
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
  std::vector<std::thread> threads;
  {
    const std::scoped_lock lock{mutex_};
    stopped_ = true;
    threads.swap(threads_);
  }
  stop_.request_stop();
  changed_.notify_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace mockserver
