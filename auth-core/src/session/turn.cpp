#include "session/turn.hpp"

namespace authcore {

void Turn::lock() {
  std::unique_lock lock{mutex_};
  const std::uint64_t ticket = next_ticket_++;
  if (ticket == serving_) {
    return;
  }
  clock_.begin_wait();
  changed_.wait(lock, [&] { return serving_ == ticket; });
}

bool Turn::try_lock() {
  const std::scoped_lock lock{mutex_};
  if (next_ticket_ != serving_) {
    return false;
  }
  ++next_ticket_;
  return true;
}

void Turn::unlock() {
  const std::scoped_lock lock{mutex_};
  ++serving_;
  if (serving_ != next_ticket_) {
    clock_.end_wait();
    changed_.notify_all();
  }
}

}  // namespace authcore
