#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "oidc/clock.hpp"

namespace mockserver {

/// Which client assertions and DPoP proofs were used up (RFC 7523 section 3, item 7; RFC 9449 section 11.1), by the
/// hashes of their ids. Beyond `kMostProofs` those go first that end first. Its lock is a leaf. Thread-safe.
class AssertionStore {
 public:
  /// False if `id` was used and its assertion has not expired.
  bool is_fresh(const std::string& id, oidc::TimePoint now) const;
  /// Uses `id` up until `expires_at`; false if it was used already. Of two at once one gets true.
  bool use(const std::string& id, oidc::TimePoint expires_at, oidc::TimePoint now);

  /// All that the store holds, as a value.
  struct State {
    std::unordered_map<std::string, oidc::TimePoint> used;  ///< by hash of the id, until when
  };
  State snapshot() const;
  void restore(State state);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, oidc::TimePoint> used_;  // guarded by mutex_; by hash of the id, until when
};

}  // namespace mockserver
