#pragma once

#include "oidc/clock.hpp"

namespace authcore {

/// When a token is renewed and how failures are paced.
struct RefreshPolicy {
  double lifetime_ratio = 0.75;     ///< due after this part of the lifetime (RFR-002); taken into 0 … 1
  oidc::Duration minimum_margin{};  ///< due at least this long before expiry, but never before half of the lifetime
  /// Renewal is brought forward by a random part of this fraction of its time, drawn once per token, so that many
  /// programs with tokens of one age don't renew in one moment; taken into 0 … 1.
  double jitter = 0;
  oidc::Duration first_backoff = std::chrono::seconds{1};  ///< after a failed refresh, while the old token lasts (W-08)
  oidc::Duration max_backoff = std::chrono::seconds{60};
  oidc::Duration lock_timeout = std::chrono::seconds{90};  ///< longer than one whole HTTP exchange
  /// Refreshes also where storage can lock, but not now (`Lock::weakness`): another process may then use the same
  /// refresh token, which servers that replace it take for theft: the session ends.
  bool refresh_without_lock = false;
};

}  // namespace authcore
