#include "watchdog.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace oidc::detail {

Interrupter::~Interrupter() {
  if (socket_ >= 0) {
    close(socket_);
  }
}

void Interrupter::attach(int socket) {
  const std::lock_guard lock{mutex_};
  if (socket_ >= 0) {
    close(socket_);
  }
  socket_ = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (fired_ && socket_ >= 0) {
    shutdown(socket_, SHUT_RDWR);
  }
}

void Interrupter::fire() {
  const std::lock_guard lock{mutex_};
  fired_ = true;
  if (socket_ >= 0) {
    shutdown(socket_, SHUT_RDWR);
  }
}

bool Interrupter::fired() const {
  const std::lock_guard lock{mutex_};
  return fired_;
}

void Interrupter::reset() {
  const std::lock_guard lock{mutex_};
  fired_ = false;
}

Watchdog::Watch::Watch(Watchdog& watchdog, Deadline deadline, Interrupter& interrupter) : watchdog_{watchdog} {
  const std::lock_guard lock{watchdog_.mutex_};
  key_ = {deadline, watchdog_.next_id_++};
  watchdog_.watched_.emplace(key_, &interrupter);
  if (!watchdog_.thread_.joinable()) {
    watchdog_.thread_ = std::thread{[&dog = watchdog_] { dog.run(); }};
  } else if (deadline < watchdog_.wakes_at_) {
    watchdog_.changed_.notify_one();
  }
}

Watchdog::Watch::~Watch() {
  // No notification: a needless wake-up a minute later is cheaper than one for each exchange.
  const std::lock_guard lock{watchdog_.mutex_};
  watchdog_.watched_.erase(key_);
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Watchdog::run() {
  std::unique_lock lock{mutex_};
  while (!ending_) {
    if (watched_.empty()) {
      wakes_at_ = Deadline::max();
      changed_.wait(lock);
    } else {
      wakes_at_ = watched_.begin()->first.first;
      changed_.wait_until(lock, wakes_at_);
    }
    const auto now = std::chrono::steady_clock::now();
    while (!watched_.empty() && watched_.begin()->first.first <= now) {
      watched_.begin()->second->fire();
      watched_.erase(watched_.begin());
    }
  }
}

}  // namespace oidc::detail
