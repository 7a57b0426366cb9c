#include "mockserver/control.hpp"

#include <thread>

#include "control_fixture.hpp"
#include "mockserver/issuer_clock.hpp"
#include "oidc/form.hpp"
#include "oidc/url.hpp"

namespace mockserver {
namespace {

using oidc::Json;
using namespace std::chrono_literals;

class ControlCalls : public testing_support::ControlTest {
 protected:
  /// An issuer "alpha" whose clock stands still.
  Json create(Json body = Json::object()) {
    body["name"] = "alpha";
    if (!body.contains("clock")) {
      body["clock"] = "2030-01-01T00:00:00Z";
    }
    return post("/v1/issuers", body).json;
  }
  int token_status(const std::string& form) { return ask("POST", "/alpha/token", form).response.status; }

  static constexpr const char* kService =
      "grant_type=client_credentials&client_id=service-post&client_secret=s3cr3t%3A%2F%25%C3%A9%2B";
};

TEST_F(ControlCalls, TellsAboutItself) {
  EXPECT_EQ(get("/v1/health").json, Json({{"status", "ok"}}));
  EXPECT_EQ(get("/v1/version").json.value("name", ""), "assay");
  EXPECT_EQ(get("/v1/ca.pem").text, "-----BEGIN CERTIFICATE-----\n");
  EXPECT_EQ(call("HEAD", "/v1/health").status, 200);
}

TEST_F(ControlCalls, HasNoCaWithoutTls) {
  Control plain{issuers_, ""};
  EXPECT_EQ(
      plain.handle({.method = "GET", .url = "http://c/v1/ca.pem", .headers = {}, .body = ""}).reply.response.status,
      404);
}

TEST_F(ControlCalls, ListsItsCalls) {
  const auto calls = get("/v1").json.at("calls");
  EXPECT_GT(calls.size(), 25U);
  for (const auto& each : calls) {
    EXPECT_NE(each.value("summary", ""), "") << each;
  }
}

TEST_F(ControlCalls, PublishesItsSchemas) {
  for (const char* name : {"issuer", "step", "token", "control", "server"}) {
    EXPECT_EQ(get(std::string{"/v1/schema/"} + name).json.value("$id", ""), std::string{name} + ".schema.json");
  }
}

TEST_F(ControlCalls, CreatesAnIssuerWithNothingSaid) {
  const auto answer = call("POST", "/v1/issuers");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.headers.get("Location"), "/v1/issuers/issuer-1");
  EXPECT_EQ(answer.json.at("issuer"), "http://issuer.test/issuer-1");
  EXPECT_EQ(answer.json.at("discovery"), "http://issuer.test/issuer-1/.well-known/openid-configuration");
  EXPECT_EQ(answer.json.at("clock").at("mode"), "system");
  EXPECT_EQ(ask("GET", "/issuer-1/.well-known/openid-configuration").response.status, 200);
}

TEST_F(ControlCalls, TellsASecretOnlyOnce) {
  const auto created = create();
  EXPECT_EQ(created.at("clients").at(2).at("secret"), "s3cr3t:/%\xc3\xa9+");
  EXPECT_EQ(get("/v1/issuers/alpha").text.find("s3cr3t"), std::string::npos);
  EXPECT_EQ(get("/v1/issuers/alpha/tokens").text.find("s3cr3t"), std::string::npos);
}

TEST_F(ControlCalls, OverlaysTheConfiguration) {
  create({{"config", {{"lifetimes", {{"access", 7}}}}}});
  const auto reply = ask("POST", "/alpha/token", kService);
  EXPECT_EQ(oidc::parse_json(reply.response.body)->at("expires_in"), 7);
}

TEST_F(ControlCalls, ListsAndDeletesIssuers) {
  create();
  EXPECT_EQ(get("/v1/issuers").json.at("issuers").at(0).at("name"), "alpha");
  const Json expected = {{"as_expected", true},
                         {"undelivered_steps", Json::array()},
                         {"unmatched_requests", Json::array()},
                         {"failed_expectations", Json::array()},
                         {"exchanges", 0},
                         {"dropped", 0}};
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha").json, expected);
  EXPECT_TRUE(get("/v1/issuers").json.at("issuers").empty());
  EXPECT_EQ(get("/v1/issuers/alpha").status, 404);
}

TEST_F(ControlCalls, DeletingTellsOfAnUndeliveredStep) {
  create({{"script", Json::array({{{"id", "never"}, {"do", {{"status", 500}}}}})}});
  const auto verdict = call("DELETE", "/v1/issuers/alpha").json;
  EXPECT_EQ(verdict.at("as_expected"), false);
  EXPECT_NE(verdict.at("undelivered_steps").dump().find("never"), std::string::npos);
}

TEST_F(ControlCalls, ScriptsAnIssuerStepByStep) {
  create();
  const Json step = {{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}};
  const auto added = post("/v1/issuers/alpha/steps", step);
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.json.at("ids"), Json::array({"step-1"}));
  EXPECT_EQ(token_status(kService), 503);
  EXPECT_EQ(token_status(kService), 200);
  const auto steps = get("/v1/issuers/alpha/steps").json.at("steps");
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].at("delivered"), 1);
  EXPECT_EQ(steps[0].at("undelivered"), false);
  EXPECT_EQ(steps[0].at("when"), Json({{"endpoint", "token"}}));
  EXPECT_EQ(steps[0].at("do"), Json({{"status", 503}}));
}

TEST_F(ControlCalls, RemovesStepsAndKeepsTheirIdsApart) {
  create();
  const Json step = {{"do", {{"status", 500}}}};
  post("/v1/issuers/alpha/steps", Json::array({step, step}));
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha/steps/step-1").status, 204);
  EXPECT_EQ(post("/v1/issuers/alpha/steps", step).json.at("ids"), Json::array({"step-1"}));
  EXPECT_EQ(post("/v1/issuers/alpha/steps", {{"id", "step-2"}, {"do", {{"status", 500}}}}).status, 400);
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha/steps").status, 204);
  EXPECT_TRUE(get("/v1/issuers/alpha/steps").json.at("steps").empty());
}

TEST_F(ControlCalls, MovesTheClock) {
  create();
  EXPECT_EQ(get("/v1/issuers/alpha/clock").json.at("now"), "2030-01-01T00:00:00.000Z");
  EXPECT_EQ(post("/v1/issuers/alpha/clock/advance", {{"seconds", 1.5}}).json.at("now"), "2030-01-01T00:00:01.500Z");
  const auto set = [&](const Json& now) {
    return call("PUT", "/v1/issuers/alpha/clock", Json{{"now", now}}.dump()).json.value("now", "");
  };
  EXPECT_EQ(set("2031-02-03T04:05:06.789+01:00"), "2031-02-03T03:05:06.789Z");
  EXPECT_EQ(set(1'000'000'000), "2001-09-09T01:46:40.000Z");
}

TEST_F(ControlCalls, AdvancingExpiresTokens) {
  create();
  const auto token = post("/v1/issuers/alpha/tokens", Json::object()).json.at("token").get<std::string>();
  const auto userinfo = [&] {
    return issuers_
        .handle({.method = "GET",
                 .url = "http://issuer.test/alpha/userinfo",
                 .headers = {{"Authorization", "Bearer " + token}},
                 .body = ""})
        .response.status;
  };
  EXPECT_EQ(userinfo(), 200);
  post("/v1/issuers/alpha/clock/advance", {{"seconds", 3600}});
  EXPECT_EQ(userinfo(), 401);
}

TEST_F(ControlCalls, AdvancingWaitsForTheSleepersItIsToldOf) {
  create();
  auto& clock = issuers_.find("alpha")->clock();
  bool woke = false;
  std::thread sleeper{[&] { woke = clock.sleep_for(1h); }};
  EXPECT_EQ(post("/v1/issuers/alpha/clock/advance", {{"seconds", 3600}, {"sleepers", 1}}).status, 200);
  sleeper.join();
  EXPECT_TRUE(woke);
}

TEST_F(ControlCalls, DoesNotMoveAClockOfSomebodyElse) {
  oidc::VirtualClock clock{oidc::TimePoint{}};
  ASSERT_TRUE(issuers_.create("theirs", *parse_issuer_config(Json::object()), clock));
  EXPECT_EQ(get("/v1/issuers/theirs/clock").status, 200);
  EXPECT_EQ(post("/v1/issuers/theirs/clock/advance", {{"seconds", 1}}).status, 409);
}

TEST_F(ControlCalls, ShowsTheJournalRedacted) {
  create();
  token_status(kService);
  ask("GET", "/alpha/.well-known/openid-configuration");
  const auto all = get("/v1/issuers/alpha/requests");
  EXPECT_EQ(all.json.at("requests").size(), 2U);
  EXPECT_EQ(all.text.find("s3cr3t"), std::string::npos);
  EXPECT_EQ(get("/v1/issuers/alpha/requests?endpoint=token").json.at("requests").size(), 1U);
  EXPECT_EQ(get("/v1/issuers/alpha/requests?since=1").json.at("requests").at(0).at("endpoint"), "discovery");
}

TEST_F(ControlCalls, WaitsForRequests) {
  create();
  Answer answer;
  std::thread waiter{[&] { answer = get("/v1/issuers/alpha/requests/wait?endpoint=token&count=2&timeout=60"); }};
  token_status(kService);
  token_status(kService);
  waiter.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json.at("requests").size(), 2U);
}

TEST_F(ControlCalls, EndsAWaitWithItsIssuer) {
  create();
  Answer answer;
  std::thread waiter{[&] { answer = get("/v1/issuers/alpha/requests/wait?timeout=60"); }};
  call("DELETE", "/v1/issuers/alpha");
  waiter.join();
  EXPECT_EQ(answer.status, 404);
}

TEST_F(ControlCalls, EndsAWaitWithTheServer) {
  create();
  control_.end_waits();
  EXPECT_EQ(get("/v1/issuers/alpha/requests/wait?timeout=60").status, 503);
}

TEST_F(ControlCalls, DecidesAnAuthorizationRequest) {
  create({{"config", {{"interaction", "api"}}}});
  const std::string url =
      "http://issuer.test/alpha/"
      "authorize?response_type=code&client_id=app&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback"
      "&scope=openid&state=xyz&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
  const auto decide = [&](const char* decision) {
    const auto answer = post("/v1/issuers/alpha/authorize", {{"url", url}, {"decision", decision}});
    const auto redirect = oidc::parse_url(answer.json.value("redirect_to", ""));
    return redirect ? *oidc::parse_form(redirect->query) : oidc::Form{};
  };
  EXPECT_EQ(decide("deny").value_or_empty("error"), "access_denied");
  EXPECT_NE(decide("approve").value_or_empty("code"), "");
  EXPECT_EQ(decide("approve").value_or_empty("state"), "xyz");
}

TEST_F(ControlCalls, DecidesADeviceGrant) {
  create();
  const auto grant = oidc::parse_json(ask("POST", "/alpha/device_authorization", "client_id=app").response.body);
  ASSERT_TRUE(grant && grant->contains("device_code"));
  const std::string poll =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=app&device_code=" +
      grant->at("device_code").get<std::string>();
  EXPECT_EQ(token_status(poll), 400);
  EXPECT_EQ(post("/v1/issuers/alpha/device", {{"decision", "approve"}}).status, 204);
  post("/v1/issuers/alpha/clock/advance", {{"seconds", 60}});
  EXPECT_EQ(token_status(poll), 200);
  const auto late = post("/v1/issuers/alpha/device", {{"decision", "deny"}});
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(late.json.at("detail"), "the device grant is over: its tokens were issued");
}

TEST_F(ControlCalls, MintsASessionAndShowsItsTokensByName) {
  create();
  const auto session = post("/v1/issuers/alpha/sessions", {{"issued_at", "2029-12-31T23:59:00Z"}});
  EXPECT_EQ(session.status, 201);
  const auto refresh = session.json.at("refresh_token").get<std::string>();
  const auto tokens = get("/v1/issuers/alpha/tokens");
  EXPECT_NE(tokens.text.find("\"rt#1\""), std::string::npos);
  EXPECT_EQ(tokens.text.find(refresh), std::string::npos);
  EXPECT_EQ(tokens.json.at("tokens").at(0).at("issued_at"), "2029-12-31T23:59:00.000Z");
  EXPECT_EQ(tokens.json.at("tokens").at(0).at("live"), true);
}

TEST_F(ControlCalls, RevokesATokenByName) {
  create();
  const auto session = post("/v1/issuers/alpha/sessions", Json::object()).json;
  EXPECT_EQ(post("/v1/issuers/alpha/tokens/revoke", {{"token", "rt#1"}}).status, 204);
  EXPECT_EQ(token_status(oidc::Form{{"grant_type", "refresh_token"},
                                    {"client_id", "app"},
                                    {"refresh_token", session.at("refresh_token").get<std::string>()}}
                             .encode()),
            400);
}

TEST_F(ControlCalls, ExpiresATokenByName) {
  create();
  post("/v1/issuers/alpha/sessions", Json::object());
  const auto life = [&](const std::string& name) {
    const auto tokens = get("/v1/issuers/alpha/tokens").json.at("tokens");
    for (const auto& token : tokens) {
      if (token.at("name") == name) {
        return token.contains("live") ? token.at("live").dump() : "none";
      }
    }
    return std::string{"no such token"};
  };
  EXPECT_EQ(life("at#1"), "true");
  EXPECT_EQ(post("/v1/issuers/alpha/tokens/expire", {{"token", "at#1"}}).status, 204);
  EXPECT_EQ(life("at#1"), "false");
  EXPECT_EQ(life("rt#1"), "true");
  EXPECT_EQ(life("id#1"), "none");
}

TEST_F(ControlCalls, RotatesKeys) {
  create();
  const auto jwks = [&] { return ask("GET", "/alpha/jwks").response.body; };
  const auto before = jwks();
  const auto kid = call("POST", "/v1/issuers/alpha/keys/rotate").json.at("kid").get<std::string>();
  EXPECT_EQ(before.find(kid), std::string::npos);
  EXPECT_NE(jwks().find(kid), std::string::npos);
}

}  // namespace
}  // namespace mockserver
