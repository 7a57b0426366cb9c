#include "stores/token_store.hpp"

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class TokenStoreTest : public testing::Test {
 protected:
  GrantId open(const std::string& client, bool of_user = true) {
    return store_.open({client, "user-1", {"api"}, "", kStart, of_user});
  }
  std::optional<std::string> add(const std::string& value, GrantId grant) {
    return store_.add(value, AccessToken{grant, "name of " + value, {"api"}, "", kStart, kStart + 3600s});
  }
  bool lives(const std::string& value) { return store_.find_access(value, kStart).has_value(); }

  TokenStore store_;
};

TEST_F(TokenStoreTest, AClientsGrantsAreRevokedTogether) {
  add("one", open("app"));
  add("two", open("app"));
  add("other", open("service"));
  store_.revoke_all_of("app");
  EXPECT_FALSE(lives("one"));
  EXPECT_FALSE(lives("two"));
  EXPECT_TRUE(lives("other"));
}

TEST_F(TokenStoreTest, TheOldestServiceTokensAreForgottenWithTheirGrants) {
  const GrantId grant = open("service", false);
  add("first", grant);
  for (std::size_t i = 1; i < TokenStore::kServiceTokens; ++i) {
    EXPECT_FALSE(add("token " + std::to_string(i), open("service", false)));
  }
  EXPECT_TRUE(lives("first"));
  EXPECT_EQ(add("last", open("service", false)), "name of first");
  EXPECT_FALSE(lives("first"));
  EXPECT_FALSE(store_.grant(grant).has_value());
  EXPECT_TRUE(lives("last"));
}

TEST_F(TokenStoreTest, WhatIsLeftOfAForgottenGrantIsDead) {
  const GrantId grant = open("service", false);
  add("first", grant);
  add("second", grant);
  store_.add("refresh", RefreshToken{grant, "rt#1", kStart, std::nullopt});
  for (std::size_t i = 1; i < TokenStore::kServiceTokens; ++i) {
    add("token " + std::to_string(i), open("service", false));
  }
  EXPECT_FALSE(lives("second"));
  EXPECT_FALSE(store_.find_refresh("refresh", kStart).has_value());
  EXPECT_EQ(store_.redeem_refresh("refresh", "service", {}, {}, kStart).error().oauth_error, "invalid_grant");
}

TEST_F(TokenStoreTest, TwoServiceTokensAlikeAreForgottenOnce) {
  add("same", open("service", false));
  add("same", open("service", false));
  for (std::size_t i = 0; i <= TokenStore::kServiceTokens; ++i) {
    add("token " + std::to_string(i), open("service", false));
  }
  EXPECT_FALSE(lives("same"));
  EXPECT_TRUE(lives("token " + std::to_string(TokenStore::kServiceTokens)));
}

TEST_F(TokenStoreTest, ATokenOfAGrantThatIsGoneIsDeadFromTheBeginning) {
  EXPECT_FALSE(add("orphan", 77));
  EXPECT_FALSE(lives("orphan"));
}

}  // namespace
}  // namespace mockserver::test
