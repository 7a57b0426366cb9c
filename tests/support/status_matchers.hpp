#pragma once

#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/result.hpp"

/// Matchers for `oidc::Result`, and how gtest prints one:
///   EXPECT_THAT(parse_url("x"), FailsWith(Errc::kInvalidArgument));
///   ASSERT_THAT(result, IsOk());
namespace oidc {

// gtest finds these by argument-dependent lookup.
inline void PrintTo(Errc code, std::ostream* out) {
  *out << to_string(code);
}

inline void PrintTo(const Error& error, std::ostream* out) {
  *out << "error " << to_string(error.code) << ": " << error.message;
  if (!error.oauth_error.empty()) {
    *out << " (oauth_error " << error.oauth_error << ")";
  }
  if (error.http_status != 0) {
    *out << " (HTTP " << error.http_status << ")";
  }
  *out << (error.definite ? "" : " (not definite)");
}

template <typename T>
void PrintTo(const Result<T>& result, std::ostream* out) {
  if (result) {
    *out << "a value";
  } else {
    PrintTo(result.error(), out);
  }
}

}  // namespace oidc

namespace oidc::test {

MATCHER(IsOk, negation ? "is an error" : "is a value") {
  return arg.has_value();
}

MATCHER_P(FailsWith, code,
          std::string{negation ? "doesn't fail with " : "fails with "} + std::string{oidc::to_string(code)}) {
  return !arg.has_value() && arg.error().code == code;
}

/// Fails with that code and a message that matches.
MATCHER_P2(FailsWith, code, message,
           std::string{negation ? "doesn't fail with " : "fails with "} + std::string{oidc::to_string(code)} +
               " and a message that " + testing::DescribeMatcher<std::string>(message)) {
  return !arg.has_value() && arg.error().code == code &&
         testing::ExplainMatchResult(message, arg.error().message, result_listener);
}

}  // namespace oidc::test
