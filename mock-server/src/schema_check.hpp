#pragma once

#include <string_view>

#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "oidc/schema.hpp"

namespace mockserver {

/// A schema of this library from its embedded text. Throws `oidc::Failure` if it is no JSON,
/// which would be a defect of the build.
inline oidc::Schema embedded_schema(std::string_view text) {
  return oidc::Schema{oidc::parse_json(text).value()};
}

/// Errors: `kBadInput` for the first problem, "<pointer>: <sentence>"; the pointer of the
/// whole value is "/".
inline oidc::Status check_schema(const oidc::Schema& schema, const oidc::Json& json) {
  const auto problems = schema.check(json);
  if (problems.empty()) {
    return oidc::Done{};
  }
  const auto& first = problems.front();
  return oidc::Error{oidc::Errc::kBadInput, (first.pointer.empty() ? "/" : first.pointer) + ": " + to_sentence(first)};
}

}  // namespace mockserver
