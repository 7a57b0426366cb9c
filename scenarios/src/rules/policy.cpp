#include <cmath>

#include "scenarios/adapter.hpp"

namespace scenarios {

std::string_view to_string(TimeKind kind) {
  switch (kind) {
    case TimeKind::kVirtual:
      return "virtual";
    case TimeKind::kReal:
      return "real";
    case TimeKind::kFaked:
      return "faketime";
  }
  return "real";
}

oidc::Duration RefreshPolicy::due_after(oidc::Duration lifetime) const {
  constexpr oidc::Duration kSurely = std::chrono::seconds{1};
  const double seconds = std::chrono::duration<double>(lifetime).count();
  const auto after = [kSurely](double count) { return oidc::Duration{std::llround(count * 1000)} + kSurely; };
  switch (when) {
    case When::kBefore:
      return value < seconds ? after(seconds - value) : oidc::Duration::zero();
    case When::kRatio:
      return after(seconds * value);
    case When::kUndeclared:
    case When::kOnExpiry:
    case When::kOn401:
    case When::kOnRequest:
      break;
  }
  return lifetime + kSurely;
}

}  // namespace scenarios
