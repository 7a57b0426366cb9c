// The journal over the control API: filters, waits, verification, lineage.

#include <atomic>
#include <thread>

#include "control_fixture.hpp"
#include "oidc/url.hpp"

namespace mockserver {
namespace {

using oidc::Json;

class JournalCalls : public testing_support::ControlTest {
 protected:
  void SetUp() override { post("/v1/issuers", {{"name", "alpha"}, {"clock", "2030-01-01T00:00:00Z"}}); }

  int token(const std::string& scope = "") {
    return ask("POST", "/alpha/token", std::string{kService} + (scope.empty() ? "" : "&scope=" + scope))
        .response.status;
  }
  std::size_t found(const std::string& query) {
    return get("/v1/issuers/alpha/requests?" + query).json.at("requests").size();
  }
  Json verified(const Json& expectation) {
    const auto answer = post("/v1/issuers/alpha/verify", expectation);
    EXPECT_EQ(answer.status, 200) << answer.text;
    return answer.json;
  }
  Json verdict() { return get("/v1/issuers/alpha/verdict").json; }

  static constexpr const char* kService =
      "grant_type=client_credentials&client_id=service-post&client_secret=s3cr3t%3A%2F%25%C3%A9%2B";
};

TEST_F(JournalCalls, FiltersByWhatCameAndWhatWasAnswered) {
  token("api");
  token("profile");
  token("nonsense");
  ask("GET", "/alpha/jwks");
  EXPECT_EQ(found("endpoint=token"), 3U);
  EXPECT_EQ(found("endpoint=token&status=200"), 2U);
  EXPECT_EQ(found("status=4xx"), 1U);
  EXPECT_EQ(found("grant=client_credentials&client=service-post"), 3U);
  EXPECT_EQ(found("form.scope=api"), 1U);
  EXPECT_EQ(found("reply.error=invalid_scope"), 1U);
  EXPECT_EQ(found("headers.content-type=application%2Fx-www-form-urlencoded&method=GET"), 1U);
  EXPECT_EQ(found("client_auth=client_secret_post"), 3U);
  EXPECT_EQ(found("path=%2Fjwks"), 1U);
  EXPECT_EQ(found("dropped=true"), 0U);
}

TEST_F(JournalCalls, PagesThroughWhatItHas) {
  for (int i = 0; i < 5; ++i) {
    token();
  }
  const auto page = get("/v1/issuers/alpha/requests?since=2&limit=2").json.at("requests");
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].at("seq"), 3);
  EXPECT_EQ(page[1].at("seq"), 4);
  EXPECT_EQ(get("/v1/issuers/alpha/requests?limit=many").status, 400);
  EXPECT_EQ(get("/v1/issuers/alpha/requests?endpiont=token").json.at("suggestion"), "endpoint");
}

TEST_F(JournalCalls, ASecretMayBeGivenByItsValueOrItsName) {
  const auto session = post("/v1/issuers/alpha/sessions", Json::object()).json;
  const auto refresh = session.at("refresh_token").get<std::string>();
  ask("POST", "/alpha/token", "grant_type=refresh_token&client_id=app&refresh_token=" + oidc::form_encode(refresh));
  EXPECT_EQ(found("form.refresh_token=" + oidc::form_encode(refresh)), 1U);
  EXPECT_EQ(found("form.refresh_token=rt%231"), 1U);
  const auto answer = verified({{"match", {{"form", {{"refresh_token", refresh}}}}}});
  EXPECT_EQ(answer.at("ok"), true);
  EXPECT_EQ(answer.dump().find(refresh), std::string::npos);
}

TEST_F(JournalCalls, AWaitEndsWithItsIssuer) {
  Answer answer;
  // Until the deletion falls into the wait, and not before it.
  while (answer.text.find("during the wait") == std::string::npos) {
    std::atomic<bool> calls = false;
    std::thread waiter{[&] {
      calls = true;
      answer = get("/v1/issuers/alpha/requests/wait?endpoint=par&timeout=10");
    }};
    while (!calls) {
      std::this_thread::yield();
    }
    call("DELETE", "/v1/issuers/alpha");
    waiter.join();
    ASSERT_EQ(answer.status, 404) << "408 would be the end of its time";
    post("/v1/issuers", {{"name", "alpha"}});
  }
}

TEST_F(JournalCalls, WaitsForTheNthThatFits) {
  Answer answer;
  std::thread waiter{
      [&] { answer = get("/v1/issuers/alpha/requests/wait?endpoint=token&form.scope=api&count=2&timeout=60"); }};
  token("profile");
  token("api");
  token("profile");
  token("api");
  waiter.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json.at("requests").size(), 2U);
  EXPECT_EQ(get("/v1/issuers/alpha/requests/wait?since=4&timeout=0").status, 408);
  EXPECT_EQ(get("/v1/issuers/alpha/requests/wait?since=3&timeout=0").status, 200);
}

TEST_F(JournalCalls, VerifiesAndExplainsWhatCameClosest) {
  token("api");
  EXPECT_EQ(verified({{"match", {{"endpoint", "token"}, {"form", {{"scope", "api"}}}}}, {"count", 1}}).at("ok"), true);
  const auto missed = verified({{"match", {{"endpoint", "token"}, {"form", {{"scope", "openid"}}}}}, {"count", 1}});
  EXPECT_EQ(missed.at("ok"), false);
  EXPECT_EQ(missed.at("problems"), Json::array({"0 requests matched, expected 1"}));
  EXPECT_EQ(missed.at("near_misses").at(0).at("differences"),
            Json::array({{{"field", "form.scope"}, {"expected", "openid"}, {"actual", "api"}}}));
}

TEST_F(JournalCalls, AFailedExpectationFailsTheVerdictUntilItHolds) {
  EXPECT_EQ(verdict().at("as_expected"), true);
  const Json expectation = {{"id", "one token"}, {"match", {{"endpoint", "token"}}}, {"count", 1}};
  EXPECT_EQ(verified(expectation).at("ok"), false);
  EXPECT_EQ(verdict().at("as_expected"), false);
  EXPECT_EQ(verdict().at("failed_expectations").at(0).at("id"), "one token");
  token();
  EXPECT_EQ(verified(expectation).at("ok"), true);
  EXPECT_EQ(verdict().at("as_expected"), true);
  EXPECT_EQ(verdict().at("failed_expectations"), Json::array());
}

TEST_F(JournalCalls, AnUnmatchedRequestFailsTheVerdict) {
  ask("GET", "/alpha/nowhere");
  EXPECT_EQ(verdict().at("as_expected"), false);
  EXPECT_EQ(verdict().at("unmatched_requests").at(0).at("path"), "/nowhere");
}

TEST_F(JournalCalls, ABadExpectationIsToldByItsPlace) {
  const auto pointer = [&](const Json& body) {
    const auto answer = post("/v1/issuers/alpha/verify", body);
    EXPECT_EQ(answer.status, 400);
    return answer.json.value("pointer", "");
  };
  EXPECT_EQ(pointer({{"match", {{"endpiont", "token"}}}}), "/match/endpiont");
  EXPECT_EQ(pointer({{"count", "many"}}), "/count");
  EXPECT_EQ(pointer({{"match", {{"path", {{"re", "["}}}}}}), "/match/path/re");
  EXPECT_EQ(pointer({{"order", {Json::object(), {{"form", {{"a", {{"re", "["}}}}}}}}}), "/order/1/form/a/re");
  EXPECT_EQ(verdict().at("as_expected"), true);
}

TEST_F(JournalCalls, LineageIsAFamilyForEachLogin) {
  const auto session = post("/v1/issuers/alpha/sessions", Json::object()).json;
  ask("POST", "/alpha/token",
      "grant_type=refresh_token&client_id=app&refresh_token=" +
          oidc::form_encode(session.at("refresh_token").get<std::string>()));
  token();
  const auto families = get("/v1/issuers/alpha/lineage").json.at("families");
  std::map<std::string, std::pair<std::string, bool>> all;
  std::map<std::string, std::string> family_of;
  for (const auto& family : families) {
    for (const auto& member : family.at("members")) {
      all[member.at("name")] = {member.at("parent"), member.value("live", false)};
      family_of[member.at("name")] = family.at("root");
    }
  }
  EXPECT_EQ(all.at("rt#2").first, "rt#1");
  EXPECT_TRUE(all.at("rt#2").second);
  EXPECT_FALSE(all.at("rt#1").second);
  EXPECT_EQ(family_of.at("rt#2"), family_of.at("rt#1"));
  EXPECT_NE(family_of.at("at#3"), family_of.at("rt#1"));
}

}  // namespace
}  // namespace mockserver
