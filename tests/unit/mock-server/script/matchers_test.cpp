// What a step looks at, beyond endpoint, grant, client and nth (those: ../script_test.cpp).

#include "../issuer_fixture.hpp"
#include "mockserver/script.hpp"

namespace mockserver::test {
namespace {

Step step(const oidc::Json& json, std::size_t position = 1) {
  return parse_step(json, position).value();
}

/// A step that marks the replies to the requests it takes.
oidc::Json mark(const oidc::Json& when) {
  return {{"when", when}, {"times", "forever"}, {"optional", true}, {"do", {{"headers", {{"X-Taken", "1"}}}}}};
}

bool is_taken(const Reply& reply) {
  return reply.response.headers.contains("X-Taken");
}

class MatchersTest : public IssuerTest {};

TEST_F(MatchersTest, HeaderComparesWholeValuesPartsAndPresence) {
  script(mark({{"endpoint", "jwks"}, {"header", {{"X-A", "one"}, {"X-B", {{"contains", "wo"}}}, {"X-C", false}}}}));
  EXPECT_TRUE(is_taken(get("/jwks", {{"x-a", "one"}, {"X-B", "two"}}))) << "names of header fields have no case";
  EXPECT_FALSE(is_taken(get("/jwks", {{"X-A", "on"}, {"X-B", "two"}})));
  EXPECT_FALSE(is_taken(get("/jwks", {{"X-A", "one"}, {"X-B", "three"}})));
  EXPECT_FALSE(is_taken(get("/jwks", {{"X-A", "one"}, {"X-B", "two"}, {"X-C", ""}})));
  EXPECT_FALSE(is_taken(get("/jwks")));
}

TEST_F(MatchersTest, HeaderTrueWantsItThere) {
  script(mark({{"endpoint", "jwks"}, {"header", {{"X-A", true}}}}));
  EXPECT_TRUE(is_taken(get("/jwks", {{"X-A", ""}})));
  EXPECT_FALSE(is_taken(get("/jwks")));
}

TEST_F(MatchersTest, FormComparesParameters) {
  script(mark({{"endpoint", "token"}, {"form", {{"scope", "api"}}}}));
  EXPECT_TRUE(is_taken(service_token({{"scope", "api"}})));
  EXPECT_FALSE(is_taken(service_token({{"scope", "profile"}})));
  EXPECT_FALSE(is_taken(service_token()));
}

TEST_F(MatchersTest, FormOfAGetIsItsQuery) {
  script(mark({{"endpoint", "authorize"}, {"form", {{"nonce", {{"contains", "-1"}}}}}}));
  EXPECT_TRUE(is_taken(authorize()));
}

TEST_F(MatchersTest, SubjectIsTheOneWhomThePresentedTokenBelongsTo) {
  start({{"users", {{{"sub", "ann"}}, {{"sub", "bob"}}}}});
  const auto ann = issuer_->mint_session({.sub = "ann", .issued_at = kStart}).value();
  const auto bob = issuer_->mint_session({.sub = "bob", .issued_at = kStart}).value();
  script(mark({{"subject", "bob"}}));
  EXPECT_FALSE(is_taken(refresh(ann)));
  EXPECT_TRUE(is_taken(refresh(bob)));
  EXPECT_TRUE(is_taken(userinfo(bob.at("access_token"))));
  EXPECT_FALSE(is_taken(userinfo(ann.at("access_token"))));
  EXPECT_FALSE(is_taken(get("/jwks")));
}

TEST_F(MatchersTest, TokenGenerationCountsTheRefreshesThatLedToTheToken) {
  script(mark({{"endpoint", "userinfo"}, {"token_generation", 1}}));
  const auto first = login();
  const auto second = body_of(refresh(first));
  const auto third = body_of(refresh(second));
  EXPECT_FALSE(is_taken(userinfo(first.at("access_token"))));
  EXPECT_TRUE(is_taken(userinfo(second.at("access_token"))));
  EXPECT_FALSE(is_taken(userinfo(third.at("access_token"))));
  EXPECT_FALSE(is_taken(userinfo("made-up")));
}

TEST_F(MatchersTest, TokenGenerationZeroIsTheLogins) {
  script(mark({{"grant", "refresh_token"}, {"token_generation", 0}}));
  const auto first = login();
  const auto second = refresh(first);
  EXPECT_TRUE(is_taken(second));
  EXPECT_FALSE(is_taken(refresh(body_of(second))));
}

TEST_F(MatchersTest, AfterWaitsUntilTheOtherStepIsUsedUp) {
  script({{"id", "outage"}, {"times", 2}, {"do", {{"status", 503}}}});
  script(mark({{"after", "outage"}}));
  EXPECT_EQ(get("/jwks").response.status, 503);
  EXPECT_EQ(get("/jwks").response.status, 503);
  EXPECT_TRUE(is_taken(get("/jwks")));
}

TEST_F(MatchersTest, AfterAStepWithoutEndWaitsForItsFirstRequest) {
  script({{"id", "sick"}, {"when", {{"endpoint", "jwks"}}}, {"times", "forever"}, {"do", {{"status", 503}}}});
  script(mark({{"endpoint", "discovery"}, {"after", "sick"}}));
  EXPECT_FALSE(is_taken(get("/.well-known/openid-configuration")));
  get("/jwks");
  EXPECT_TRUE(is_taken(get("/.well-known/openid-configuration")));
}

TEST_F(MatchersTest, AfterAStepThatIsNotThereNeverComes) {
  script(mark({{"after", "nobody"}}));
  EXPECT_FALSE(is_taken(get("/jwks")));
}

TEST_F(MatchersTest, ClockBetweenCountsFromTheIssuersCreation) {
  script(mark({{"clock_between", {60, 120}}}));
  clock_.advance(59s);
  EXPECT_FALSE(is_taken(get("/jwks")));
  clock_.advance(1s);
  EXPECT_TRUE(is_taken(get("/jwks")));
  clock_.advance(59s);
  EXPECT_TRUE(is_taken(get("/jwks")));
  clock_.advance(1s);
  EXPECT_FALSE(is_taken(get("/jwks")));
}

TEST_F(MatchersTest, ClockBetweenTakesWallTimes) {
  script(mark({{"clock_between", {"2030-01-01T00:01:00Z", "2030-01-01T00:02:00Z"}}}));
  EXPECT_FALSE(is_taken(get("/jwks")));
  clock_.advance(61s);
  EXPECT_TRUE(is_taken(get("/jwks")));
  clock_.advance(60s);
  EXPECT_FALSE(is_taken(get("/jwks")));
}

TEST(TimesTest, SkipLetsRequestsGoByThatTheStepCouldTake) {
  Script script;
  script.add(
      step({{"when", {{"endpoint", "token"}}}, {"times", {{"skip", 2}, {"take", 2}}}, {"do", {{"status", 500}}}}));
  const RequestFacts token{"token", "", ""};
  EXPECT_FALSE(script.take(token));
  EXPECT_FALSE(script.take({"jwks", "", ""})) << "does not fit, and is not skipped either";
  EXPECT_FALSE(script.take(token));
  EXPECT_TRUE(script.take(token));
  EXPECT_TRUE(script.take(token));
  EXPECT_FALSE(script.take(token));
}

TEST(TimesTest, SkipDoesNotCountRequestsThatAnotherStepTook) {
  Script script;
  script.add(step({{"do", {{"status", 500}}}}, 1));
  script.add(step({{"times", {{"skip", 1}}}, {"do", {{"status", 501}}}}, 2));
  const RequestFacts token{"token", "", ""};
  EXPECT_EQ(script.take(token)->step.id, "step-1");
  EXPECT_FALSE(script.take(token));
  EXPECT_EQ(script.take(token)->step.id, "step-2");
}

TEST(TimesTest, TakeMayBeForever) {
  Script script;
  script.add(step({{"times", {{"skip", 1}, {"take", "forever"}}}, {"do", {{"status", 500}}}}));
  EXPECT_FALSE(script.take({"token", "", ""}));
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(script.take({"token", "", ""}));
  }
}

std::string draws(std::uint64_t seed, double probability, int count) {
  Script script{seed};
  script.add(step({{"times", "forever"}, {"probability", probability}, {"do", {{"status", 500}}}}));
  std::string taken;
  for (int i = 0; i < count; ++i) {
    taken += script.take({"token", "", ""}) ? '1' : '0';
  }
  return taken;
}

TEST(ProbabilityTest, TakesAboutThatShareOfTheRequests) {
  const auto taken = draws(7, 0.25, 2000);
  EXPECT_NEAR(static_cast<double>(std::count(taken.begin(), taken.end(), '1')), 500, 100);
  EXPECT_EQ(draws(7, 1, 50), std::string(50, '1'));
}

TEST(ProbabilityTest, IsTheSameForTheSameSeedAndAnotherForAnother) {
  EXPECT_EQ(draws(7, 0.5, 64), draws(7, 0.5, 64));
  EXPECT_NE(draws(7, 0.5, 64), draws(8, 0.5, 64));
}

TEST_F(MatchersTest, ProbabilityComesFromTheIssuersSeedAndChangesNoToken) {
  const auto run = [&](int seed, bool scripted) {
    start({{"seed", seed}, {"access_token", "opaque"}});
    if (scripted) {
      auto flaky = mark(oidc::Json::object());
      flaky["probability"] = 0.5;
      script(flaky);
    }
    std::string taken;
    for (int i = 0; i < 40; ++i) {
      taken += is_taken(service_token()) ? '1' : '0';
    }
    return std::pair{taken, body_of(service_token()).at("access_token")};
  };
  EXPECT_EQ(run(1, true), run(1, true));
  EXPECT_NE(run(1, true).first, run(2, true).first);
  EXPECT_EQ(run(1, true).second, run(1, false).second);
}

TEST_F(MatchersTest, ConsumedBeforeTakesWhatTheIssuerWouldRefuse) {
  script({{"when", {{"endpoint", "token"}, {"grant", "client_credentials"}, {"client", "service"}}},
          {"consumed", "before"},
          {"do", {{"status", 503}}}});
  const oidc::Form form{{"grant_type", "client_credentials"}};
  EXPECT_EQ(post("/token", form, {{"Authorization", basic("service", "wrong")}}).response.status, 503);
  EXPECT_EQ(error_of(post("/token", form, {{"Authorization", basic("service", "wrong")}})), "invalid_client");
}

TEST_F(MatchersTest, ConsumedBeforeIsProcessedAndRefusedAsUsual) {
  script({{"when", {{"endpoint", "token"}}}, {"consumed", "before"}, {"do", {{"headers", {{"X-Taken", "1"}}}}}});
  const auto refused = post("/token", {{"grant_type", "client_credentials"}}, {{"Authorization", basic("x", "y")}});
  EXPECT_EQ(error_of(refused), "invalid_client");
  EXPECT_TRUE(is_taken(refused));
  script({{"when", {{"endpoint", "token"}}}, {"consumed", "before"}, {"do", {{"headers", {{"X-Taken", "1"}}}}}});
  const auto given = service_token();
  EXPECT_EQ(given.response.status, 200);
  EXPECT_TRUE(is_taken(given));
}

TEST_F(MatchersTest, JsonFormSaysWhatWasRead) {
  const oidc::Json json = {{"id", "all"},
                           {"when",
                            {{"endpoint", "token"},
                             {"grant", "refresh_token"},
                             {"client", "app"},
                             {"subject", "user-1"},
                             {"header", {{"A", "x"}, {"B", true}, {"C", {{"contains", "y"}}}}},
                             {"form", {{"scope", false}}},
                             {"token_generation", 0},
                             {"after", "other"},
                             {"clock_between", {1.5, "2030-01-01T00:00:00.000Z"}},
                             {"nth", 2}}},
                           {"times", {{"skip", 1}, {"take", "forever"}}},
                           {"probability", 0.5},
                           {"consumed", "before"},
                           {"optional", true},
                           {"do", {{"status", 500}}}};
  EXPECT_EQ(to_json(step(json)), json);
}

}  // namespace
}  // namespace mockserver::test
