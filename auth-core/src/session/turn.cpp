#include "session/turn.hpp"

namespace authcore {

void Turn::lock() {
  std::unique_lock lock{mutex_};
  if (!taken_) {
    taken_ = true;
    return;
  }
  Waiter self;
  waiting_.push_back(&self);
  clock_.begin_wait();
  self.called.wait(lock, [&] { return self.has_turn; });
}

bool Turn::try_lock() {
  const std::scoped_lock lock{mutex_};
  if (taken_) {
    return false;
  }
  taken_ = true;
  return true;
}

void Turn::unlock() {
  const std::scoped_lock lock{mutex_};
  if (waiting_.empty()) {
    taken_ = false;
    return;
  }
  Waiter& next = *waiting_.front();
  waiting_.pop_front();
  next.has_turn = true;
  clock_.end_wait();
  next.called.notify_one();  // under the lock: once it runs, the waiter is gone
}

}  // namespace authcore
