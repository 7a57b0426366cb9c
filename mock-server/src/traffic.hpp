#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "mockserver/delivery.hpp"

/// Replies that wait for each other.
namespace mockserver {

/// Holds replies back until so many of them are there, then lets them all go, and begins anew.
/// Thread-safe.
class Barrier {
 public:
  /// `missed` is called for each reply that waited for `timeout` in vain.
  Barrier(std::size_t count, oidc::Duration timeout, std::function<void()> missed)
      : count_{count}, timeout_{timeout}, missed_{std::move(missed)} {}

  std::size_t count() const { return count_; }

  /// Sleeps on `clock` until the barrier opens or the timeout is over; false if `stop` was
  /// requested, or the clock ended, first.
  bool arrive_and_wait(oidc::Clock& clock, const std::stop_token& stop);

 private:
  using Sleeper = std::shared_ptr<std::stop_source>;
  bool leave(const Sleeper& sleeper);

  const std::size_t count_;
  const oidc::Duration timeout_;
  const std::function<void()> missed_;
  std::mutex mutex_;
  std::vector<Sleeper> waiting_;  // guarded by mutex_
};

/// A queue in front of the wire. Whoever
/// waits in it waits for other threads, so that virtual time may go on. Thread-safe.
class Turns {
 public:
  std::size_t take();
  /// Blocks until all that were taken before `ticket` are given back; false if `stop` was requested first.
  bool await(std::size_t ticket, oidc::Clock& clock, const std::stop_token& stop);
  void give_back(std::size_t ticket);

 private:
  bool is_due(std::size_t ticket) const;  // requires mutex_

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t next_ = 0;                         // guarded by mutex_
  std::set<std::size_t> open_;                   // guarded by mutex_; tickets not given back
  std::map<std::size_t, oidc::Clock*> waiting_;  // guarded by mutex_; who waits, by ticket
};

/// One reply's place in the queue, given back with its end: once it is written, or lost.
class Turn {
 public:
  explicit Turn(std::shared_ptr<Turns> turns) : turns_{std::move(turns)}, ticket_{turns_->take()} {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { turns_->give_back(ticket_); }

  bool await(oidc::Clock& clock, const std::stop_token& stop) { return turns_->await(ticket_, clock, stop); }

 private:
  std::shared_ptr<Turns> turns_;
  std::size_t ticket_;
};

/// The barriers and queues of an issuer's steps, by the step's id. Thread-safe; its lock is a leaf.
class Traffic {
 public:
  /// That of the step, made when first asked for.
  std::shared_ptr<Barrier> barrier(const std::string& step, std::size_t count, oidc::Duration timeout,
                                   std::function<void()> missed);
  /// A place in the step's queue.
  std::shared_ptr<Turn> turn(const std::string& step);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Barrier>> barriers_;  // guarded by mutex_
  std::map<std::string, std::shared_ptr<Turns>> turns_;       // guarded by mutex_
};

/// Whether a reply has something to wait for before it goes out.
bool has_to_wait(const Delivery& delivery);

/// Blocks until the reply may go out: its barrier, its turn, its delay, in this order. False if `stop` was
/// requested, or the clock ended, first.
bool await_release(const Delivery& delivery, oidc::Clock& clock, const std::stop_token& stop);

}  // namespace mockserver
