#include "oidc/result.hpp"

#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "status_matchers.hpp"

namespace oidc {
namespace {

constexpr int kLast = static_cast<int>(Errc::kIntrospectionRejected);

TEST(ErrcTest, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= kLast; ++i) {
    const auto name = to_string(static_cast<Errc>(i));
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << name;
    names.insert(name);
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kLast) + 1);
}

TEST(ErrcTest, EveryCodeIsAKindOfItself) {
  for (int i = 0; i <= kLast; ++i) {
    EXPECT_TRUE(is_kind_of(static_cast<Errc>(i), static_cast<Errc>(i))) << i;
  }
}

TEST(ErrcTest, ParentsAreThoseOfTheComments) {
  struct Family {
    Errc parent;
    int children;
  };
  for (const auto& [parent, children] : {Family{Errc::kStorage, 3}, Family{Errc::kNetwork, 3}, Family{Errc::kServer, 5},
                                         Family{Errc::kReauthRequired, 3}, Family{Errc::kAuthorizationResponse, 2},
                                         Family{Errc::kInvalidToken, 16}, Family{Errc::kUnknown, 0}}) {
    for (int i = 0; i <= kLast; ++i) {
      const int distance = i - static_cast<int>(parent);
      EXPECT_EQ(is_kind_of(static_cast<Errc>(i), parent), distance >= 0 && distance <= children)
          << to_string(static_cast<Errc>(i)) << " under " << to_string(parent);
    }
  }
}

TEST(ErrcTest, AParentIsNotAKindOfItsChild) {
  EXPECT_TRUE(is_kind_of(Errc::kInvalidGrant, Errc::kReauthRequired));
  EXPECT_FALSE(is_kind_of(Errc::kReauthRequired, Errc::kInvalidGrant));
}

TEST(ResultTest, HoldsAValueThatCanBeMovedOut) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result);
  const auto value = *std::move(result);
  EXPECT_EQ(*value, 7);
}

TEST(ResultTest, ValueThrowsTheErrorItHolds) {
  const Result<int> result = Error{Errc::kBadNonce, "the nonce differs"};
  try {
    static_cast<void>(result.value());
    FAIL() << "nothing was thrown";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().code, Errc::kBadNonce);
    EXPECT_STREQ(failure.what(), "the nonce differs");
  }
}

TEST(ResultTest, MisuseThrows) {
  const Result<int> error = Error{};
  const Result<int> value = 1;
  EXPECT_THROW(static_cast<void>(*error), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(value.error()), std::bad_variant_access);
}

}  // namespace
}  // namespace oidc
