// What changes an issuer while it runs: clients, users, resources, configuration, reset.

#include <thread>
#include <vector>

#include "control_fixture.hpp"
#include "oidc/url.hpp"

namespace mockserver {
namespace {

using oidc::Json;

class RegistryCalls : public testing_support::ControlTest {
 protected:
  void SetUp() override { post("/v1/issuers", {{"name", "alpha"}, {"clock", "2030-01-01T00:00:00Z"}}); }

  Answer put(const std::string& path, const Json& body) { return call("PUT", path, oidc::to_text(body)); }
  Answer patch(const Json& body) { return call("PATCH", kAlpha, oidc::to_text(body)); }
  Json token(const std::string& form) { return *oidc::parse_json(ask("POST", "/alpha/token", form).response.body); }
  Json service() { return token(kService); }
  Json login() { return post(std::string{kAlpha} + "/sessions", Json::object()).json; }
  int refreshed(const Json& session) {
    return ask("POST", "/alpha/token",
               "grant_type=refresh_token&client_id=app&refresh_token=" +
                   oidc::form_encode(session.at("refresh_token").get<std::string>()))
        .response.status;
  }

  static constexpr const char* kAlpha = "/v1/issuers/alpha";
  static constexpr const char* kService =
      "grant_type=client_credentials&client_id=service-post&client_secret=s3cr3t%3A%2F%25%C3%A9%2B";
};

TEST_F(RegistryCalls, AClientComesAndGoes) {
  const std::string form = "grant_type=client_credentials&client_id=late&client_secret=pa55word-late";
  EXPECT_EQ(token(form).value("error", ""), "invalid_client");
  const Json late = {{"auth", "client_secret_post"}, {"secret", "pa55word-late"}};
  EXPECT_EQ(put("/v1/issuers/alpha/clients/late", late).status, 201);
  EXPECT_TRUE(token(form).contains("access_token"));
  EXPECT_EQ(put("/v1/issuers/alpha/clients/late", {{"auth", "client_secret_post"}, {"secret", "other"}}).status, 204);
  EXPECT_EQ(token(form).value("error", ""), "invalid_client");
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha/clients/late").status, 204);
  const auto again = call("DELETE", "/v1/issuers/alpha/clients/servce");
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(again.json.value("suggestion", ""), "service");
}

TEST_F(RegistryCalls, ALateSecretIsNoMoreToldThanAnother) {
  put("/v1/issuers/alpha/clients/late", {{"auth", "client_secret_post"}, {"secret", "pa55word-late"}});
  token("grant_type=client_credentials&client_id=late&client_secret=pa55word-late");
  for (const char* path : {"/clients", "/requests", "/tokens", ""}) {
    EXPECT_EQ(get(std::string{kAlpha} + path).text.find("pa55word-late"), std::string::npos) << path;
  }
  EXPECT_NE(get("/v1/issuers/alpha/clients").text.find("\"late\""), std::string::npos);
}

TEST_F(RegistryCalls, NorIsOneThatAPatchBrings) {
  patch({{"clients", {{{"id", "late"}, {"auth", "client_secret_post"}, {"secret", "pa55word-late"}}}}});
  // Where no parameter's name says that its value is a secret.
  token("grant_type=client_credentials&client_id=pa55word-late&scope=pa55word-late");
  EXPECT_EQ(get(std::string{kAlpha} + "/requests").text.find("pa55word-late"), std::string::npos);
}

TEST_F(RegistryCalls, AProblemIsToldByItsPlaceAndChangesNothing) {
  const auto wrong = put("/v1/issuers/alpha/clients/late", {{"auht", "none"}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.json.at("pointer"), "/auht");
  EXPECT_EQ(wrong.json.at("detail").get<std::string>().find("unknown key"), 0U) << wrong.json;
  EXPECT_EQ(put("/v1/issuers/alpha/clients/late", {{"id", "early"}}).json.at("pointer"), "/id");
  EXPECT_EQ(get("/v1/issuers/alpha/clients").text.find("\"late\""), std::string::npos);
}

TEST_F(RegistryCalls, UsersChangeTheirClaimsWhileTheIssuerRuns) {
  const auto session = post(std::string{kAlpha} + "/sessions", {{"scopes", {"openid", "email"}}}).json;
  const auto userinfo = [&] {
    return *oidc::parse_json(
        issuers_
            .handle({.method = "GET",
                     .url = "http://issuer.test/alpha/userinfo",
                     .headers = {{"Authorization", "Bearer " + session.at("access_token").get<std::string>()}},
                     .body = ""})
            .response.body);
  };
  EXPECT_EQ(put("/v1/issuers/alpha/users/user-1", {{"claims", {{"email", "new@example.org"}}}}).status, 204);
  EXPECT_EQ(userinfo().at("email"), "new@example.org");
  EXPECT_EQ(put("/v1/issuers/alpha/users/user-2", {{"password", "hidden-word"}}).status, 201);
  EXPECT_EQ(get("/v1/issuers/alpha/users").json.at("users").size(), 2U);
  EXPECT_EQ(get("/v1/issuers/alpha/users").text.find("hidden-word"), std::string::npos);
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha/users/user-1").status, 204);
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha/users/user-2").status, 409);
}

TEST_F(RegistryCalls, ResourcesComeAndGo) {
  EXPECT_EQ(put("/v1/issuers/alpha/resources/orders", {{"scopes", {"api"}}}).status, 201);
  EXPECT_EQ(put("/v1/issuers/alpha/resources/orders", {{"scopes", {"profile"}}}).status, 204);
  EXPECT_EQ(get("/v1/issuers/alpha/resources").json.at("resources"),
            Json::array({{{"path", "/"}, {"scopes", Json::array()}}, {{"path", "/orders"}, {"scopes", {"profile"}}}}));
  EXPECT_EQ(put("/v1/issuers/alpha/resources/x", {{"scope", "api"}}).json.at("pointer"), "/scope");
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha/resources/orders").status, 204);
  EXPECT_EQ(call("DELETE", "/v1/issuers/alpha/resources/orders").status, 404);
}

TEST_F(RegistryCalls, APatchChangesWhatItNamesAndNothingElse) {
  EXPECT_EQ(patch({{"lifetimes", {{"access", 7}, {"refresh", 60}}}}).status, 200);
  EXPECT_EQ(service().at("expires_in"), 7);
  EXPECT_EQ(patch({{"lifetimes", {{"access", 9}}}}).status, 200);
  EXPECT_EQ(service().at("expires_in"), 9);
  const auto session = login();
  post("/v1/issuers/alpha/clock/advance", {{"seconds", 60}});
  EXPECT_EQ(refreshed(session), 400);  // the lifetime of refresh tokens is still 60
  EXPECT_EQ(patch({{"lifetimes", {{"access", nullptr}}}}).status, 200);
  EXPECT_EQ(service().at("expires_in"), 3600);
}

TEST_F(RegistryCalls, APatchedListReplacesTheClients) {
  put("/v1/issuers/alpha/clients/late", Json::object());
  EXPECT_EQ(patch({{"refresh", "same"}}).status, 200);
  EXPECT_EQ(get("/v1/issuers/alpha/clients").json.at("clients").size(), 5U);
  EXPECT_EQ(patch({{"clients", {{{"id", "only"}}}}}).json.at("clients").size(), 1U);
}

TEST_F(RegistryCalls, ABadPatchChangesNothing) {
  const auto bad = patch({{"lifetimes", {{"access", 7}}}, {"refrsh", "same"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.json.at("pointer"), "/refrsh");
  EXPECT_EQ(bad.json.at("suggestion"), "refresh");
  EXPECT_EQ(service().at("expires_in"), 3600);
  const auto settled = patch({{"seed", 5}});
  EXPECT_EQ(settled.status, 409);
  EXPECT_EQ(settled.json.at("pointer"), "/seed");
}

TEST_F(RegistryCalls, AResetIsOfWhatItNames) {
  const auto session = login();
  service();
  put("/v1/issuers/alpha/clients/late", Json::object());
  EXPECT_EQ(post("/v1/issuers/alpha/reset", {{"what", {"journal"}}}).status, 204);
  EXPECT_TRUE(get("/v1/issuers/alpha/requests").json.at("requests").empty());
  EXPECT_EQ(get("/v1/issuers/alpha/clients").json.at("clients").size(), 5U);
  EXPECT_EQ(refreshed(session), 200);
  EXPECT_EQ(post("/v1/issuers/alpha/reset", {{"what", {"jornal"}}}).json.at("suggestion"), "journal");
}

TEST_F(RegistryCalls, ARegistrationEndsWithItsClient) {
  patch({{"registration", true}});
  const auto send = [&](const std::string& method, const std::string& url, const oidc::Headers& headers,
                        const std::string& body) {
    return issuers_.handle({.method = method, .url = url, .headers = headers, .body = body}).response;
  };
  const auto registered = [&] {
    return oidc::parse_json(send("POST", "http://issuer.test/alpha/register", {{"Content-Type", "application/json"}},
                                 R"({"redirect_uris":["https://client.test/callback"]})")
                                .body)
        .value();
  };
  const auto status = [&](const Json& client) {
    return send("GET", client.at("registration_client_uri"),
                {{"Authorization", "Bearer " + client.at("registration_access_token").get<std::string>()}}, "")
        .status;
  };
  const auto one = registered();
  const auto other = registered();
  EXPECT_EQ(status(one), 200);
  call("DELETE", std::string{kAlpha} + "/clients/" + one.at("client_id").get<std::string>());
  EXPECT_EQ(status(one), 401);
  EXPECT_EQ(status(other), 200);
  post(std::string{kAlpha} + "/reset", {{"what", {"clients"}}});
  EXPECT_EQ(status(other), 401);
}

TEST_F(RegistryCalls, AResetOfTheScriptEndsItsSkew) {
  const auto date = [&] { return ask("GET", "/alpha/jwks").response.headers.get("Date"); };
  call("PUT", "/v1/issuers/alpha/clock", R"({"now":"2040-01-01T00:00:00Z"})");
  post("/v1/issuers/alpha/steps", {{"do", {{"skew", 86400}}}});
  EXPECT_EQ(date()->substr(0, 16), "Mon, 02 Jan 2040");
  EXPECT_EQ(date()->substr(0, 16), "Mon, 02 Jan 2040");
  EXPECT_EQ(post("/v1/issuers/alpha/reset", {{"what", {"script"}}}).status, 204);
  EXPECT_EQ(date()->substr(0, 16), "Sun, 01 Jan 2040");
}

TEST_F(RegistryCalls, ConcurrentResourcesAreAllKept) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j) {
        call("PUT", "/v1/issuers/alpha/resources/r" + std::to_string(i) + "-" + std::to_string(j),
             R"({"scopes":["api"]})");
      }
    });
  }
  for (auto& caller : callers) {
    caller.join();
  }
  EXPECT_GE(get("/v1/issuers/alpha/resources").json.at("resources").size(), 80U);
}

TEST_F(RegistryCalls, AResetOfTokensEndsThemAll) {
  const auto session = login();
  post("/v1/issuers/alpha/reset", {{"what", {"tokens"}}});
  EXPECT_EQ(refreshed(session), 400);
  EXPECT_EQ(refreshed(login()), 200);
}

TEST_F(RegistryCalls, AResetWithoutMoreIsANewStart) {
  login();
  put("/v1/issuers/alpha/clients/late", Json::object());
  patch({{"lifetimes", {{"access", 7}}}});
  post("/v1/issuers/alpha/steps", {{"do", {{"status", 503}}}});
  ask("GET", "/alpha/nowhere");
  EXPECT_EQ(call("POST", "/v1/issuers/alpha/reset").status, 204);
  EXPECT_EQ(get("/v1/issuers/alpha/verdict").json.at("as_expected"), true);
  EXPECT_EQ(get("/v1/issuers/alpha/clients").json.at("clients").size(), 4U);
  EXPECT_EQ(service().at("expires_in"), 3600);
}

TEST_F(RegistryCalls, DefaultsLieBelowEveryNewIssuer) {
  Control control{issuers_, ControlOptions{.defaults = {{"lifetimes", {{"access", 11}, {"refresh", 60}}}}}};
  const auto made = control.handle({.method = "POST",
                                    .url = "http://c/v1/issuers",
                                    .headers = {},
                                    .body = R"({"name": "beta", "config": {"lifetimes": {"refresh": 70}}})"});
  EXPECT_EQ(made.reply.response.status, 201);
  EXPECT_EQ(issuers_.find("beta")->config().lifetimes.access, std::chrono::seconds{11});
  EXPECT_EQ(issuers_.find("beta")->config().lifetimes.refresh, std::chrono::seconds{70});
}

}  // namespace
}  // namespace mockserver
