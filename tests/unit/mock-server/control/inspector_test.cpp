#include <gmock/gmock.h>

#include "control_fixture.hpp"

namespace mockserver::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class InspectorTest : public ControlTest {
 protected:
  void SetUp() override { post("/v1/issuers", {{"name", "main"}, {"clock", "2030-01-01T00:00:00Z"}}); }

  oidc::Json password_login() {
    const std::string body = "grant_type=password&client_id=app&scope=openid+offline_access&username=user-1&password=" +
                             std::string{"p4ss%3A%2F%25%C3%B6%2B+word"};
    return oidc::parse_json(ask("POST", "/main/token", body).response.body).value();
  }
  std::string refresh(const oidc::Json& tokens) {
    return ask("POST", "/main/token",
               "grant_type=refresh_token&client_id=app&refresh_token=" + tokens.value("refresh_token", ""))
        .response.body;
  }
};

TEST_F(InspectorTest, ThePageBringsItsOwnScriptAndStyleAndNothingElse) {
  const auto page = get("/inspector");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.headers.get("Content-Type").value(), StartsWith("text/html"));
  EXPECT_THAT(page.headers.get("Content-Security-Policy").value(), HasSubstr("script-src 'self'"));
  EXPECT_THAT(page.text, Not(HasSubstr("http")));
  for (const char* file : {"/inspector/inspector.js", "/inspector/inspector.css"}) {
    EXPECT_THAT(page.text, HasSubstr(file));
    EXPECT_EQ(get(file).status, 200) << file;
  }
  EXPECT_THAT(get("/inspector/inspector.js").text, Not(HasSubstr("innerHTML")))
      << "the journal holds what strangers sent";
}

TEST_F(InspectorTest, EventsAreTheExchangesAfterTheLastOne) {
  ask("GET", "/main/jwks");
  ask("GET", "/main/nowhere");
  const auto all = get("/v1/issuers/main/events");
  EXPECT_EQ(all.headers.get("Content-Type"), "text/event-stream");
  EXPECT_THAT(all.text, HasSubstr("id: 1\nevent: exchange\ndata: {"));
  EXPECT_THAT(all.text, HasSubstr("\"path\":\"/nowhere\""));
  const auto rest = call("GET", "/v1/issuers/main/events", "", {{"Last-Event-ID", "1"}});
  EXPECT_THAT(rest.text, Not(HasSubstr("id: 1\n")));
  EXPECT_THAT(rest.text, HasSubstr("id: 2\n"));
  EXPECT_EQ(get("/v1/issuers/main/events?since=1").text, rest.text);
}

TEST_F(InspectorTest, AStreamOpensAtOnceAndEndsWithTheServer) {
  EXPECT_EQ(get("/v1/issuers/main/events").text, "retry: 100\n\nid: 0\n\n");
  control_.end_waits();
  EXPECT_EQ(get("/v1/issuers/main/events?since=0").status, 503);
}

TEST_F(InspectorTest, ATokenIsShownDecodedWithoutItsSignature) {
  const auto tokens = password_login();
  const auto shown = get("/v1/issuers/main/tokens/id%231");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.json.at("header").at("alg"), "RS256");
  EXPECT_EQ(shown.json.at("claims").at("sub"), "user-1");
  const std::string jwt = tokens.at("id_token");
  EXPECT_THAT(shown.text, Not(HasSubstr(jwt.substr(jwt.rfind('.') + 1))));
  EXPECT_EQ(get("/v1/issuers/main/tokens/at%231").json.at("header").at("typ"), "at+jwt");
  for (const char* name : {"rt%231", "secret%231", "at%237", "nonsense"}) {
    EXPECT_EQ(get("/v1/issuers/main/tokens/" + std::string{name}).status, 404) << name;
  }
}

TEST_F(InspectorTest, AnOpaqueTokenSaysNothing) {
  post("/v1/issuers", {{"name", "opaque"}, {"config", {{"access_token", "opaque"}}}});
  ASSERT_EQ(post("/v1/issuers/opaque/sessions", oidc::Json::object()).status, 201);
  EXPECT_EQ(get("/v1/issuers/opaque/tokens/at%231").json.at("opaque"), true);
}

TEST_F(InspectorTest, TheJournalBecomesAScenario) {
  ASSERT_EQ(post("/v1/issuers/main/steps", {{"id", "outage"},
                                            {"when", {{"endpoint", "token"}, {"grant", "refresh_token"}}},
                                            {"do", {{"error", "invalid_grant"}}}})
                .status,
            201);
  const auto tokens = password_login();
  post("/v1/issuers/main/clock/advance", {{"seconds", 3000}});
  refresh(tokens);
  refresh(tokens);
  const auto scenario = get("/v1/issuers/main/scenario");
  EXPECT_EQ(scenario.headers.get("Content-Type"), "application/yaml");
  EXPECT_THAT(scenario.text, HasSubstr("client: {flow: password, auth: none, scopes: [openid, offline_access]}\n"));
  EXPECT_THAT(scenario.text,
              HasSubstr("steps:\n"
                        "  - {do: login, expect: {ok: {access_token: at#1}}, statement: {id: RECORDED-1, level: MUST, "
                        "text: say the rule that this shows}, because: as recorded}\n"
                        "  - {advance: 3000}\n"
                        "  - {do: refresh, expect: {err: {oauth_error: invalid_grant}}, because: as recorded}\n"
                        "  - {do: refresh, expect: {ok: {access_token: at#2}}, because: as recorded}\n"));
  EXPECT_THAT(scenario.text, HasSubstr("order: [token, token, token]"));
  EXPECT_THAT(scenario.text, HasSubstr("\"id\":\"outage\""));
  EXPECT_THAT(scenario.text, Not(HasSubstr(tokens.at("refresh_token").get<std::string>())));
}

TEST_F(InspectorTest, AScenarioHasTheConfigurationWithoutClientsAndPasswords) {
  post("/v1/issuers", {{"name", "own"},
                       {"config",
                        {{"refresh", "same"},
                         {"users", {{{"sub", "ann"}, {"password", "pa55word"}}}},
                         {"clients", {{{"id", "web"}, {"auth", "client_secret_basic"}, {"secret", "w3bsecret"}}}}}}});
  post("/v1/issuers/own/steps",
       {{"consumed", "before"}, {"probability", 0.5}, {"optional", true}, {"do", {{"status", 503}}}});
  const auto scenario = get("/v1/issuers/own/scenario");
  EXPECT_THAT(scenario.text, HasSubstr("issuer: {\"refresh\":\"same\",\"users\":[{\"sub\":\"ann\"}]}\n"));
  EXPECT_THAT(scenario.text, HasSubstr("\"consumed\":\"before\""));
  EXPECT_THAT(scenario.text, HasSubstr("\"probability\":0.5"));
  EXPECT_THAT(scenario.text, Not(HasSubstr("pa55word")));
  EXPECT_THAT(scenario.text, Not(HasSubstr("w3bsecret")));
}

TEST_F(InspectorTest, AClientWritesNothingIntoTheScenarioButTexts) {
  const std::string broken = "x}\nissuer: {lenient: true}\nclient: {flow: x";
  ask("POST", "/main/token", oidc::Form{{"grant_type", broken}, {"scope", broken}, {"client_id", broken}}.encode());
  ask("POST", "/main/introspect", oidc::Form{{"token", "at#1" + broken}}.encode());
  const std::string text = get("/v1/issuers/main/scenario").text;
  EXPECT_THAT(text, Not(HasSubstr("\nissuer:")));
  EXPECT_THAT(text, HasSubstr("flow: \"x}\\nissuer: "));
  std::size_t clients = 0;
  for (auto at = text.find("\nclient:"); at != std::string::npos; at = text.find("\nclient:", at + 1)) {
    ++clients;
  }
  EXPECT_EQ(clients, 1U) << text;
}

TEST_F(InspectorTest, AScenarioOfALongScopeIsOneAllTheSame) {
  ask("POST", "/main/token", "grant_type=client_credentials&scope=" + std::string(1'000'000, 'a'));
  EXPECT_THAT(get("/v1/issuers/main/scenario").text, HasSubstr("scopes: ["));
}

}  // namespace
}  // namespace mockserver::testing_support
