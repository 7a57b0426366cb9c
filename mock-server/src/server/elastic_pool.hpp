#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <stop_token>
#include <thread>

namespace mockserver {

/// Threads for tasks that block: every task starts at once, on an idle thread or a new one.
/// A task must start at once because others may wait for it to sleep (`VirtualClock`).
/// Of the threads that a rush took a few stay. Thread-safe.
class ElasticPool {
 public:
  using Task = std::function<void(std::stop_token)>;

  ElasticPool() = default;
  ElasticPool(const ElasticPool&) = delete;
  ElasticPool& operator=(const ElasticPool&) = delete;
  ~ElasticPool() { stop(); }

  /// False if the system has no thread left, or after `stop`: the task is dropped.
  bool run(Task task);

  /// Requests the tasks' stop tokens and joins the threads. Repeating it is harmless.
  void stop();

 private:
  using Threads = std::list<std::thread>;
  void work(Task first, Threads::iterator self);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::stop_source stop_;
  std::deque<Task> tasks_;  // guarded by mutex_; never more than idle_ threads can take
  Threads threads_;         // guarded by mutex_
  Threads ended_;           // guarded by mutex_; to be joined
  std::size_t idle_ = 0;    // guarded by mutex_
  bool stopped_ = false;    // guarded by mutex_
};

}  // namespace mockserver
