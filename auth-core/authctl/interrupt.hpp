#pragma once

#include <csignal>

#include <atomic>
#include <stop_token>
#include <thread>

namespace authctl {

/// Turns Ctrl-C and SIGTERM into a stop request. The second one ends the process at once.
///
/// Make it before any other thread: it blocks both signals for the threads that follow.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void watch();

  sigset_t signals_{};
  std::stop_source stop_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

}  // namespace authctl
