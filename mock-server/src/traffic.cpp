#include "traffic.hpp"

#include <algorithm>

namespace mockserver {

bool Barrier::arrive_and_wait(oidc::Clock& clock, const std::stop_token& stop) {
  const auto sleeper = std::make_shared<std::stop_source>();
  std::vector<Sleeper> released;
  {
    const std::scoped_lock lock{mutex_};
    waiting_.push_back(sleeper);
    if (waiting_.size() >= count_) {
      released.swap(waiting_);
    }
  }
  if (!released.empty()) {
    for (const Sleeper& other : released) {
      other->request_stop();
    }
    return !stop.stop_requested();
  }
  const std::stop_callback forward{stop, [&] { sleeper->request_stop(); }};
  const bool over = clock.sleep_for(timeout_, sleeper->get_token());
  const bool missed = leave(sleeper);
  if (missed && over) {
    missed_();
  }
  return !stop.stop_requested() && (over || !missed);
}

/// Whether it was still waiting.
bool Barrier::leave(const Sleeper& sleeper) {
  const std::scoped_lock lock{mutex_};
  return std::erase(waiting_, sleeper) > 0;
}

std::size_t Turns::take() {
  const std::scoped_lock lock{mutex_};
  open_.insert(next_);
  return next_++;
}

bool Turns::is_due(std::size_t ticket) const {
  return !open_.empty() && *open_.begin() == ticket;
}

bool Turns::await(std::size_t ticket, oidc::Clock& clock, const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  if (is_due(ticket)) {
    return !stop.stop_requested();
  }
  waiting_.emplace(ticket, &clock);
  clock.begin_wait();
  changed_.wait(lock, stop, [&] { return is_due(ticket); });
  if (waiting_.erase(ticket) > 0) {  // else whoever was before has counted us awake
    clock.end_wait();
  }
  return !stop.stop_requested();
}

void Turns::give_back(std::size_t ticket) {
  const std::scoped_lock lock{mutex_};
  open_.erase(ticket);
  const auto next = open_.empty() ? waiting_.end() : waiting_.find(*open_.begin());
  if (next != waiting_.end()) {
    // Awake from now on, not from when its thread gets to run: time must not jump in between.
    next->second->end_wait();
    waiting_.erase(next);
  }
  changed_.notify_all();
}

std::shared_ptr<Barrier> Traffic::barrier(const std::string& step, std::size_t count, oidc::Duration timeout,
                                          std::function<void()> missed) {
  const std::scoped_lock lock{mutex_};
  auto& barrier = barriers_[step];
  if (!barrier || barrier->count() != count) {  // another step may have had this id before
    barrier = std::make_shared<Barrier>(count, timeout, std::move(missed));
  }
  return barrier;
}

std::shared_ptr<Turn> Traffic::turn(const std::string& step) {
  const std::scoped_lock lock{mutex_};
  auto& turns = turns_[step];
  turns = turns ? turns : std::make_shared<Turns>();
  return std::make_shared<Turn>(turns);
}

bool has_to_wait(const Delivery& delivery) {
  return delivery.barrier || delivery.turn || delivery.delay > oidc::Duration::zero();
}

bool await_release(const Delivery& delivery, oidc::Clock& clock, const std::stop_token& stop) {
  return (!delivery.barrier || delivery.barrier->arrive_and_wait(clock, stop)) &&
         (!delivery.turn || delivery.turn->await(clock, stop)) &&
         (delivery.delay <= oidc::Duration::zero() || clock.sleep_for(delivery.delay, stop));
}

}  // namespace mockserver
