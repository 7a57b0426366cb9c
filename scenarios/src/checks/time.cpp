#include "checks/check.hpp"
#include "loader/values.hpp"

namespace scenarios {

Judgement judge_time(const oidc::Json& body, const Evidence& evidence) {
  const Bounds bounds = parse_bounds(body).value();
  const bool holds = bounds.contains(static_cast<double>(evidence.virtual_time.count()) / 1000);
  return {holds ? Answer::kKept : Answer::kBroken, to_string(bounds) + " s from the first step to the end",
          seconds_text(evidence.virtual_time) + " s"};
}

}  // namespace scenarios
