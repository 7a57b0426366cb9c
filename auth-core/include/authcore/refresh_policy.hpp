#pragma once

#include "oidc/clock.hpp"

namespace authcore {

/// When a token is renewed and how failures are paced.
struct RefreshPolicy {
  double lifetime_ratio = 0.75;                            ///< due after this part of the lifetime (RFR-002)
  oidc::Duration first_backoff = std::chrono::seconds{1};  ///< after a failed refresh, while the old token lasts (W-08)
  oidc::Duration max_backoff = std::chrono::seconds{60};
  oidc::Duration lock_timeout = std::chrono::seconds{90};  ///< longer than one whole HTTP exchange
};

}  // namespace authcore
