#include <gtest/gtest.h>

#include <fstream>

#include "scenarios/runner.hpp"

namespace scenarios {
namespace {

/// Runs a scenario against the real client; a failure shows every check.
void expect_pass(const std::string& text, Transport transport = Transport::kDirect) {
  const auto scenario = parse_scenario(text, "test/auth-core", "test.yaml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  const auto factory = make_auth_core_factory();
  RunSettings settings;
  settings.transport = transport;
  const Outcome outcome = Runner::create(*factory, settings).value()->run(*scenario);
  for (const CheckResult& check : outcome.checks) {
    EXPECT_EQ(to_string(check.verdict), "PASS") << check.check << ": " << check.expected << " | " << check.observed;
  }
}

constexpr const char* kHead = "title: A\nwhy: b\nstatements: [S]\n";

TEST(AuthCoreAdapter, LogsInThroughTheScriptedBrowser) {
  expect_pass(std::string{kHead} + R"(
browser: {strays: [/favicon.ico]}
steps:
  - {do: login, expect: {ok: {access_token: at#1}}}
  - {do: request, expect: {ok: {status: 200}}}
  - {do: validate, token: id#1, expect: {ok: {sub: user-1}}}
)");
}

TEST(AuthCoreAdapter, ChangedRedirectsReachTheClientOverEveryTransport) {
  for (const Transport transport : {Transport::kDirect, Transport::kHttp, Transport::kHttps}) {
    const ::testing::ScopedTrace trace{__FILE__, __LINE__, std::string{to_string(transport)}};
    expect_pass(std::string{kHead} + R"(
browser: {change: {error: access_denied, code: null}}
steps:
  - {do: login, expect: {err: {kind: denied}}}
)",
                transport);
  }
}

TEST(AuthCoreAdapter, AUserWhoWalksAwayCostsVirtualTimeOnly) {
  expect_pass(std::string{kHead} + R"(
browser: {silent: true}
steps:
  - {do: login, expect: {err: {kind: timeout}}}
expect:
  - {check: waited, time: ">=30", because: it waits for the redirect}
)");
}

TEST(AuthCoreAdapter, SavingCanFailAndWorkAgain) {
  expect_pass(std::string{kHead} + R"(
session: {issued: -3700}
steps:
  - {tamper: {saving: fails}}
  - {do: refresh, expect: {ok: {access_token: at#2}}}
  - {tamper: {saving: works}}
  - {do: refresh, expect: {ok: {access_token: at#3}}}
expect:
  - {check: stored, storage: {contains: [at#3], mode: "0600", dir_mode: "0700"}, because: c}
)");
}

TEST(AuthCoreAdapter, TheUserDecidesOnADevice) {
  expect_pass(std::string{kHead} + R"(
client: {flow: device}
steps:
  - {do: device_initiate, expect: {ok: {user_code: {any: true}, device_code: {absent: true}}}}
  - {device: approve}
  - {do: device_complete, expect: {ok: {access_token: at#1}}}
)");
}

struct Flaw {
  const char* name;
  const char* step;
  const char* reason;
};
class AuthCoreReasonTest : public ::testing::TestWithParam<Flaw> {};

TEST_P(AuthCoreReasonTest, IsThatOfTheClosedList) {
  expect_pass(std::string{kHead} + "steps:\n  - {do: validate, " + GetParam().step +
              ", expect: {err: {kind: validation, reason: " + GetParam().reason + "}}}\n");
}

constexpr Flaw kFlaws[] = {
    {"ExpMissing", "mint: {claims: {exp: null}}", "exp"},     {"ExpIsText", "mint: {claims: {exp: soon}}", "exp"},
    {"AudIsANumber", "mint: {claims: {aud: 7}}", "aud"},      {"IatAhead", "mint: {claims: {iat: 1900000000}}", "iat"},
    {"NbfAhead", "mint: {claims: {nbf: 1900000000}}", "nbf"}, {"NoToken", "token: not.a.jwt", "malformed"},
    {"Critical", "mint: {header: {crit: [x]}}", "crit"},
};
INSTANTIATE_TEST_SUITE_P(Flaws, AuthCoreReasonTest, ::testing::ValuesIn(kFlaws),
                         [](const auto& flaw) { return std::string{flaw.param.name}; });

TEST(AuthCoreAdapter, SaysWhatItIsAndDoes) {
  const auto hello = std::get<Hello>(make_auth_core_factory()->hello());
  EXPECT_EQ(hello.name, "auth-core");
  EXPECT_EQ(hello.time, TimeKind::kVirtual);
  EXPECT_TRUE(hello.books.contains("auth_core"));
  EXPECT_EQ(hello.policy.refresh.when, RefreshPolicy::When::kRatio);
  EXPECT_EQ(hello.policy.refresh.value, 0.75);
  EXPECT_TRUE(hello.capabilities.contains("typed_errors") && hello.capabilities.contains("openid"));
}

TEST(AuthCoreAdapter, RenewsWhenItsPolicySaysThatATokenIsDue) {
  expect_pass(std::string{kHead} + R"(
session: {state: fresh}
steps:
  - {do: get_access_token, expect: {ok: {access_token: at#1}}}
  - {advance: 2699}
  - {do: get_access_token, expect: {ok: {access_token: at#1}}}
  - {advance: to_due}
  - {do: renew, expect: {ok: {access_token: at#2}}}
)");
}

TEST(ErrorWords, AreTheSameInTheSchema) {
  std::ifstream stream{ASSAY_SOURCE_DIR "/scenarios/schema/scenario.schema.json"};
  const auto members = oidc::Json::parse(stream)["$defs"]["result"]["properties"]["err"]["properties"];
  EXPECT_EQ(members["kind"]["oneOf"][0]["enum"], oidc::Json(kErrorKinds));
  EXPECT_EQ(members["reason"]["oneOf"][0]["enum"], oidc::Json(kValidationReasons));
}

}  // namespace
}  // namespace scenarios
