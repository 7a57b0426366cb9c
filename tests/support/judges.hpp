#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace oidc::test {

/// Says which documented statements the running test judges, by the ids of conformance/statements/:
///
///     TEST(Auth, BuildsWithoutTouchingAnything) {
///       judges({"AUTH-002"});
///
/// The build reads these calls from the source for `assay statements`, so the ids must be literals.
inline void judges(std::initializer_list<std::string_view> ids) {
  std::string list;
  for (const std::string_view id : ids) {
    list += (list.empty() ? "" : " ") + std::string{id};
  }
  ::testing::Test::RecordProperty("judges", list);
}

}  // namespace oidc::test
