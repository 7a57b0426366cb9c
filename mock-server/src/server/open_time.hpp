#pragma once

#include <mutex>

#include "oidc/clock.hpp"

namespace mockserver {

/// For how long at least one exchange has been open: whoever waited meanwhile may have waited for us. Thread-safe.
class OpenTime {
 public:
  explicit OpenTime(const oidc::Clock& clock) : clock_{clock} {}

  /// An exchange, as long as this lives.
  class Span {
   public:
    explicit Span(OpenTime& time) : time_{time} { time_.change(1); }
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;
    ~Span() { time_.change(-1); }

   private:
    OpenTime& time_;
  };

  oidc::Duration total() const {
    const std::scoped_lock lock{mutex_};
    return open_ == 0 ? sum_ : sum_ + (clock_.steady_now() - since_);
  }

 private:
  void change(int by) {
    const std::scoped_lock lock{mutex_};
    const oidc::Duration now = clock_.steady_now();
    sum_ += open_ == 0 ? oidc::Duration::zero() : now - since_;
    since_ = now;
    open_ += by;
  }

  const oidc::Clock& clock_;
  mutable std::mutex mutex_;
  int open_ = 0;            // guarded by mutex_
  oidc::Duration since_{};  // guarded by mutex_; the last change
  oidc::Duration sum_{};    // guarded by mutex_; until then
};

}  // namespace mockserver
