// What each store keeps of what strangers send without end, on a clock that stands still.

#include "limits.hpp"

#include "../issuer_fixture.hpp"
#include "stores/assertion_store.hpp"
#include "stores/browser_store.hpp"
#include "stores/code_store.hpp"
#include "stores/device_store.hpp"
#include "stores/pushed_store.hpp"
#include "stores/token_store.hpp"

namespace mockserver::test {
namespace {

constexpr std::size_t kMany = 2 * kMostKept;
/// They are forgotten a tenth at a time.
constexpr std::size_t kBound = kMostKept + kMostKept / 10;

std::string numbered(std::size_t number) {
  return "value-" + std::to_string(number);
}

class CodeLimitTest : public testing::Test {
 protected:
  void add(std::size_t number, oidc::TimePoint expires_at = kStart + 60s) {
    store_.add(
        numbered(number),
        {.grant = number, .name = {}, .client = "app", .redirect_uri = {}, .challenge = {}, .expires_at = expires_at},
        kStart);
  }
  std::optional<GrantId> redeemed(std::size_t number) {
    const auto redemption =
        store_.redeem({.code = numbered(number), .client = "app", .redirect_uri = {}, .verifier = {}}, kStart);
    return redemption.code ? std::optional{redemption.code->grant} : std::nullopt;
  }
  CodeStore store_;
};

TEST_F(CodeLimitTest, TheOldestAreForgotten) {
  for (std::size_t i = 1; i <= kMany; ++i) {
    add(i);
  }
  EXPECT_LE(store_.snapshot().codes.size(), kBound);
  EXPECT_EQ(redeemed(1), std::nullopt);
  EXPECT_EQ(redeemed(kMany), kMany);
  EXPECT_EQ(redeemed(kMany - kMostKept + 1), kMany - kMostKept + 1) << "so many are kept";
}

TEST_F(CodeLimitTest, UsedAndExpiredOnesGoBeforeThoseThatAreGood) {
  add(1);
  for (std::size_t i = 2; i <= kMany; ++i) {
    add(i, i % 2 == 0 ? kStart : kStart + 60s);
    if (i % 2 != 0) {
      redeemed(i);
    }
  }
  EXPECT_LE(store_.snapshot().codes.size(), kBound);
  EXPECT_EQ(redeemed(1), 1U);
}

TEST(PushedLimitTest, UsedOnesGoFirstThenTheOldest) {
  PushedStore store;
  for (std::size_t i = 0; i < kMany; ++i) {
    store.add(numbered(i), {"app", {{"state", "s"}}, kStart + 90s}, kStart);
    if (i > 1) {
      store.use(numbered(i));
    }
  }
  EXPECT_LE(store.snapshot().requests.size(), kBound);
  EXPECT_TRUE(store.find(numbered(0), "app", kStart).has_value());
  for (std::size_t i = kMany; i < 2 * kMany; ++i) {
    store.add(numbered(i), {"app", {}, kStart + 90s}, kStart);
  }
  EXPECT_LE(store.snapshot().requests.size(), kBound);
  EXPECT_FALSE(store.find(numbered(0), "app", kStart).has_value());
  EXPECT_TRUE(store.find(numbered(2 * kMany - 1), "app", kStart).has_value());
}

TEST(DeviceLimitTest, ThoseThatAreOverGoFirstThenTheOldest) {
  DeviceStore store;
  const auto add = [&](std::size_t number, oidc::Duration lifetime) {
    DeviceGrant grant;
    grant.device_code = numbered(number);
    grant.user_code = "U" + std::to_string(number);
    grant.issued_at = kStart;
    grant.expires_at = kStart + lifetime;
    store.add(grant);
  };
  add(0, 600s);
  for (std::size_t i = 1; i < kBound + 1; ++i) {
    add(i, 0s);
  }
  EXPECT_EQ(store.snapshot().devices.size(), kMostKept);
  EXPECT_TRUE(store.find(numbered(0)).has_value());
  for (std::size_t i = kBound + 1; i < kBound + 1 + kMany; ++i) {
    add(i, 600s);
  }
  EXPECT_LE(store.snapshot().devices.size(), kBound);
  EXPECT_FALSE(store.find(numbered(0)).has_value());
  EXPECT_TRUE(store.find(numbered(kBound + kMany)).has_value());
}

class TokenLimitTest : public testing::Test {
 protected:
  /// A login with its tokens, by its number.
  GrantId log_in(std::size_t number, GrantId parent = 0) {
    const GrantId grant = store_.open({"app", "user-1", {"api"}, std::string(100, 'n'), kStart}, parent);
    store_.add("at " + numbered(number), AccessToken{grant, "", {}, "", kStart, kStart + 3600s});
    store_.add("rt " + numbered(number), RefreshToken{grant, "", kStart, std::nullopt});
    return grant;
  }
  bool lives(std::size_t number) {
    return store_.find_access("at " + numbered(number), kStart) &&
           store_.find_refresh("rt " + numbered(number), kStart);
  }
  TokenStore store_;
};

TEST_F(TokenLimitTest, TheOldestLoginsAreForgottenWithTheirGrants) {
  const GrantId first = log_in(0);
  for (std::size_t i = 1; i < 5 * kMostKept; ++i) {
    log_in(i);
  }
  const auto kept = store_.snapshot();
  EXPECT_LE(kept.access.size(), 22 * kMostKept / 10);
  EXPECT_LE(kept.refresh.size(), kBound);
  EXPECT_LE(kept.grants.size(), 25 * kMostKept / 10);
  EXPECT_FALSE(store_.grant(first).has_value());
  EXPECT_FALSE(lives(0));
  EXPECT_TRUE(lives(5 * kMostKept - 1));
}

TEST_F(TokenLimitTest, ALoginThatGoesOnOutlivesThoseThatAreOver) {
  const GrantId parent = store_.open({"app", "user-1", {"api"}, "", kStart});
  log_in(0, parent);
  for (std::size_t i = 1; i < 5 * kMostKept; ++i) {
    store_.revoke(log_in(i));
  }
  EXPECT_TRUE(lives(0));
  store_.revoke(parent);
  EXPECT_FALSE(lives(0)) << "the grant that it is a part of was kept, too";
}

TEST_F(TokenLimitTest, GrantsOfCodesThatNobodyRedeemedAreForgotten) {
  const GrantId first = store_.open({"app", "user-1", {}, "nonce", kStart});
  for (std::size_t i = 0; i < kMany; ++i) {
    store_.open({"app", "user-1", {}, "nonce", kStart});
  }
  EXPECT_LE(store_.snapshot().grants.size(), kBound);
  EXPECT_FALSE(store_.grant(first).has_value());
}

TEST(AssertionLimitTest, HowLongAnIdIsDoesNotMatter) {
  AssertionStore store;
  EXPECT_TRUE(store.use(std::string(1U << 20U, 'j'), kStart + 60s, kStart));
  EXPECT_FALSE(store.use(std::string(1U << 20U, 'j'), kStart + 60s, kStart));
  EXPECT_LT(store.snapshot().used.begin()->first.size(), 100U);
}

TEST(AssertionLimitTest, ThoseThatEndFirstAreForgottenFirst) {
  AssertionStore store;
  EXPECT_TRUE(store.use("short", kStart + 1s, kStart));
  EXPECT_TRUE(store.use("long", kStart + 3600s, kStart));
  for (std::size_t i = 0; i < kMostProofs + kMostProofs / 5; ++i) {
    store.use(numbered(i), kStart + 60s, kStart);
  }
  EXPECT_LE(store.snapshot().used.size(), kMostProofs + kMostProofs / 10 + 1);
  EXPECT_TRUE(store.is_fresh("short", kStart));
  EXPECT_FALSE(store.is_fresh("long", kStart));
}

TEST(BrowserLimitTest, ConsentsToClientsWithoutNumberAreForgotten) {
  BrowserStore store;
  for (std::size_t i = 0; i < 5000; ++i) {
    store.consent("user-1", numbered(i), {"openid"});
  }
  EXPECT_LE(store.snapshot().consents.size(), 1000U);
  EXPECT_TRUE(store.has_consented("user-1", numbered(4999), {"openid"}) ||
              store.has_consented("user-1", numbered(4998), {"openid"}));
}

TEST(BrowserLimitTest, AConsentThatIsThereForgetsNone) {
  BrowserStore store;
  for (std::size_t i = 0; i < 1000; ++i) {
    store.consent("user-1", numbered(i), {"openid"});
  }
  store.consent("user-1", numbered(500), {"email"});
  EXPECT_EQ(store.snapshot().consents.size(), 1000U);
  EXPECT_TRUE(store.has_consented("user-1", numbered(500), {"openid", "email"}));
}

}  // namespace
}  // namespace mockserver::test
