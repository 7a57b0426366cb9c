// Verbs that move time, and that end what time would end.

#include "../issuer_fixture.hpp"
#include "mockserver/issuer_clock.hpp"

namespace mockserver::test {
namespace {

class TimeVerbsTest : public IssuerTest {
 protected:
  void once(const oidc::Json& action) { script({{"do", action}}); }
  bool delivered() { return issuer_->verdict().at("undelivered_steps").empty(); }
};

TEST_F(TimeVerbsTest, AdvanceMovesTheClockBeforeTheRequestIsProcessed) {
  const auto tokens = login();
  once({{"advance", 3600}});
  EXPECT_EQ(userinfo(tokens.at("access_token")).response.status, 401);
  EXPECT_EQ(clock_.now(), kStart + 1h);
  EXPECT_TRUE(delivered());
}

TEST_F(TimeVerbsTest, AdvanceShowsInTheReply) {
  once({{"advance", 90.5}});
  const auto reply = service_token();
  EXPECT_EQ(header_of(reply, "Date"), "Tue, 01 Jan 2030 00:01:30 GMT");
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("iat"), oidc::epoch_seconds(kStart).count() + 90);
}

TEST_F(TimeVerbsTest, SetTimeGoesForwardAndBack) {
  once({{"set_time", "2030-01-01T12:00:00Z"}});
  EXPECT_EQ(header_of(get("/jwks"), "Date"), "Tue, 01 Jan 2030 12:00:00 GMT");
  EXPECT_EQ(clock_.now(), kStart + 12h);
  once({{"set_time", "2029-12-31T23:00:00+01:00"}});
  EXPECT_EQ(header_of(get("/jwks"), "Date"), "Mon, 31 Dec 2029 22:00:00 GMT");
  EXPECT_EQ(clock_.now(), kStart - 2h);
  EXPECT_TRUE(delivered());
}

TEST_F(TimeVerbsTest, TheClockOfAServedIssuerMovesToo) {
  IssuerClock own{kStart};
  Issuer issuer{parse_issuer_config(oidc::Json::object()).value(), kBase, own};
  const auto say = [&](const oidc::Json& action) {
    issuer.script().add(parse_step({{"do", action}}, 1).value());
    issuer.handle({"GET", kBase + "/jwks", {}, ""});
    return own.now();
  };
  EXPECT_EQ(say({{"advance", 5}}), kStart + 5s);
  EXPECT_EQ(say({{"set_time", "2030-01-02T00:00:00Z"}}), kStart + 24h);
  EXPECT_EQ(say({{"set_time", "2030-01-01T00:00:00Z"}}), kStart);
}

TEST_F(TimeVerbsTest, TheMachinesClockDoesNotMove) {
  oidc::SystemClock machine;
  Issuer issuer{parse_issuer_config(oidc::Json::object()).value(), kBase, machine};
  issuer.script().add(parse_step({{"do", {{"advance", 3600}}}}, 1).value());
  issuer.handle({"GET", kBase + "/jwks", {}, ""});
  EXPECT_EQ(issuer.verdict().at("undelivered_steps").size(), 1U);
}

TEST_F(TimeVerbsTest, SkewLastsAndLeavesTheClockAlone) {
  once({{"skew", 300}});
  EXPECT_EQ(header_of(get("/jwks"), "Date"), "Tue, 01 Jan 2030 00:05:00 GMT");
  EXPECT_EQ(claims_of(body_of(service_token()), "access_token").at("iat"), oidc::epoch_seconds(kStart).count() + 300);
  EXPECT_EQ(clock_.now(), kStart);
  once({{"skew", -60}});
  EXPECT_EQ(header_of(get("/jwks"), "Date"), "Mon, 31 Dec 2029 23:59:00 GMT");
  EXPECT_TRUE(delivered());
}

TEST_F(TimeVerbsTest, SkewComesOnTopOfTheConfigured) {
  start({{"skew_s", 10}});
  once({{"skew", 5}});
  EXPECT_EQ(header_of(get("/jwks"), "Date"), "Tue, 01 Jan 2030 00:00:15 GMT");
}

TEST_F(TimeVerbsTest, ExpireGrantEndsItsTokensOfBothKinds) {
  const auto tokens = login();
  const auto other = login();
  once({{"expire", "grant"}});
  EXPECT_EQ(userinfo(tokens.at("access_token")).response.status, 401);
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  EXPECT_TRUE(active(other.at("access_token")));
  EXPECT_EQ(refresh(other).response.status, 200);
  EXPECT_TRUE(delivered());
}

TEST_F(TimeVerbsTest, ExpireAllEndsEverythingGivenOut) {
  const auto tokens = login();
  const auto value = code();
  const auto grant = device();
  once({{"expire", "all"}});
  get("/jwks");
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  EXPECT_EQ(error_of(redeem(value)), "invalid_grant");
  EXPECT_EQ(error_of(poll(grant)), "expired_token");
  EXPECT_EQ(login().count("access_token"), 1U) << "what comes later lives";
  EXPECT_TRUE(delivered());
}

TEST_F(TimeVerbsTest, ExpireAllOfNothingIsNotDelivered) {
  once({{"expire", "all"}});
  get("/jwks");
  EXPECT_FALSE(delivered());
}

}  // namespace
}  // namespace mockserver::test
