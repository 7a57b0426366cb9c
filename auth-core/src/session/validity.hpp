#pragma once

#include "authcore/credential.hpp"
#include "oidc/clock.hpp"

namespace authcore {

/// Both clocks, read once.
struct Now {
  oidc::TimePoint wall;
  oidc::Duration steady;
};
Now read(const oidc::Clock& clock);

/// A moment on both clocks, reached when either says so: wall time goes on while a laptop
/// sleeps, monotonic time goes on when wall time is set back.
struct Deadline {
  oidc::TimePoint wall = oidc::TimePoint::max();
  oidc::Duration steady = oidc::Duration::max();

  bool reached(const Now& now) const { return now.wall >= wall || now.steady >= steady; }
};
Deadline earlier_of(const Deadline& a, const Deadline& b);
/// The moment of that wall time, if wall time goes on as it should.
Deadline deadline_at(oidc::TimePoint wall, const Now& now);

/// How long an access token is good for. `due` is never later than `expires`.
struct Validity {
  Deadline due;      ///< when it should be renewed
  Deadline expires;  ///< when it must no longer be sent
};

/// When a token is due, as a part of its lifetime and as a time before its expiry: whatever is earlier.
struct DueRule {
  double ratio;           ///< 0 … 1
  oidc::Duration margin;  ///< counts as half of the lifetime at most
};

/// By the times in the credential: due once the whole second is past floor(iat + ratio * (exp - iat))
/// (RFR-002), expired at exp (CRED-005); neither without exp (RFR-003).
Validity validity_of(const Credential& credential, const DueRule& rule, const Now& now);

/// The same for a token that the server issued a moment ago, which cannot be old whatever the two
/// clocks say. If they differ, its `expires_in` counts from now. If it arrives due all
/// the same (little lifetime left, or a skew that cannot be told), it is used and not renewed for half of what
/// it has left, and for 10 s at least: never one refresh a call (EXP-02, EXP-03, EXP-09). One that is issued without
/// any lifetime (`expires_in` 0) is expired at once (TOK-010).
Validity validity_when_issued(const Credential& credential, const DueRule& rule, const Now& now);

}  // namespace authcore
