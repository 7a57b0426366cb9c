#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "session/validity.hpp"

namespace authcore {

/// The token that may be sent without asking anybody, and until when: the hot path.
///
/// Each thread reads one of a few copies, each with a lock and a cache line of its own, so that
/// readers don't wait for one another. (std::atomic<std::shared_ptr> of libstdc++ 12 unlocks with
/// relaxed order, and readers would share its reference count.) Thread-safe.
class TokenCell {
 public:
  /// nullopt if there is none or its time is over.
  std::optional<std::string> find(const Now& now) const;
  /// To be called by one thread at a time.
  void put(const std::string& token, const Deadline& until);
  void clear();

 private:
  struct alignas(64) Copy {
    mutable std::mutex mutex;
    std::optional<std::string> token;  // guarded by mutex
    Deadline until;                    // guarded by mutex
  };

  static constexpr std::size_t kCopies = 8;
  std::array<Copy, kCopies> copies_;
};

}  // namespace authcore
