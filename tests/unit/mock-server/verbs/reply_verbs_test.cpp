// Verbs that change the reply itself.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class ReplyVerbsTest : public IssuerTest {
 protected:
  void once(const oidc::Json& action) { script({{"id", "fault"}, {"times", 1}, {"do", action}}); }
  bool delivered() { return issuer_->verdict().at("undelivered_steps").empty(); }
};

TEST_F(ReplyVerbsTest, ErrorHasAUriInEveryForm) {
  const oidc::Json error = {{"code", "invalid_request"}, {"uri", "https://docs.test/e"}};
  once({{"error", error}});
  EXPECT_EQ(body_of(service_token()).at("error_uri"), "https://docs.test/e");
  once({{"error", error}});
  EXPECT_EQ(redirect_of(authorize()).value_or_empty("error_uri"), "https://docs.test/e");
  once({{"error", error}});
  EXPECT_THAT(header_of(userinfo("x"), "WWW-Authenticate"), testing::HasSubstr("error_uri=\"https://docs.test/e\""));
}

TEST_F(ReplyVerbsTest, JsonPatchTakesItsOperationsInOrder) {
  once({{"json_patch",
         {{{"op", "move"}, {"from", "/access_token"}, {"path", "/token"}},
          {{"op", "replace"}, {"path", "/expires_in"}, {"value", -1}},
          {{"op", "add"}, {"path", "/list"}, {"value", {1, 2}}},
          {{"op", "remove"}, {"path", "/list/0"}}}}});
  const auto tokens = body_of(service_token());
  EXPECT_FALSE(tokens.contains("access_token"));
  EXPECT_TRUE(tokens.contains("token"));
  EXPECT_EQ(tokens.at("expires_in"), -1);
  EXPECT_EQ(tokens.at("list"), oidc::Json::array({2}));
  EXPECT_TRUE(delivered());
}

TEST_F(ReplyVerbsTest, JsonPatchThatDoesNotFitIsNotDelivered) {
  once({{"json_patch", {{{"op", "remove"}, {"path", "/nothing"}}}}});
  EXPECT_EQ(service_token().response.status, 200);
  EXPECT_FALSE(delivered());
}

TEST_F(ReplyVerbsTest, DuplicateFieldComesTwice) {
  once({{"duplicate_field", {{"access_token", "other"}}}});
  const auto body = service_token().response.body;
  EXPECT_NE(body.find("\"access_token\":"), body.rfind("\"access_token\":"));
  EXPECT_THAT(body, testing::EndsWith(",\"access_token\":\"other\"}"));
  EXPECT_FALSE(oidc::parse_json(body)) << "repeated names are no strict JSON";
  EXPECT_TRUE(delivered());
}

TEST_F(ReplyVerbsTest, DuplicateFieldOfARedirectIsAParameter) {
  once({{"duplicate_field", {{"state", "st-2"}}}});
  const auto parameters = redirect_of(authorize());
  EXPECT_EQ(parameters.count("state"), 2U);
  EXPECT_EQ(parameters.value_or_empty("state"), "st-1");
  EXPECT_TRUE(delivered());
}

TEST_F(ReplyVerbsTest, WhatIsNotThereCannotBeDuplicated) {
  once({{"duplicate_field", {{"refresh_token", "x"}}}});
  EXPECT_TRUE(oidc::parse_json(service_token().response.body));
  EXPECT_FALSE(delivered());
}

TEST_F(ReplyVerbsTest, RedirectAnswersAtAnyEndpoint) {
  const auto tokens = login();
  once({{"redirect", "https://elsewhere.test/token"}});
  const auto reply = refresh(tokens);
  EXPECT_EQ(reply.response.status, 302);
  EXPECT_EQ(header_of(reply, "Location"), "https://elsewhere.test/token");
  EXPECT_EQ(refresh(tokens).response.status, 200) << "nothing was used up";
  once({{"redirect", {{"to", "/other"}, {"status", 308}}}});
  EXPECT_EQ(get("/jwks").response.status, 308);
}

struct OddExpiry {
  const char* name;
  oidc::Json value;
};
class ExpiresInTest : public ReplyVerbsTest, public testing::WithParamInterface<OddExpiry> {};

TEST_P(ExpiresInTest, IsSaidAsGivenAndTheTokenStaysGood) {
  once({{"expires_in", GetParam().value}});
  const auto tokens = login("openid");
  // The first request of a login is the authorization, which has no expires_in.
  EXPECT_EQ(tokens.at("expires_in"), 3600);
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"expires_in", GetParam().value}}}});
  const auto odd = login("openid");
  EXPECT_EQ(odd.at("expires_in"), GetParam().value);
  EXPECT_EQ(claims_of(odd, "access_token").at("exp"), claims_of(tokens, "access_token").at("exp"));
  EXPECT_TRUE(active(odd.at("access_token")));
}
const OddExpiry kOddExpiries[] = {{"Text", "3600"},  {"Zero", 0},   {"Negative", -1},          {"Fraction", 0.5},
                                  {"Null", nullptr}, {"List", {1}}, {"Huge", 9007199254740993}};
INSTANTIATE_TEST_SUITE_P(Row72, ExpiresInTest, testing::ValuesIn(kOddExpiries),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(ReplyVerbsTest, ExpiresInOfADevice) {
  once({{"expires_in", "600"}});
  EXPECT_EQ(device().at("expires_in"), "600");
  EXPECT_TRUE(delivered());
}

TEST_F(ReplyVerbsTest, TokenTypeIsSaidAsGiven) {
  once({{"token_type", "bearer"}});
  EXPECT_EQ(body_of(service_token()).at("token_type"), "bearer");
  EXPECT_TRUE(delivered());
}

TEST_F(ReplyVerbsTest, TokenTypeOfAnErrorIsNotDelivered) {
  once({{"token_type", "bearer"}});
  refresh({{"refresh_token", "made-up"}});
  EXPECT_FALSE(delivered());
}

TEST_F(ReplyVerbsTest, ScopeGrantsWhatTheStepSays) {
  once({{"scope", {"api"}}});
  const auto tokens = body_of(service_token({{"scope", "api profile"}}));
  EXPECT_EQ(tokens.at("scope"), "api");
  EXPECT_EQ(claims_of(tokens, "access_token").at("scope"), "api");
  EXPECT_EQ(introspect(tokens.at("access_token")).at("scope"), "api");
  EXPECT_TRUE(delivered());
}

TEST_F(ReplyVerbsTest, ScopeIsLeftOut) {
  once({{"scope", "omit"}});
  const auto tokens = body_of(service_token({{"scope", "api profile"}}));
  EXPECT_FALSE(tokens.contains("scope"));
  EXPECT_EQ(claims_of(tokens, "access_token").at("scope"), "api profile");
}

TEST_F(ReplyVerbsTest, IssuerMismatchIsInTheDiscoveryDocument) {
  script({{"when", {{"endpoint", "discovery"}}}, {"do", {{"issuer_mismatch", true}}}});
  script({{"when", {{"endpoint", "discovery"}}}, {"do", {{"issuer_mismatch", "https://evil.test"}}}});
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("issuer"), kBase + "/other");
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("issuer"), "https://evil.test");
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("issuer"), kBase);
}

}  // namespace
}  // namespace mockserver::test
