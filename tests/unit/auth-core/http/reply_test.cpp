#include "http/reply.hpp"

#include <chrono>
#include <ostream>

#include "fake_transport.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::json_reply;
using oidc::test::judges;
using testing::HasSubstr;
using testing::Not;

oidc::Result<oidc::Json> judge(const oidc::HttpResponse& response, std::vector<std::string> secrets = {}) {
  return read_json({.response = response, .endpoint = "token endpoint", .secrets = std::move(secrets)});
}

oidc::HttpResponse typed(int status, std::string type, std::string body) {
  return {status, {{"Content-Type", std::move(type)}}, std::move(body)};
}

struct ReplyCase {
  const char* name;
  int status;
  const char* type;
  const char* body;
  Errc expected;
  bool definite;
};
void PrintTo(const ReplyCase& c, std::ostream* out) {
  *out << c.name;
}
class BadReply : public testing::TestWithParam<ReplyCase> {};

TEST_P(BadReply, IsClassified) {
  judges({"HTTP-007", "HTTP-009", "HTTP-011", "HTTP-012", "HTTP-013", "TOK-009", "W-13", "W-27"});
  const ReplyCase& c = GetParam();
  const auto result = judge(typed(c.status, c.type, c.body));
  ASSERT_THAT(result, FailsWith(c.expected));
  EXPECT_EQ(result.error().http_status, c.status);
  EXPECT_EQ(result.error().definite, c.definite);
  EXPECT_THAT(result.error().message, HasSubstr("token endpoint: "));
}

constexpr const char* kJson = "application/json";
INSTANTIATE_TEST_SUITE_P(
    Http, BadReply,
    testing::Values(ReplyCase{"invalid_grant", 400, kJson, R"({"error":"invalid_grant"})", Errc::kInvalidGrant, true},
                    ReplyCase{"access_denied", 400, kJson, R"({"error":"access_denied"})", Errc::kAccessDenied, true},
                    ReplyCase{"expired_token", 400, kJson, R"({"error":"expired_token"})", Errc::kDeviceCodeExpired,
                              true},
                    ReplyCase{"invalid_client", 401, kJson, R"({"error":"invalid_client"})", Errc::kOAuthError, true},
                    ReplyCase{"error_in_a_200", 200, kJson, R"({"error":"invalid_grant","access_token":"x"})",
                              Errc::kInvalidGrant, true},
                    ReplyCase{"second_error_shape", 400, kJson, R"({"errorCode":"E1"})", Errc::kOAuthError, true},
                    ReplyCase{"error_payload_before_status", 500, kJson, R"({"error":"invalid_grant"})",
                              Errc::kInvalidGrant, false},
                    ReplyCase{"error_of_a_wrong_type", 400, kJson, R"({"error":7})", Errc::kMalformedResponse, false},
                    ReplyCase{"error_with_a_quote", 400, kJson, R"({"error":"a\"b"})", Errc::kMalformedResponse, false},
                    ReplyCase{"server_error", 500, "text/html", "<html>", Errc::kServerError, false},
                    ReplyCase{"unavailable", 503, kJson, "{}", Errc::kServerError, false},
                    ReplyCase{"too_many", 429, kJson, "{}", Errc::kRateLimited, true},
                    ReplyCase{"too_many_as_payload", 429, kJson, R"({"error":"too_many"})", Errc::kRateLimited, true},
                    ReplyCase{"not_found", 404, "text/html", "<html>", Errc::kServer, true},
                    ReplyCase{"redirect", 302, "", "", Errc::kServer, true},
                    ReplyCase{"html", 200, "text/html", "<html>", Errc::kMalformedResponse, false},
                    ReplyCase{"json_as_text", 200, "text/plain", R"({"a":1})", Errc::kMalformedResponse, false},
                    ReplyCase{"jsonp", 200, "application/jsonp", R"({"a":1})", Errc::kMalformedResponse, false},
                    ReplyCase{"no_type", 200, "", R"({"a":1})", Errc::kMalformedResponse, false},
                    ReplyCase{"torn_json", 200, kJson, R"({"a":)", Errc::kMalformedResponse, false},
                    ReplyCase{"repeated_member", 200, kJson, R"({"a":1,"a":2})", Errc::kMalformedResponse, false},
                    ReplyCase{"list", 200, kJson, "[1]", Errc::kMalformedResponse, false},
                    ReplyCase{"null", 200, kJson, "null", Errc::kMalformedResponse, false},
                    ReplyCase{"empty_object", 200, kJson, "{}", Errc::kMalformedResponse, false},
                    ReplyCase{"empty_body", 200, kJson, "", Errc::kMalformedResponse, false}),
    [](const auto& tested) { return tested.param.name; });

TEST(Reply, TellsWhyItsErrorCodeIsNone) {
  const std::string telling = "token endpoint: the reply tells an error, but its code ";
  for (const auto& [code, why] : {std::pair{oidc::Json(""), "is empty"},
                                  {oidc::Json(7), "is not a string"},
                                  {oidc::Json(std::string(101, 'x')), "is too long"},
                                  {oidc::Json("a\"b"), "has characters that no code may have"},
                                  {oidc::Json("no rt-1 here"), "repeats a secret of the request"}}) {
    for (const char* member : {"error", "errorCode"}) {
      const auto judged = judge(json_reply(400, {{member, code}}), {"rt-1"});
      EXPECT_THAT(judged, FailsWith(Errc::kMalformedResponse));
      EXPECT_EQ(judged.error().message, telling + why);
    }
  }
}

TEST(Reply, IsReadWhateverItsJsonTypeIsCalled) {
  judges({"HTTP-011", "A-22", "W-26"});
  for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "application/jwk-set+json"}) {
    EXPECT_THAT(judge(typed(200, type, R"({"a":1})")), IsOk()) << type;
  }
}

TEST(Reply, TakesANullErrorForNone) {
  EXPECT_THAT(judge(json_reply(200, {{"error", nullptr}, {"access_token", "x"}})), IsOk());
}

TEST(Reply, IsRateLimitedAt503OnlyWithRetryAfter) {
  oidc::HttpResponse response{503, {{"Retry-After", "5"}}, ""};
  EXPECT_THAT(judge(response), FailsWith(Errc::kRateLimited));
}

TEST(Reply, TellsTheOAuthErrorAndItsDescription) {
  judges({"HTTP-010", "HTTP-009"});
  const auto result = judge(json_reply(401, {{"error", "invalid_client"}, {"error_description", "no such client"}}));
  ASSERT_THAT(result, FailsWith(Errc::kOAuthError));
  EXPECT_EQ(result.error().oauth_error, "invalid_client");
  EXPECT_EQ(result.error().message, "token endpoint: invalid_client (no such client)");
}

TEST(Reply, TellsTheErrorOfTheOtherShape) {
  judges({"HTTP-010"});
  const auto result = judge(json_reply(403, {{"errorCode", "E0000006"}, {"errorSummary", "not permitted"}}));
  ASSERT_THAT(result, FailsWith(Errc::kOAuthError));
  EXPECT_EQ(result.error().oauth_error, "E0000006");
  EXPECT_EQ(result.error().message, "token endpoint: E0000006 (not permitted)");
}

TEST(Reply, OfAnotherStatusTellsEndpointAndStatus) {
  judges({"HTTP-010"});
  EXPECT_EQ(judge(typed(404, "text/html", "<html>")).error().message, "token endpoint: HTTP 404");
}

TEST(Reply, IsRateLimitedAt413OnlyWithRetryAfter) {
  judges({"HTTP-004"});
  EXPECT_THAT(judge({413, {{"Retry-After", "5"}}, ""}), FailsWith(Errc::kRateLimited));
  EXPECT_THAT(judge({413, {}, ""}), FailsWith(Errc::kServer));
}

TEST(ReplySuccess, NeedsNoContent) {
  judges({"REV-003"});
  for (const oidc::HttpResponse& response :
       {oidc::HttpResponse{200, {}, ""}, typed(204, "", ""), typed(299, kJson, "[]"), typed(200, kJson, "{")}) {
    EXPECT_THAT(check_success({.response = response, .endpoint = "e"}), IsOk()) << response.body;
  }
  EXPECT_THAT(check_success({.response = typed(200, kJson, R"({"error":"x"})"), .endpoint = "e"}),
              FailsWith(Errc::kOAuthError));
  EXPECT_THAT(check_success({.response = typed(300, "", ""), .endpoint = "e"}), FailsWith(Errc::kServer));
}

TEST(ReplyMessage, HoldsPrintableAsciiOnly) {
  const auto result = judge(json_reply(400, {{"error", "e"}, {"error_description", "a\x1b[31m\r\nb\xc3\xa9"}}));
  EXPECT_EQ(result.error().message, "token endpoint: e (a[31mb)");
}

TEST(ReplyMessage, HoldsAtMost200CharactersOfTheDescription) {
  const auto at = judge(json_reply(400, {{"error", "e"}, {"error_description", std::string(200, 'x')}}));
  const auto beyond = judge(json_reply(400, {{"error", "e"}, {"error_description", std::string(201, 'x')}}));
  EXPECT_EQ(at.error().message, "token endpoint: e (" + std::string(200, 'x') + ")");
  EXPECT_EQ(beyond.error().message, at.error().message);
}

TEST(ReplyMessage, NeverHoldsTheBody) {
  EXPECT_THAT(judge(typed(500, "text/html", "<b>hello</b>")).error().message, Not(HasSubstr("hello")));
  EXPECT_THAT(judge(typed(200, "text/html", "<b>hello</b>")).error().message, Not(HasSubstr("hello")));
}

class SentSecret : public testing::TestWithParam<const char*> {};

TEST_P(SentSecret, IsNotRepeated) {
  oidc::HttpRequest request{"POST", "https://as.test", {}, ""};
  request.body = "refresh_token=rt%2F1+x&code=code1&client_secret=post-secret&device_code=dc1&code_verifier=v1";
  request.headers.add("Authorization", "Basic " + oidc::base64_encode("id:basic%2Fsecret"));
  const std::string text = GetParam();
  const auto result =
      judge(json_reply(400, {{"error", "e"}, {"error_description", "no " + text + " here"}}), secrets_of(request));
  EXPECT_EQ(result.error().message, "token endpoint: e");
  const auto as_code = judge(json_reply(400, {{"error", text}}), secrets_of(request));
  EXPECT_THAT(as_code, FailsWith(Errc::kMalformedResponse, Not(HasSubstr(text))));
}

INSTANTIATE_TEST_SUITE_P(Message, SentSecret,
                         testing::Values("rt/1 x", "rt%2F1+x", "rt%2F1%20x", "code1", "post-secret", "dc1", "v1",
                                         "basic/secret", "basic%2Fsecret"));

TEST(Reply, OfARegisteredCodeIsReadThoughAShortSecretOccursInIt) {
  EXPECT_EQ(judge(json_reply(400, {{"error", "authorization_pending"}}), {"d"}).error().oauth_error,
            "authorization_pending");
}

TEST(ReplyMessage, FindsASecretThatControlCharactersHide) {
  EXPECT_EQ(printable("a sec\x01ret", {"secret"}), "");
}

}  // namespace
}  // namespace authcore
