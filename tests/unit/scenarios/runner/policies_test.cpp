#include "fake_client.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using fake::all;
using fake::Behaviour;
using fake::run;
using fake::scenario;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using When = RefreshPolicy::When;

Behaviour renewing(RefreshPolicy policy, oidc::Duration leeway = {}) {
  Behaviour behaviour;
  behaviour.hello.policy.refresh = policy;
  behaviour.hello.policy.leeway = leeway;
  return behaviour;
}

/// How old the stored tokens are, in seconds.
long long age_of_session(const std::string& session, const Behaviour& behaviour) {
  const auto done =
      run(scenario("session: " + session + "\nsteps: [{do: get_access_token, expect: {any: true}}]\n"), behaviour);
  const auto stored = oidc::parse_json(done.outcome.storage_before.at("token.json").text);
  constexpr long long kT0 = 1'893'456'000;  // 2030-01-01
  EXPECT_EQ((*stored)["_exp"].get<long long>() - (*stored)["_iat"].get<long long>(), 3600);
  return kT0 - (*stored)["_iat"].get<long long>();
}

struct SessionCase {
  const char* name;
  RefreshPolicy policy;
  oidc::Duration leeway;
  long long due;
  long long expired;
};
class SessionTest : public ::testing::TestWithParam<SessionCase> {};

TEST_P(SessionTest, IsAsOldAsItsStateSaysOfThisClient) {
  const Behaviour behaviour = renewing(GetParam().policy, GetParam().leeway);
  EXPECT_EQ(age_of_session("{state: fresh}", behaviour), 0);
  EXPECT_EQ(age_of_session("{state: due}", behaviour), GetParam().due);
  EXPECT_EQ(age_of_session("{state: expired}", behaviour), GetParam().expired);
}

constexpr SessionCase kSessions[] = {
    {"AMinuteAhead", {When::kBefore, 60}, 0s, 3541, 3700},
    {"AtThreeQuarters", {When::kRatio, 0.75}, 0s, 2701, 3700},
    {"AtExpiry", {When::kOnExpiry, 0}, 0s, 3700, 3700},
    {"On401", {When::kOn401, 0}, 0s, 3700, 3700},
    {"Undeclared", {}, 0s, 3700, 3700},
    {"WithLeeway", {When::kOnExpiry, 0}, 300s, 4000, 4000},
    {"AheadWithLeeway", {When::kRatio, 0.75}, 300s, 2701, 4000},
};
INSTANTIATE_TEST_SUITE_P(Policies, SessionTest, ::testing::ValuesIn(kSessions),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(Session, IsFreshWhereNothingIsSaidAndAsOldAsIsSaid) {
  EXPECT_EQ(age_of_session("{}", renewing({When::kRatio, 0.75})), 0);
  EXPECT_EQ(age_of_session("{issued: -1234}", renewing({When::kRatio, 0.75})), 1234);
}

TEST(Session, DueFollowsTheLifetimeOfTheIssuer) {
  const auto done = run(scenario("issuer: {lifetimes: {access: 100}}\nsession: {state: due}\n"
                                 "steps: [{do: get_access_token, expect: {any: true}}]\n"),
                        renewing({When::kRatio, 0.5}));
  const auto stored = oidc::parse_json(done.outcome.storage_before.at("token.json").text);
  EXPECT_EQ((*stored)["_iat"].get<long long>(), 1'893'456'000 - 51);
}

TEST(Session, LosesAndChangesWhatIsSaid) {
  const auto done =
      run(scenario("session: {state: fresh, omit: [refresh_token], patch: {more: 1}}\n"
                   "steps: [{do: request, expect: {any: true}}]\n"));
  const auto stored = oidc::parse_json(done.outcome.storage_before.at("token.json").text);
  EXPECT_FALSE(stored->contains("refresh_token"));
  EXPECT_EQ((*stored)["more"], 1);
}

// A session without a store that can be filled

Behaviour that_must_log_in() {
  Behaviour behaviour = renewing({When::kRatio, 0.75});
  behaviour.hello.ops = {"authorization_url", "callback", "get_access_token"};
  return behaviour;
}

TEST(SessionByLogin, AgesAndIsNoPartOfTheScenario) {
  const auto done = run(scenario(R"(
session: {state: due}
script:
  - {when: {endpoint: token, nth: 1}, do: {status: 503}}
steps:
  - {do: get_access_token, expect: {err: {}}, check: failed}
  - {do: get_access_token, expect: {ok: {access_token: at#2}}, check: renewed}
expect:
  - {check: two-refreshes, requests: {count: 2}, because: c}
  - {check: no-time, time: 0, because: c}
)"),
                        that_must_log_in());
  for (const char* id : {"failed", "renewed", "two-refreshes", "no-time"}) {
    EXPECT_EQ(fake::verdict(done, id), "PASS") << all(done.outcome);
  }
  EXPECT_EQ(done.outcome.steps.at(0).at, 2701s);
  EXPECT_THAT(done.calls, ElementsAre("authorization_url", "callback", "get_access_token", "get_access_token"));
}

TEST(SessionByLogin, ThatFailsIsTheCauseOfAll) {
  const auto done = run(scenario("session: {state: fresh}\nbrowser: {silent: true}\n"
                                 "steps: [{do: get_access_token, expect: {ok: {}}, check: renewed}]\n"),
                        that_must_log_in());
  EXPECT_EQ(fake::verdict(done, "seed"), "NOT_REACHED");
  EXPECT_EQ(fake::verdict(done, "renewed"), "NOT_REACHED");
  EXPECT_EQ(fake::check(done, "renewed").cause, "seed");
}

TEST(SessionByLogin, CannotBeSpecial) {
  for (const char* session : {"{omit: [refresh_token]}", "{patch: {x: 1}}", "{scopes: [openid]}"}) {
    const auto done = run(scenario(std::string{"session: "} + session +
                                   "\nsteps: [{do: get_access_token, expect: {ok: {}}, check: renewed}]\n"),
                          that_must_log_in());
    EXPECT_EQ(fake::verdict(done, "renewed"), "UNSUPPORTED") << session;
  }
}

/// How long the second step of the scenario takes.
oidc::Duration advanced(const std::string& lines, const Behaviour& behaviour) {
  const auto done = run(scenario(lines), behaviour);
  EXPECT_EQ(done.outcome.steps.size(), 2U) << all(done.outcome);
  return done.outcome.steps.at(1).took;
}

struct AdvanceCase {
  const char* name;
  RefreshPolicy policy;
  oidc::Duration leeway;
  oidc::Duration to_due;
  oidc::Duration to_expiry;
};
class AdvanceTest : public ::testing::TestWithParam<AdvanceCase> {};

constexpr const char* kThenAdvance = "session: {state: expired}\nsteps:\n  - {do: refresh}\n  - {advance: ";

TEST_P(AdvanceTest, LeadsToTheMomentOfTheNewestToken) {
  const Behaviour behaviour = renewing(GetParam().policy, GetParam().leeway);
  EXPECT_EQ(advanced(std::string{kThenAdvance} + "to_due}\n", behaviour), GetParam().to_due);
  EXPECT_EQ(advanced(std::string{kThenAdvance} + "to_expiry}\n", behaviour), GetParam().to_expiry);
}

constexpr AdvanceCase kAdvances[] = {
    {"AMinuteAhead", {When::kBefore, 60}, 0s, 3541s, 3601s},
    {"AtThreeQuarters", {When::kRatio, 0.75}, 0s, 2701s, 3601s},
    {"AtExpiry", {When::kOnExpiry, 0}, 0s, 3601s, 3601s},
    {"On401", {When::kOn401, 0}, 0s, 3601s, 3601s},
    {"OnRequest", {When::kOnRequest, 0}, 0s, 3601s, 3601s},
    {"Undeclared", {}, 0s, 3601s, 3601s},
    {"WithLeeway", {When::kOnExpiry, 0}, 30s, 3631s, 3631s},
    {"AheadWithLeeway", {When::kBefore, 60}, 30s, 3541s, 3631s},
};
INSTANTIATE_TEST_SUITE_P(Policies, AdvanceTest, ::testing::ValuesIn(kAdvances),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(Advance, TakesNoTimeWhereTheMomentHasPassed) {
  EXPECT_EQ(advanced("session: {state: expired}\nsteps:\n  - {advance: 1}\n  - {advance: to_expiry}\n", {}), 0s);
}

TEST(Advance, CountsFromTheTokenAndNotFromTheStep) {
  EXPECT_EQ(advanced("session: {state: fresh}\nsteps:\n  - {advance: 100}\n  - {advance: to_due}\n",
                     renewing({When::kBefore, 60})),
            3441s);
}

TEST(Advance, TheClientsOwnPolicyDecidesWhetherATokenIsDue) {
  const Behaviour ahead = renewing({When::kRatio, 0.5});
  EXPECT_EQ(advanced("issuer: {lifetimes: {access: 1000}}\n" + std::string{kThenAdvance} + "to_due}\n", ahead), 501s);
}

// Renewing

std::vector<std::string> calls_to_renew(const RefreshPolicy& policy, std::set<std::string> without = {}) {
  Behaviour behaviour = renewing(policy);
  for (const std::string& op : without) {
    behaviour.hello.ops.erase(op);
  }
  const auto done = run(
      scenario("session: {state: expired}\nsteps: [{do: renew, expect: {ok: {access_token: at#2}}, check: renewed}]\n"),
      behaviour);
  EXPECT_EQ(fake::verdict(done, "renewed"), "PASS") << all(done.outcome);
  std::vector<std::string> calls = done.calls;
  calls.erase(calls.begin());  // storage_seed
  return calls;
}

TEST(Renew, IsAskedForInTheClientsOwnWay) {
  for (const RefreshPolicy& policy : {RefreshPolicy{}, RefreshPolicy{When::kBefore, 60},
                                      RefreshPolicy{When::kRatio, 0.5}, RefreshPolicy{When::kOnExpiry}}) {
    EXPECT_THAT(calls_to_renew(policy), ElementsAre("get_access_token"));
  }
  EXPECT_THAT(calls_to_renew({When::kOn401}), ElementsAre("request", "get_access_token"));
  EXPECT_THAT(calls_to_renew({When::kOnRequest}), ElementsAre("refresh"));
}

TEST(Renew, FallsBackToAskingForAToken) {
  EXPECT_THAT(calls_to_renew({When::kOn401}, {"request"}), ElementsAre("get_access_token"));
  EXPECT_THAT(calls_to_renew({When::kOnRequest}, {"refresh"}), ElementsAre("get_access_token"));
  EXPECT_THAT(calls_to_renew({When::kOnRequest}, {"get_access_token"}), ElementsAre("refresh"));
}

TEST(Renew, InParallelIsAskedForInTheClientsOwnWay) {
  const auto parallel = scenario(
      "session: {state: expired}\nissuer: {refresh: same}\n"
      "steps: [{parallel: {do: renew, count: 2, of: threads}, expect: {ok: {access_token: {re: \"at#.*\"}}}, check: "
      "all}]\n");
  const auto on_request = run(parallel, renewing({When::kOnRequest}));
  EXPECT_EQ(fake::verdict(on_request, "all"), "PASS") << all(on_request.outcome);
  EXPECT_THAT(on_request.calls, ElementsAre("storage_seed", "refresh", "refresh"));
  const auto on_401 = run(parallel, renewing({When::kOn401}));
  EXPECT_EQ(fake::verdict(on_401, "all"), "PASS") << all(on_401.outcome);
  EXPECT_EQ(std::ranges::count(on_401.calls, "request"), 2);
  EXPECT_EQ(std::ranges::count(on_401.calls, "get_access_token"), 2);
}

// Logging in by halves

Behaviour without_listener() {
  Behaviour behaviour;
  behaviour.hello.ops = {"authorization_url", "callback"};
  behaviour.hello.policy.listens = false;
  return behaviour;
}

TEST(LoginByHalves, HandsTheRedirectOver) {
  const auto done =
      run(scenario("steps: [{do: login, expect: {ok: {access_token: at#1}}, check: in}]\n"), without_listener());
  EXPECT_EQ(fake::verdict(done, "in"), "PASS") << all(done.outcome);
  EXPECT_THAT(done.calls, ElementsAre("authorization_url", "callback"));
  EXPECT_EQ(done.outcome.exchanges.size(), 2U);
}

TEST(LoginByHalves, HandsOverWhatTheBrowserChanged) {
  const auto done = run(scenario("browser: {change: {error: access_denied, code: null}}\n"
                                 "steps: [{do: login, expect: {err: {kind: denied}}, check: in}]\n"),
                        without_listener());
  EXPECT_EQ(fake::verdict(done, "in"), "PASS") << all(done.outcome);
}

TEST(LoginByHalves, OfAUserWhoWalksAwayTimesOut) {
  const auto done =
      run(scenario("browser: {silent: true}\nsteps: [{do: login, expect: {err: {kind: timeout}}, check: in}]\n"),
          without_listener());
  EXPECT_EQ(fake::verdict(done, "in"), "PASS") << all(done.outcome);
  EXPECT_THAT(done.calls, ElementsAre("authorization_url"));
}

TEST(LoginByHalves, IsNotForClientsThatLogInAsAWhole) {
  Behaviour behaviour = without_listener();
  behaviour.hello.ops.insert("login");
  const auto done = run(scenario("steps: [{do: login, expect: {any: true}}]\n"), behaviour);
  EXPECT_EQ(done.calls.front(), "login");
}

// Authentication

std::string method_of(const std::string& client, std::vector<std::string> methods) {
  Behaviour behaviour;
  behaviour.hello.auth_methods = std::move(methods);
  behaviour.hello.flows = {"code", "client_credentials"};
  return run(scenario("client: " + client + "\nsteps: [{do: request, expect: {any: true}}]\n"), behaviour)
      .setup.client_auth;
}

TEST(Authentication, IsTheClientsChoiceWhereTheScenarioLeavesItFree) {
  EXPECT_EQ(method_of("{}", {"none"}), "none");
  EXPECT_EQ(method_of("{}", {"client_secret_post"}), "client_secret_post");
  EXPECT_EQ(method_of("{flow: client_credentials}", {"client_secret_post", "client_secret_basic"}),
            "client_secret_post");
  EXPECT_EQ(method_of("{flow: client_credentials}", {"none", "private_key_jwt"}), "private_key_jwt");
}

TEST(Authentication, IsTheScenariosWhereItIsAboutIt) {
  EXPECT_EQ(method_of("{auth: client_secret_basic}", {"none", "client_secret_basic"}), "client_secret_basic");
}

}  // namespace
}  // namespace scenarios
