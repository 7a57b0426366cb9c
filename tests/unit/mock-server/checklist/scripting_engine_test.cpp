// The checklist of traps that mock servers fall into, group "Scripting engine". One test a line.

#include <atomic>
#include <thread>

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class ScriptingEngineChecklist : public IssuerTest {};

TEST_F(ScriptingEngineChecklist, StepIsConsumedOnlyByARequestThatMatchesIt) {
  const auto tokens = login();
  script({{"id", "once"}, {"when", {{"endpoint", "token"}, {"grant", "refresh_token"}}}, {"do", {{"status", 503}}}});
  EXPECT_EQ(get("/jwks").response.status, 200);
  EXPECT_EQ(service_token().response.status, 200);
  EXPECT_EQ(refresh(tokens).response.status, 503);
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(ScriptingEngineChecklist, StepIsConsumedOnceAtomically) {
  script({{"times", 3}, {"do", {{"status", 503}}}});
  std::atomic<int> faults{0};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back([&] {
        for (int n = 0; n < 25; ++n) {
          faults += get("/jwks").response.status == 503 ? 1 : 0;
        }
      });
    }
  }
  EXPECT_EQ(faults, 3);
}

TEST_F(ScriptingEngineChecklist, OneIssuersStepsDoNotBlockAnothers) {
  Issuer other{parse_issuer_config(oidc::Json::object()).value(), "https://issuer.test/beta", clock_};
  other.script().add(parse_step({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}}, 1).value());
  EXPECT_EQ(service_token().response.status, 200);
  EXPECT_EQ(other.script().states().at(0).taken, 0U);
}

TEST_F(ScriptingEngineChecklist, MalformedRequestCannotEatAStep) {
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  EXPECT_EQ(post("/token", {}).response.status, 400);
  EXPECT_EQ(post("/token", {{"grant_type", "nonsense"}, {"client_id", "app"}}).response.status, 400);
  EXPECT_EQ(send("POST", "/token", {{"Content-Type", "application/json"}}, "{}").response.status, 400);
  EXPECT_EQ(post("/token", {{"grant_type", "client_credentials"}}, {{"Authorization", basic("service", "wrong")}})
                .response.status,
            401);
  EXPECT_EQ(service_token().response.status, 503);
}

TEST_F(ScriptingEngineChecklist, StepSaysIfItIsConsumedBeforeValidation) {
  script({{"when", {{"endpoint", "token"}}}, {"consumed", "before"}, {"do", {{"status", 503}}}});
  EXPECT_EQ(post("/token", {}).response.status, 503);
  EXPECT_EQ(post("/token", {}).response.status, 400);
}

TEST_F(ScriptingEngineChecklist, SeedReallyDrivesTheGenerator) {
  const auto faults_of = [&](int seed) {
    start({{"seed", seed}});
    script({{"times", "forever"}, {"probability", 0.5}, {"do", {{"status", 503}}}});
    std::string faults;
    for (int i = 0; i < 64; ++i) {
      faults += get("/jwks").response.status == 503 ? 'x' : '.';
    }
    return faults;
  };
  const auto first = faults_of(1);
  EXPECT_EQ(first, faults_of(1));
  EXPECT_NE(first, faults_of(2));
  EXPECT_NE(first.find('x'), std::string::npos);
  EXPECT_NE(first.find('.'), std::string::npos);
}

TEST_F(ScriptingEngineChecklist, TimeInOneScopeDoesNotLeakToAnother) {
  oidc::VirtualClock other_clock{kStart};
  Issuer other{parse_issuer_config(oidc::Json::object()).value(), "https://issuer.test/beta", other_clock};
  other.script().add(parse_step({{"times", 2}, {"do", {{"advance", 86400}}}}, 1).value());
  other.script().add(parse_step({{"do", {{"skew", 600}}}}, 2).value());
  for (int i = 0; i < 3; ++i) {
    other.handle({"GET", "https://issuer.test/beta/jwks", {}, ""});
  }
  EXPECT_EQ(other_clock.now(), kStart + 48h);
  EXPECT_EQ(header_of(get("/jwks"), "Date"), "Tue, 01 Jan 2030 00:00:00 GMT");
  EXPECT_EQ(claims_of(body_of(service_token()), "access_token").at("iat"), oidc::epoch_seconds(kStart).count());
}

}  // namespace
}  // namespace mockserver::test
