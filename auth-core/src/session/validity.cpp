#include "session/validity.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace authcore {

namespace {

using std::chrono::seconds;

/// Clocks that differ by less could as well be a slow reply.
constexpr seconds kTellableSkew{90};
/// How far `expires_in` and exp - iat of one token may be apart.
constexpr seconds kRounding{5};
constexpr seconds kShortestPause{10};

Validity validity_between(oidc::TimePoint issued, oidc::TimePoint expires, const DueRule& rule, const Now& now) {
  const auto from = static_cast<double>(oidc::epoch_seconds(issued).count());
  const auto to = static_cast<double>(oidc::epoch_seconds(expires).count());
  const seconds point{static_cast<std::int64_t>(std::floor(from + rule.ratio * (to - from)))};
  const oidc::Duration margin = std::max(oidc::Duration::zero(), std::min((expires - issued) / 2, rule.margin));
  const oidc::TimePoint due = std::min(oidc::TimePoint{point + seconds{1}}, expires - margin);
  return {deadline_at(due, now), deadline_at(expires, now)};
}

bool clocks_differ(const Credential& credential, const Now& now) {
  const auto lifetime = credential.expires_in();
  const auto issued = credential.issued_at();
  const auto expires = credential.expires_at();
  if (!lifetime || !issued || !expires) {
    return false;
  }
  const bool speaks_with_one_voice = std::chrono::abs(*expires - *issued - *lifetime) <= kRounding;
  return speaks_with_one_voice && std::chrono::abs(*issued - now.wall) > kTellableSkew;
}

/// The server itself says that nothing is left, so that no clock is to blame.
bool is_issued_expired(const Credential& credential, const Validity& validity, const Now& now) {
  if (!validity.expires.reached(now)) {
    return false;
  }
  const bool has_no_life = credential.issued_at() && credential.expires_at() <= credential.issued_at();
  return has_no_life || credential.expires_in() == oidc::Duration::zero();
}

}  // namespace

Now read(const oidc::Clock& clock) {
  return {clock.now(), clock.steady_now()};
}

Deadline earlier_of(const Deadline& a, const Deadline& b) {
  return {std::min(a.wall, b.wall), std::min(a.steady, b.steady)};
}

Deadline deadline_at(oidc::TimePoint wall, const Now& now) {
  return {wall, now.steady + (wall - now.wall)};
}

Validity validity_of(const Credential& credential, const DueRule& rule, const Now& now) {
  const auto expires = credential.expires_at();
  if (!expires) {
    return {};
  }
  return validity_between(credential.issued_at().value_or(now.wall), *expires, rule, now);
}

Validity validity_when_issued(const Credential& credential, const DueRule& rule, const Now& now) {
  Validity validity = validity_of(credential, rule, now);
  if (clocks_differ(credential, now)) {
    validity = validity_between(now.wall, now.wall + *credential.expires_in(), rule, now);
  }
  if (!validity.due.reached(now) || is_issued_expired(credential, validity, now)) {
    return validity;
  }
  const oidc::Duration left = validity.expires.wall - now.wall;
  const Deadline pause = deadline_at(now.wall + std::max<oidc::Duration>(kShortestPause, left / 2), now);
  if (left <= oidc::Duration::zero()) {
    return {pause, pause};
  }
  return {earlier_of(pause, validity.expires), validity.expires};
}

}  // namespace authcore
