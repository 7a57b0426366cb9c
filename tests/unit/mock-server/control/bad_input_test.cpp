#include "control_fixture.hpp"

namespace mockserver {
namespace {

struct Case {
  const char* name;
  const char* method;
  const char* path;
  const char* body;
  int status;
  const char* pointer;
  const char* suggestion;
};

class BadInputTest : public testing_support::ControlTest, public ::testing::WithParamInterface<Case> {
 protected:
  BadInputTest() { post("/v1/issuers", {{"name", "alpha"}, {"clock", "2030-01-01T00:00:00Z"}}); }
};

TEST_P(BadInputTest, IsAProblemThatSaysWhere) {
  const Case& c = GetParam();
  const auto answer = call(c.method, c.path, c.body);
  EXPECT_EQ(answer.status, c.status) << answer.text;
  EXPECT_EQ(answer.headers.get("Content-Type"), "application/problem+json");
  ASSERT_TRUE(answer.json.is_object()) << answer.text;
  EXPECT_EQ(answer.json.value("status", 0), c.status);
  EXPECT_EQ(answer.json.value("pointer", ""), c.pointer) << answer.text;
  EXPECT_EQ(answer.json.value("suggestion", ""), c.suggestion) << answer.text;
  EXPECT_NE(answer.json.value("detail", ""), "");
}

TEST_P(BadInputTest, ChangesNothing) {
  call(GetParam().method, GetParam().path, GetParam().body);
  EXPECT_EQ(issuers_.names(), std::vector<std::string>{"alpha"});
  EXPECT_TRUE(issuers_.find("alpha")->script().states().empty());
  EXPECT_EQ(issuers_.find("alpha")->clock().now(), oidc::TimePoint{std::chrono::seconds{1893456000}});
  EXPECT_TRUE(issuers_.find("alpha")->journal().exchanges().empty());
}

constexpr const char* kIssuers = "/v1/issuers";
constexpr const char* kSteps = "/v1/issuers/alpha/steps";
constexpr const char* kClock = "/v1/issuers/alpha/clock";
constexpr const char* kAdvance = "/v1/issuers/alpha/clock/advance";
constexpr const char* kStep = R"({"do":{"status":500}})";

const std::string kLongName = R"({"name":")" + std::string(256, 'a') + R"("})";

const Case kCases[] = {
    {"UnknownPath", "GET", "/v1/issuer", "", 404, "", "/v1/issuers"},
    {"UnknownPathBelowAnIssuer", "GET", "/v1/issuers/alpha/nothing", "", 404, "", ""},
    {"UnknownIssuer", "GET", "/v1/issuers/alpa/verdict", "", 404, "", "alpha"},
    {"UnknownIssuerWithABody", "POST", "/v1/issuers/beta/steps", kStep, 404, "", ""},
    {"UnknownSchema", "GET", "/v1/schema/steps", "", 404, "", "step"},
    {"UnknownStep", "DELETE", "/v1/issuers/alpha/steps/step-1", "", 404, "", ""},
    {"BrokenEscapeInThePath", "GET", "/v1/issuers/%zz", "", 404, "", "/v1/issuers"},

    {"SecondOriginOfNobody", "POST", kSteps, R"({"do":{"redirect":{"to":"${second_origin}/"}}})", 400,
     "/do/redirect/to", ""},
    {"UnknownPlaceholder", "POST", kSteps, R"([{"do":{"patch":{"a":["${here}"]}}}])", 400, "/0/do/patch/a/0", ""},
    {"SecondOriginOfNobodyInAScript", "POST", kIssuers, R"({"script":[{"do":{"redirect":"${second_origin}/"}}]})", 400,
     "/script/0/do/redirect", ""},
    {"SecondOriginWithAPath", "POST", kIssuers, R"({"config":{"second_origin":"https://a.test/b"}})", 400,
     "/config/second_origin", ""},
    {"SecondOriginInMetadata", "POST", kIssuers, R"({"config":{"metadata":{"jwks_uri":"${second_origin}/"}}})", 400,
     "/config/metadata/jwks_uri", ""},

    {"NotJson", "POST", kIssuers, "{\"name\": alpha}", 400, "", ""},
    {"RepeatedMember", "POST", kIssuers, R"({"name":"a","name":"b"})", 400, "", ""},
    {"NotAnObject", "POST", kIssuers, "[]", 400, "", ""},
    {"UnknownMember", "POST", kIssuers, R"({"nam":"beta"})", 400, "/nam", "name"},
    {"BadName", "POST", kIssuers, R"({"name":"a/b"})", 400, "/name", ""},
    {"ParentAsName", "POST", kIssuers, R"({"name":".."})", 400, "/name", ""},
    {"TakenName", "POST", kIssuers, R"({"name":"alpha"})", 409, "/name", ""},
    {"UnknownConfigMember", "POST", kIssuers, R"({"config":{"lifetimes":{"acces":5}}})", 400, "/config/lifetimes/acces",
     "access"},
    {"ConfigOfTheWrongType", "POST", kIssuers, R"({"config":{"scopes":"openid"}})", 400, "/config/scopes", ""},
    {"ConfigThatCannotBe", "POST", kIssuers, R"({"config":{"clients":[{"id":"x","secret":"s"}]}})", 400,
     "/config/clients/0/secret", ""},
    {"UnknownVerbInTheFirstScript", "POST", kIssuers, R"({"script":[{"do":{"stattus":500}}]})", 400,
     "/script/0/do/stattus", "status"},
    {"SecondStepOfTheFirstScript", "POST", kIssuers, R"({"script":[{"do":{"status":500}},{"times":1}]})", 400,
     "/script/1", ""},
    {"SameStepIdTwice", "POST", kIssuers,
     R"({"script":[{"id":"a","do":{"status":500}},{"id":"a","do":{"status":500}}]})", 400, "/script/1/id", ""},
    {"MoreTimesThanCanBeCounted", "POST", kSteps, R"({"times":1e30,"do":{"status":500}})", 400, "/times", ""},
    {"ALaterTimeThanCanBeCounted", "POST", kSteps, R"({"when":{"nth":18446744073709551616},"do":{"status":500}})", 400,
     "/when/nth", ""},
    {"ABarrierOfTooMany", "POST", kSteps, R"({"times":"forever","do":{"barrier":{"count":1e30}}})", 400,
     "/do/barrier/count", ""},
    {"SnapshotFirst", "POST", "/v1/issuers/alpha/snapshot", R"({"name":"first"})", 409, "/name", ""},
    {"ClientOfNoText", "PUT", "/v1/issuers/alpha/clients/%ff", "{}", 404, "", ""},
    {"ClientWithNul", "PUT", "/v1/issuers/alpha/clients/a%00", "{}", 404, "", ""},
    {"NeitherDroppedNorNot", "GET", "/v1/issuers/alpha/requests?dropped=maybe", "", 400, "", ""},
    {"NoStatus", "GET", "/v1/issuers/alpha/requests?status=ok", "", 400, "", ""},
    {"ZoneBeyondADay", "POST", kIssuers, R"({"clock":"2030-01-01T00:00:00+24:00"})", 400, "/clock", ""},
    {"ANameThatIsTooLong", "POST", kIssuers, kLongName.c_str(), 400, "/name", ""},
    {"UnknownClock", "POST", kIssuers, R"({"clock":"lunar"})", 400, "/clock", ""},
    {"ClockWithoutZone", "POST", kIssuers, R"({"clock":"2030-01-01T00:00:00"})", 400, "/clock", ""},

    {"StepWithoutDo", "POST", kSteps, "{}", 400, "", ""},
    {"StepWithoutBody", "POST", kSteps, "", 400, "", ""},
    {"UnknownEndpoint", "POST", kSteps, R"({"when":{"endpoint":"tokn"},"do":{"status":500}})", 400, "/when/endpoint",
     "token"},
    {"UnknownKeyInASingleStep", "POST", kSteps, R"({"tims":2,"do":{"status":500}})", 400, "/tims", "times"},
    {"OneBadStepOfTwo", "POST", kSteps, R"([{"do":{"status":500}},{"do":{"status":"x"}}])", 400, "/1/do/status", ""},
    {"AfterAStepThatIsNotThere", "POST", kSteps,
     R"([{"id":"outage","do":{"status":500}},{"when":{"after":"outag"},"do":{"status":500}}])", 400, "/1/when/after",
     "outage"},
    {"VerbWithoutEffect", "POST", kSteps, R"({"when":{"endpoint":"token"},"do":{"jwks":"empty"}})", 400, "/do/jwks",
     ""},
    {"NoStepAtAll", "POST", kSteps, "[]", 400, "", ""},
    {"StepAsText", "POST", kSteps, "\"x\"", 400, "", ""},

    {"ClockWithoutNow", "PUT", kClock, "{}", 400, "", ""},
    {"ClockAtNoTime", "PUT", kClock, R"({"now":"tomorrow"})", 400, "/now", ""},
    {"ClockAtNoDay", "PUT", kClock, R"({"now":"2030-02-30T00:00:00Z"})", 400, "/now", ""},
    {"ClockBeforeTheEpoch", "PUT", kClock, R"({"now":-1})", 400, "/now", ""},
    {"ClockOfTheWrongType", "PUT", kClock, R"({"now":true})", 400, "/now", ""},
    {"AdvanceBackwards", "POST", kAdvance, R"({"seconds":-1})", 400, "/seconds", ""},
    {"AdvanceByText", "POST", kAdvance, R"({"seconds":"1h"})", 400, "/seconds", ""},
    {"AdvanceTooFar", "POST", kAdvance, R"({"seconds":1e300})", 400, "/seconds", ""},

    {"UnknownQueryParameter", "GET", "/v1/issuers/alpha/requests?endpont=token", "", 400, "", "endpoint"},
    {"QueryWhereThereIsNone", "GET", "/v1/health?x=1", "", 400, "", ""},
    {"QueryParameterTwice", "GET", "/v1/issuers/alpha/requests?since=1&since=2", "", 400, "", ""},
    {"UnknownEndpointInQuery", "GET", "/v1/issuers/alpha/requests?endpoint=tokens", "", 400, "", "token"},
    {"NegativeSince", "GET", "/v1/issuers/alpha/requests?since=-1", "", 400, "", ""},
    {"EndlessWait", "GET", "/v1/issuers/alpha/requests/wait?timeout=301", "", 400, "", ""},
    {"CountThatIsNoNumber", "GET", "/v1/issuers/alpha/requests/wait?count=two", "", 400, "", ""},
    {"NobodyCame", "GET", "/v1/issuers/alpha/requests/wait?timeout=0", "", 408, "", ""},

    {"AuthorizeWithoutUrl", "POST", "/v1/issuers/alpha/authorize", R"({"decision":"deny"})", 400, "", ""},
    {"AuthorizeAnotherServer", "POST", "/v1/issuers/alpha/authorize", R"({"url":"http://other.test/authorize"})", 400,
     "/url", ""},
    {"UnknownDecision", "POST", "/v1/issuers/alpha/device", R"({"decision":"aprove"})", 400, "/decision", "approve"},
    {"UnknownUserCode", "POST", "/v1/issuers/alpha/device", R"({"user_code":"x","decision":"approve"})", 404,
     "/user_code", ""},
    {"NoDeviceGrantToExpire", "POST", "/v1/issuers/alpha/device", R"({"decision":"expire"})", 404, "/user_code", ""},
    {"UnknownTokenKind", "POST", "/v1/issuers/alpha/tokens", R"({"kind":"acces"})", 400, "/kind", "access"},
    {"TokenOfAnUnknownClient", "POST", "/v1/issuers/alpha/tokens", R"({"client":"nobody"})", 400, "", ""},
    {"RevokeAnUnknownToken", "POST", "/v1/issuers/alpha/tokens/revoke", R"({"token":"rt#9"})", 404, "/token", ""},
    {"ExpireAnUnknownToken", "POST", "/v1/issuers/alpha/tokens/expire", R"({"token":"at#9"})", 404, "/token", ""},
    {"RotateWithText", "POST", "/v1/issuers/alpha/keys/rotate", R"({"keep_old":"no"})", 400, "/keep_old", ""},
    {"SessionOfAnUnknownUser", "POST", "/v1/issuers/alpha/sessions", R"({"sub":"nobody"})", 400, "", ""},
    {"SessionAtNoTime", "POST", "/v1/issuers/alpha/sessions", R"({"issued_at":"yesterday"})", 400, "/issued_at", ""},
};

INSTANTIATE_TEST_SUITE_P(Control, BadInputTest, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string{test.param.name}; });

using ControlTest = testing_support::ControlTest;

TEST_F(ControlTest, NamesTheByteWhereJsonBreaks) {
  const auto answer = call("POST", "/v1/issuers", "{\"name\": alpha}");
  EXPECT_NE(answer.json.value("detail", "").find("byte 10"), std::string::npos) << answer.text;
}

TEST_F(ControlTest, SaysWhichMethodsAPathTakes) {
  post("/v1/issuers", {{"name", "alpha"}});
  const auto answer = call("PATCH", "/v1/issuers/alpha/steps");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.get("Allow"), "DELETE, GET, POST");
}

TEST_F(ControlTest, NamesTheBadQueryParameter) {
  post("/v1/issuers", {{"name", "alpha"}});
  EXPECT_EQ(get("/v1/issuers/alpha/requests?endpont=token").json.value("parameter", ""), "endpont");
}

}  // namespace
}  // namespace mockserver
