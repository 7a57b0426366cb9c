// What a web page could make a browser send to the control API.

#include "control_fixture.hpp"

namespace mockserver {
namespace {

using testing_support::ControlTest;

struct FieldCase {
  const char* name;
  const char* value;
  int status;
};
std::string name_of(const ::testing::TestParamInfo<FieldCase>& test) {
  return test.param.name;
}

class HostTest : public ControlTest, public ::testing::WithParamInterface<FieldCase> {};

TEST_P(HostTest, MayNotBeANameThatSomebodyRegistered) {
  const auto answer = call("GET", "/v1/health", "", {{"Host", GetParam().value}});
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.headers.get("Content-Type"),
            GetParam().status == 200 ? "application/json" : "application/problem+json");
}
constexpr FieldCase kHosts[] = {
    {"OwnAddress", "127.0.0.1:8080", 200},
    {"Localhost", "localhost:8080", 200},
    {"Ipv6", "[::1]:8080", 200},
    {"AnotherAddress", "172.17.0.2", 200},
    {"BelowLocalhost", "assay.localhost:8080", 200},
    {"InCapitals", "LOCALHOST", 200},
    {"OneLabel", "evil", 421},
    {"OneLabelAndPort", "assay:8080", 421},
    {"LooksLikeLocalhost", "evillocalhost", 421},
    {"LocalhostOfSomebody", "localhost.evil.test", 421},
    {"Rebound", "evil.test:8080", 421},
    {"LooksLikeAnAddress", "127.0.0.1.evil.test", 421},
    {"TrailingDot", "evil.", 421},
    {"Empty", "", 421},
    {"Path", "127.0.0.1/evil", 421},
};
INSTANTIATE_TEST_SUITE_P(Rebinding, HostTest, ::testing::ValuesIn(kHosts), name_of);

class ContentTypeTest : public ControlTest, public ::testing::WithParamInterface<FieldCase> {};

TEST_P(ContentTypeTest, OfAFormIsRefused) {
  const auto answer = call("POST", "/v1/issuers", R"({"name":"alpha"})", {{"Content-Type", GetParam().value}});
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(issuers_.names().size(), GetParam().status == 201 ? 1U : 0U);
}
constexpr FieldCase kTypes[] = {
    {"Json", "application/json", 201},
    {"JsonWithCharset", "application/json; charset=utf-8", 201},
    {"Text", "text/plain", 415},
    {"TextWithCharset", "Text/Plain;charset=UTF-8", 415},
    {"Form", "application/x-www-form-urlencoded", 415},
    {"Multipart", "multipart/form-data; boundary=x", 415},
};
INSTANTIATE_TEST_SUITE_P(SimpleTypes, ContentTypeTest, ::testing::ValuesIn(kTypes), name_of);

class OriginTest : public ControlTest, public ::testing::WithParamInterface<FieldCase> {};

TEST_P(OriginTest, OfAnotherServerIsRefusedWhateverTheBody) {
  const auto answer = call("POST", "/v1/issuers", "", {{"Host", "127.0.0.1:8080"}, {"Origin", GetParam().value}});
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(issuers_.names().size(), GetParam().status == 201 ? 1U : 0U);
}
constexpr FieldCase kOrigins[] = {
    {"Own", "http://127.0.0.1:8080", 201},
    {"OwnBehindAProxy", "https://127.0.0.1:8080", 201},
    {"AnotherPort", "http://127.0.0.1:8081", 403},
    {"AnotherHost", "https://evil.test", 403},
    {"Sandboxed", "null", 403},
};
INSTANTIATE_TEST_SUITE_P(Pages, OriginTest, ::testing::ValuesIn(kOrigins), name_of);

/// What a browser says of a request that a page made it send.
struct FetchCase {
  const char* name;
  const char* method;
  const char* site;
  const char* mode;
  const char* dest;
  int status;
};
class FetchMetadataTest : public ControlTest, public ::testing::WithParamInterface<FetchCase> {};

TEST_P(FetchMetadataTest, RequestsOfOtherPagesAreRefused) {
  const auto& [name, method, site, mode, dest, status] = GetParam();
  const auto answer =
      call(method, "/v1/issuers", "", {{"Sec-Fetch-Site", site}, {"Sec-Fetch-Mode", mode}, {"Sec-Fetch-Dest", dest}});
  EXPECT_EQ(answer.status, status) << answer.text;
}
constexpr FetchCase kFetches[] = {
    {"NoCorsFetch", "GET", "cross-site", "no-cors", "empty", 403},
    {"Image", "GET", "cross-site", "no-cors", "image", 403},
    {"Script", "GET", "cross-site", "no-cors", "script", 403},
    {"AnotherPortOfThisHost", "GET", "same-site", "no-cors", "image", 403},
    {"CorsFetch", "GET", "cross-site", "cors", "empty", 403},
    {"Frame", "GET", "cross-site", "navigate", "iframe", 403},
    {"PostedForm", "POST", "cross-site", "navigate", "document", 403},
    {"Link", "GET", "cross-site", "navigate", "document", 200},
    {"TypedIn", "GET", "none", "navigate", "document", 200},
    {"OwnPage", "GET", "same-origin", "cors", "empty", 200},
};
INSTANTIATE_TEST_SUITE_P(Pages, FetchMetadataTest, ::testing::ValuesIn(kFetches),
                         [](const auto& test) { return std::string{test.param.name}; });

class ControlTokenTest : public ControlTest {
 protected:
  int status(const std::string& path, const oidc::Headers& headers) {
    return guarded_.handle({.method = "GET", .url = "http://127.0.0.1:1" + path, .headers = headers, .body = ""})
        .reply.response.status;
  }
  Control guarded_{issuers_, ControlOptions{.token = "let-me-in"}};
};

TEST_F(ControlTokenTest, OnlyWhoKnowsItMayCall) {
  EXPECT_EQ(status("/v1/issuers", {}), 401);
  EXPECT_EQ(status("/v1/issuers", {{"Authorization", "Bearer let-me-out"}}), 401);
  EXPECT_EQ(status("/v1/issuers", {{"Authorization", "Bearer let-me-in"}}), 200);
  // "anybody:let-me-in", as a browser sends what a person typed
  EXPECT_EQ(status("/v1/issuers", {{"Authorization", "Basic YW55Ym9keTpsZXQtbWUtaW4="}}), 200);
  EXPECT_EQ(status("/v1/issuers", {{"Authorization", "Basic YW55Ym9keTp3cm9uZw=="}}), 401);
  EXPECT_EQ(status("/nowhere", {}), 401);
}

TEST_F(ControlTokenTest, ARefusalSaysHowToShowIt) {
  const auto reply = guarded_.handle({.method = "GET", .url = "http://c/v1", .headers = {}, .body = ""}).reply.response;
  EXPECT_EQ(reply.headers.count("WWW-Authenticate"), 2U);
  EXPECT_EQ(reply.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(reply.body.find("let-me-in"), std::string::npos);
}

TEST_F(ControlTokenTest, APageOfAnotherServerMayNotUseThePasswordThatTheBrowserKnows) {
  const oidc::Headers known = {{"Authorization", "Basic YW55Ym9keTpsZXQtbWUtaW4="}, {"Host", "assay.test"}};
  oidc::Headers other = known;
  other.add("Origin", "https://evil.test");
  EXPECT_EQ(status("/v1/issuers", other), 403);
  oidc::Headers own = known;
  own.add("Origin", "https://assay.test");
  EXPECT_EQ(status("/v1/issuers", own), 200);
  oidc::Headers hidden = known;
  hidden.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(status("/v1/issuers", hidden), 403) << "without an Origin, as an image";
  EXPECT_EQ(status("/v1/issuers", {{"Authorization", "Bearer let-me-in"}, {"Origin", "https://elsewhere.test"}}), 200)
      << "no page has the token by chance";
}

TEST_F(ControlTokenTest, HealthIsForEverybody) {
  EXPECT_EQ(status("/v1/health", {}), 200);
}

TEST_F(ControlTokenTest, WhoKnowsItMayComeByAnyName) {
  EXPECT_EQ(status("/v1", {{"Host", "assay.internal.example"}, {"Authorization", "Bearer let-me-in"}}), 200);
}

}  // namespace
}  // namespace mockserver
