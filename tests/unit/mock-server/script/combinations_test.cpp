// Steps that could never have their effect are refused, and why.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mockserver/script.hpp"

namespace mockserver {
namespace {

struct Pointless {
  const char* name;
  const char* json;
  const char* pointer;
  const char* hint;
};
class PointlessStepTest : public testing::TestWithParam<Pointless> {};

TEST_P(PointlessStepTest, IsRefusedWithItsReason) {
  const auto parsed = parse_step(oidc::parse_json(GetParam().json).value(), 1);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, oidc::Errc::kBadInput);
  EXPECT_THAT(parsed.error().message, testing::StartsWith(GetParam().pointer));
  EXPECT_THAT(parsed.error().message, testing::HasSubstr(GetParam().hint));
}
constexpr Pointless kPointless[] = {
    {"JwksFaultAtToken", R"({"when": {"endpoint": "token"}, "do": {"jwks": "empty"}})", "/do/jwks:", "only at jwks"},
    {"StateAtToken", R"({"when": {"endpoint": "token"}, "do": {"state": "omit"}})", "/do/state:", "authorize"},
    {"MismatchAtJwks", R"({"when": {"endpoint": "jwks"}, "do": {"issuer_mismatch": true}})",
     "/do/issuer_mismatch:", "discovery"},
    {"GrantSaysTheEndpoint", R"({"when": {"grant": "refresh_token"}, "do": {"jwks": "empty"}})", "/do/jwks:", "token"},
    {"RefreshOfACode", R"({"when": {"grant": "authorization_code"}, "do": {"refresh": "same"}})",
     "/do/refresh:", "refresh_token"},
    {"DeviceOfARefresh", R"({"when": {"grant": "refresh_token"}, "do": {"device": "approve"}})",
     "/do/device:", "device_code"},
    {"IntervalAtToken", R"({"when": {"endpoint": "token"}, "do": {"interval": 1}})",
     "/do/interval:", "device_authorization"},
    {"GrantOfAnotherEndpoint", R"({"when": {"endpoint": "jwks", "grant": "password"}, "do": {"status": 500}})",
     "/when/grant:", "token endpoint"},
    {"AfterItself", R"({"id": "a", "when": {"after": "a"}, "do": {"status": 500}})", "/when/after:", "itself"},
    {"TimeThatEndsFirst", R"({"when": {"clock_between": [5, 5]}, "do": {"status": 500}})",
     "/when/clock_between:", "ends before"},
    {"NoTime", R"({"when": {"clock_between": [5, "noon"]}, "do": {"status": 500}})",
     "/when/clock_between/1:", "ISO 8601"},
    {"NoTimeToSet", R"({"do": {"set_time": "noon"}})", "/do/set_time:", "ISO 8601"},
    {"KidBesideError", R"({"do": {"kid": "omit", "error": "invalid_grant"}})", "/do/kid:", "error"},
    {"SignBesideRate", R"({"do": {"sign": "none", "rate": {"limit": 1, "window": 1}}})", "/do/sign:", "rate"},
    {"ClaimsOfARejectedRefresh", R"({"do": {"claims": {"id": {"a": 1}}, "refresh": "reject"}})",
     "/do/claims:", "refresh"},
    {"NoCodeOfADenial", R"({"do": {"no_code": true, "deny": true}})", "/do/no_code:", "deny"},
    {"NoCodeAndACode", R"({"do": {"no_code": true, "code_and_error": true}})", "/do/no_code:", "code_and_error"},
    {"SignatureOfNone", R"({"do": {"sign": "none", "corrupt": "signature"}})", "/do/corrupt:", "no signature"},
    {"KidOfNone", R"({"do": {"sign": "none", "kid": "omit"}})", "/do/kid:", "no key"},
    {"GraceWithoutUse", R"({"do": {"refresh": "same", "grace": 5}})", "/do/grace:", "uses up no token"},
    {"UserinfoAndTokens", R"({"do": {"claims": {"id": {"a": 1}, "userinfo": {"a": 1}}}})", "/do/claims:", "two steps"},
    {"JsonPatchOfNothing", R"({"do": {"json_patch": [{"op": "remove", "path": "/a"}], "status": 503}})",
     "/do/json_patch:", "status"},
    {"DuplicateInText", R"({"do": {"duplicate_field": {"a": 1}, "body": "text"}})", "/do/duplicate_field:", "body"},
    {"StatusOfARedirect", R"({"do": {"status": 307, "redirect": "/x"}})", "/do/status:", "to, status"},
    {"KeysOfAnEmptyReply", R"({"do": {"jwks": "empty", "status": 503}})", "/do/jwks:", "status"},
    {"StateOfAnEmptyReply", R"({"do": {"state": "omit", "status": 500}})", "/do/state:", "status"},
    {"MismatchOfText", R"({"do": {"issuer_mismatch": true, "body": "<html>"}})", "/do/issuer_mismatch:", "no JSON"},
    {"LifeOfAnError", R"({"do": {"expires_in": 5, "error": "invalid_grant"}})", "/do/expires_in:", "no token"},
    {"TrickleOfNothing", R"({"do": {"trickle": {"bytes": 1, "every": 1}, "hang": true}})", "/do/trickle:", "nothing"},
    {"TrickleBeforeTheReply", R"({"do": {"trickle": {"bytes": 1, "every": 1}, "reset": "before"}})",
     "/do/trickle:", "before the reply"},
    {"LengthOfTheBody", R"({"do": {"headers": {"content-length": "3"}}})", "/do/headers:", "truncate"},
    {"CodingOfTheBody", R"({"do": {"headers": {"Transfer-Encoding": "gzip"}}})", "/do/headers:", "bad_chunk"},
    {"BodyOf204", R"({"do": {"status": 204, "body": "hello"}})", "/do/body:", "without a body"},
    {"HalfABodyOf304", R"({"do": {"status": 304, "truncate": true}})", "/do/truncate:", "without a body"},
    {"CheckpointFirst", R"({"do": {"checkpoint": "first"}})", "/do/checkpoint:", "another name"},
    {"ErrorAndRedirect", R"({"do": {"error": "invalid_grant", "redirect": "/x"}})", "/do/error:", "redirect"},
};
INSTANTIATE_TEST_SUITE_P(Combinations, PointlessStepTest, testing::ValuesIn(kPointless),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(CombinationTest, WhatCanWorkIsTaken) {
  for (const char* json :
       {R"({"do": {"claims": {"id": {"a": 1}}, "header": {"id": {"a": 1}}, "sign": "unpublished", "kid": "omit"}})",
        R"({"when": {"endpoint": "token"}, "do": {"refresh": "rotate", "grace": 5, "expires_in": "1"}})",
        R"({"when": {"endpoint": "userinfo"}, "do": {"claims": {"userinfo": {"sub": "x"}}}})",
        R"({"do": {"rate": {"limit": 1, "window": 1}, "body": "<html>", "content_type": "text/html"}})",
        R"({"do": {"expire": "all", "status": 503}})", R"({"do": {"state": "wrong", "iss": "omit", "deny": true}})",
        R"({"when": {"clock_between": [5, "2030-01-01T00:00:00Z"]}, "do": {"advance": 5}})"}) {
    const auto parsed = parse_step(oidc::parse_json(json).value(), 1);
    EXPECT_TRUE(parsed) << json << (parsed ? "" : parsed.error().message);
  }
}

}  // namespace
}  // namespace mockserver
