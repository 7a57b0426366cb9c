// Verbs that change the tokens that are issued, the refresh token and the keys.

#include <algorithm>

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class TokenVerbsTest : public IssuerTest {
 protected:
  void at(const char* endpoint, const oidc::Json& action) {
    script({{"when", {{"endpoint", endpoint}}}, {"do", action}});
  }
  void on_refresh(const oidc::Json& action) { script({{"when", {{"grant", "refresh_token"}}}, {"do", action}}); }
  bool delivered() { return issuer_->verdict().at("undelivered_steps").empty(); }
  oidc::Json keys() { return body_of(get("/jwks")).at("keys"); }
  /// kids of the published keys
  std::vector<std::string> kids() {
    std::vector<std::string> result;
    for (const auto& key : keys()) {
      result.push_back(key.value("kid", ""));
    }
    return result;
  }
  bool publishes(const oidc::Json& kid) {
    const auto all = kids();
    return std::ranges::find(all, kid.get<std::string>()) != all.end();
  }
};

TEST_F(TokenVerbsTest, KidIsLeftOut) {
  at("token", {{"kid", "omit"}});
  const auto tokens = login();
  EXPECT_FALSE(jwt_part(tokens.at("id_token"), 0).contains("kid"));
  EXPECT_FALSE(jwt_part(tokens.at("access_token"), 0).contains("kid"));
  EXPECT_TRUE(delivered());
}

TEST_F(TokenVerbsTest, KidIsOfNoKey) {
  at("token", {{"kid", "unknown"}});
  EXPECT_FALSE(publishes(jwt_part(login().at("id_token"), 0).at("kid")));
}

TEST_F(TokenVerbsTest, CorruptSegmentsLeaveTwo) {
  at("token", {{"corrupt", "segments"}});
  const auto jwt = login().at("id_token").get<std::string>();
  EXPECT_EQ(std::ranges::count(jwt, '.'), 1);
  EXPECT_TRUE(delivered());
}

TEST_F(TokenVerbsTest, CorruptSignatureIsOtherBytesOfTheSameLength) {
  // Opaque, so that at_hash is the same.
  const oidc::Json config = {{"seed", 3}, {"access_token", "opaque"}};
  start(config);
  const auto good = login("openid").at("id_token").get<std::string>();
  start(config);
  at("token", {{"corrupt", "signature"}});
  const auto bad = login("openid").at("id_token").get<std::string>();
  const auto cut = good.rfind('.');
  ASSERT_EQ(good.size(), bad.size());
  EXPECT_EQ(good.substr(0, cut), bad.substr(0, cut)) << "one seed, one clock: the same claims";
  EXPECT_NE(good.substr(cut), bad.substr(cut));
}

TEST_F(TokenVerbsTest, CorruptOfAnOpaqueTokenIsNotDelivered) {
  start({{"access_token", "opaque"}});
  at("token", {{"corrupt", "payload"}});
  service_token();
  EXPECT_FALSE(delivered());
}

TEST_F(TokenVerbsTest, SignNextUsesTheKeyOfTheNextRotation) {
  at("token", {{"sign", "next"}});
  const auto kid = jwt_part(login().at("id_token"), 0).at("kid");
  EXPECT_FALSE(publishes(kid));
  EXPECT_EQ(issuer_->rotate_keys(true), kid);
}

TEST_F(TokenVerbsTest, SignRetiredUsesTheKeyThatLeft) {
  const auto old = jwt_part(login().at("id_token"), 0).at("kid");
  issuer_->rotate_keys(false);
  at("token", {{"sign", "retired"}});
  EXPECT_EQ(jwt_part(login().at("id_token"), 0).at("kid"), old);
  EXPECT_FALSE(publishes(old));
}

TEST_F(TokenVerbsTest, UserinfoClaimsArePatched) {
  const auto tokens = login();
  at("userinfo", {{"claims", {{"userinfo", {{"sub", "somebody-else"}}}}}});
  EXPECT_EQ(body_of(userinfo(tokens.at("access_token"))).at("sub"), "somebody-else");
  EXPECT_EQ(body_of(userinfo(tokens.at("access_token"))).at("sub"), "user-1");
  EXPECT_TRUE(delivered());
}

TEST_F(TokenVerbsTest, UserinfoClaimsOfARefusalAreNotDelivered) {
  at("userinfo", {{"claims", {{"userinfo", {{"sub", "x"}}}}}});
  userinfo("made-up");
  EXPECT_FALSE(delivered());
}

TEST_F(TokenVerbsTest, RefreshGivesTheSameTokenAgain) {
  const auto tokens = login();
  on_refresh({{"refresh", "same"}});
  EXPECT_EQ(body_of(refresh(tokens)).at("refresh_token"), tokens.at("refresh_token"));
  const auto rotated = body_of(refresh(tokens));
  EXPECT_NE(rotated.at("refresh_token"), tokens.at("refresh_token"));
  EXPECT_TRUE(delivered());
}

TEST_F(TokenVerbsTest, RefreshOmitsTheTokenWhichStaysGood) {
  const auto tokens = login();
  on_refresh({{"refresh", "omit"}});
  EXPECT_FALSE(body_of(refresh(tokens)).contains("refresh_token"));
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(TokenVerbsTest, RefreshRotatesWhereTheIssuerDoesNot) {
  start({{"refresh", "same"}});
  const auto tokens = login();
  on_refresh({{"refresh", "rotate"}});
  EXPECT_NE(body_of(refresh(tokens)).at("refresh_token"), tokens.at("refresh_token"));
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
}

TEST_F(TokenVerbsTest, RefreshRejectsAndUsesUpNothing) {
  const auto tokens = login();
  on_refresh({{"refresh", "reject"}});
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  EXPECT_EQ(refresh(tokens).response.status, 200);
  EXPECT_TRUE(delivered());
}

TEST_F(TokenVerbsTest, RefreshOfAnotherGrantIsNotDelivered) {
  at("token", {{"refresh", "same"}});
  service_token();
  EXPECT_FALSE(delivered());
}

TEST_F(TokenVerbsTest, GraceLetsTheUsedTokenComeAgain) {
  const auto tokens = login();
  script({{"when", {{"grant", "refresh_token"}}}, {"times", 3}, {"optional", true}, {"do", {{"grace", 30}}}});
  EXPECT_EQ(refresh(tokens).response.status, 200);
  clock_.advance(29s);
  EXPECT_EQ(refresh(tokens).response.status, 200);
  clock_.advance(1s);
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
}

TEST_F(TokenVerbsTest, RevokeFamilyBeforeMakesTheRequestFail) {
  const auto tokens = login();
  on_refresh({{"revoke_family", "before"}});
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_TRUE(delivered());
}

TEST_F(TokenVerbsTest, RevokeFamilyAfterLeavesAGoodReplyOfDeadTokens) {
  const auto tokens = login();
  on_refresh({{"revoke_family", "after"}});
  const auto reply = refresh(tokens);
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_FALSE(active(body_of(reply).at("access_token")));
  EXPECT_EQ(error_of(refresh(body_of(reply))), "invalid_grant");
}

TEST_F(TokenVerbsTest, RevokeFamilyOfNothingIsNotDelivered) {
  at("jwks", {{"revoke_family", "before"}});
  get("/jwks");
  EXPECT_FALSE(delivered());
}

TEST_F(TokenVerbsTest, ReplayPreviousGivesTheTokensOfTheReplyBefore) {
  const auto first = login();
  const auto second = body_of(refresh(first));
  on_refresh({{"replay_previous", true}});
  const auto replayed = body_of(refresh(second));
  for (const char* member : {"access_token", "refresh_token", "id_token"}) {
    EXPECT_EQ(replayed.at(member), second.at(member)) << member;
  }
  EXPECT_EQ(replayed.at("expires_in"), 3600);
  EXPECT_EQ(refresh(second).response.status, 200) << "nothing was used up";
  EXPECT_TRUE(delivered());
}

TEST_F(TokenVerbsTest, ReplayOfAnUnknownTokenIsRefusedAsUsual) {
  on_refresh({{"replay_previous", true}});
  EXPECT_EQ(error_of(refresh({{"refresh_token", "made-up"}})), "invalid_grant");
  EXPECT_FALSE(delivered());
}

TEST_F(TokenVerbsTest, RotateChangesTheKeyBeforeTheReply) {
  const auto old = jwt_part(login().at("id_token"), 0).at("kid");
  at("token", {{"rotate", true}});
  const auto kid = jwt_part(login().at("id_token"), 0).at("kid");
  EXPECT_NE(kid, old);
  EXPECT_TRUE(publishes(kid));
  EXPECT_TRUE(publishes(old));
}

TEST_F(TokenVerbsTest, RotateWithoutOverlapDropsTheOldKey) {
  const auto old = jwt_part(login().at("id_token"), 0).at("kid");
  at("token", {{"rotate", {{"overlap", false}}}});
  const auto kid = jwt_part(login().at("id_token"), 0).at("kid");
  EXPECT_TRUE(publishes(kid));
  EXPECT_FALSE(publishes(old));
}

TEST_F(TokenVerbsTest, RotatePublishesNeverAfterOrBefore) {
  at("token", {{"rotate", {{"publish", "never"}}}});
  EXPECT_FALSE(publishes(jwt_part(login().at("id_token"), 0).at("kid")));
  at("token", {{"rotate", {{"publish", "after"}}}});
  const auto late = jwt_part(login().at("id_token"), 0).at("kid");
  EXPECT_FALSE(publishes(late)) << "the first fetch is too early";
  EXPECT_TRUE(publishes(late));
  at("token", {{"rotate", {{"publish", "before"}}}});
  EXPECT_EQ(jwt_part(login().at("id_token"), 0).at("kid"), late) << "the new key waits for the next rotation";
}

struct JwksCase {
  const char* name;
  oidc::Json fault;
  std::function<bool(const oidc::Json& before, const oidc::Json& after)> holds;
};
class JwksTest : public TokenVerbsTest, public testing::WithParamInterface<JwksCase> {};

bool every(const oidc::Json& keys, const std::function<bool(const oidc::Json&)>& holds) {
  return !keys.empty() && std::ranges::all_of(keys, holds);
}

TEST_P(JwksTest, IsWrongOnce) {
  issuer_->rotate_keys(true);
  const auto before = keys();
  at("jwks", {{"jwks", GetParam().fault}});
  EXPECT_TRUE(GetParam().holds(before, keys()));
  EXPECT_EQ(keys(), before);
  EXPECT_TRUE(delivered());
}
const JwksCase kJwksCases[] = {
    {"Stale", "stale", [](const auto& before, const auto& after) { return after.size() == before.size() - 1; }},
    {"Empty", "empty", [](const auto&, const auto& after) { return after.empty(); }},
    {"DropKid", "drop_kid",
     [](const auto&, const auto& after) { return every(after, [](const auto& k) { return !k.contains("kid"); }); }},
    {"DuplicateKid", "duplicate_kid",
     [](const auto& before, const auto& after) {
       return after.size() > 1 && every(after, [&](const auto& k) { return k.at("kid") == before[0].at("kid"); });
     }},
    {"Shuffle", "shuffle",
     [](const auto& before, const auto& after) { return after != before && after.size() == before.size(); }},
    {"NoAlg", "no_alg",
     [](const auto&, const auto& after) { return every(after, [](const auto& k) { return !k.contains("alg"); }); }},
    {"NoUse", "no_use",
     [](const auto&, const auto& after) { return every(after, [](const auto& k) { return !k.contains("use"); }); }},
    {"Two",
     {"drop_kid", "no_alg"},
     [](const auto&, const auto& after) {
       return every(after, [](const auto& k) { return !k.contains("alg") && !k.contains("kid"); });
     }},
};
INSTANTIATE_TEST_SUITE_P(Row75, JwksTest, testing::ValuesIn(kJwksCases),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(TokenVerbsTest, StaleJwksWithoutARotationIsNotDelivered) {
  at("jwks", {{"jwks", "stale"}});
  get("/jwks");
  EXPECT_FALSE(delivered());
}

TEST_F(TokenVerbsTest, AWrongJwksHasAnEntityTagOfItsOwn) {
  start({{"keys", {{"jwks_cache_control", "max-age=60"}}}});
  const auto right = header_of(get("/jwks"), "ETag");
  at("jwks", {{"jwks", "empty"}});
  const auto wrong = get("/jwks", {{"If-None-Match", right}});
  EXPECT_EQ(wrong.response.status, 200);
  EXPECT_EQ(wrong.response.body, R"({"keys":[]})");
  EXPECT_NE(header_of(wrong, "ETag"), right);
}

}  // namespace
}  // namespace mockserver::test
