#include "runner/needs.hpp"

#include <gtest/gtest.h>

#include "judged_run.hpp"

namespace scenarios {
namespace {

using When = RefreshPolicy::When;

Hello capable() {
  Hello hello;
  hello.flows = {"code", "password"};
  hello.ops = {"login", "get_access_token", "refresh"};
  hello.auth_methods = {"none"};
  return hello;
}

/// One that asks for a token.
Scenario scenario_of(const oidc::Json& client) {
  Scenario scenario;
  scenario.client = client;
  scenario.steps.resize(1);
  scenario.steps[0].action = DoStep{"get_access_token", oidc::Json::object()};
  return scenario;
}

Scenario with(const std::string& lines) {
  return made::scenario_of(lines);
}

TEST(UnmetNeed, AMethodOfAuthenticationTakesAClientThatHasIt) {
  const Scenario scenario = scenario_of({{"auth", "private_key_jwt"}});
  Hello hello = capable();
  EXPECT_EQ(unmet_need(scenario, hello), "the client does not authenticate by private_key_jwt");
  hello.auth_methods = {"client_secret_basic", "private_key_jwt"};
  EXPECT_EQ(unmet_need(scenario, hello), "");
  EXPECT_EQ(unmet_need(scenario_of({{"auth", "none"}}), hello), "the client does not authenticate by none");
}

TEST(UnmetNeed, AFlowTakesAClientThatHasIt) {
  EXPECT_EQ(unmet_need(scenario_of({{"flow", "password"}}), capable()), "");
  EXPECT_EQ(unmet_need(scenario_of({{"flow", "device"}}), capable()), "the client has no flow \"device\"");
}

TEST(UnmetNeed, WhoOnlyValidatesTokensNeedsNoFlow) {
  Hello hello;
  hello.ops = {"validate"};
  EXPECT_EQ(unmet_need(with("client: {flow: client_credentials}\nsteps: [{do: validate, token: x}]\n"), hello), "");
  EXPECT_EQ(unmet_need(with("steps: [{do: validate, token: x}, {do: refresh}]\n"), hello),
            "the client has no operation \"refresh\"");
}

TEST(UnmetNeed, CredentialsOfItsOwnTakeAWayToAuthenticate) {
  Hello hello = capable();
  hello.flows = {"client_credentials"};
  const Scenario scenario = scenario_of({{"flow", "client_credentials"}});
  EXPECT_EQ(unmet_need(scenario, hello), "the client has no way to authenticate, and client_credentials takes one");
  hello.auth_methods = {"none", "client_secret_post"};
  EXPECT_EQ(unmet_need(scenario, hello), "");
}

TEST(UnmetNeed, StepsImplyTheirOperations) {
  Hello hello = capable();
  EXPECT_EQ(unmet_need(with("steps: [{do: refresh}]\n"), hello), "");
  EXPECT_EQ(unmet_need(with("steps: [{do: userinfo}]\n"), hello), "the client has no operation \"userinfo\"");
}

TEST(UnmetNeed, ASessionCanBeMadeByALogin) {
  EXPECT_EQ(unmet_need(with("session: {state: due}\nsteps: [{do: refresh}]\n"), capable()), "");
}

TEST(UnmetNeed, ASessionThatNoLoginMakesMustBeSeeded) {
  EXPECT_EQ(unmet_need(with("session: {state: due, omit: [id_token]}\nsteps: [{do: refresh}]\n"), capable()),
            "the client has no operation \"storage_seed\"");
}

TEST(UnmetNeed, RestartAndTamperingTakeAStore) {
  Hello hello = capable();
  for (const char* step : {"restart: true", "tamper: {remove: true}", "parallel: {do: refresh, of: clients}"}) {
    const Scenario scenario = with(std::string{"steps: [{"} + step + "}]\n");
    EXPECT_EQ(unmet_need(scenario, hello), "the client has no capability \"storage\"") << step;
    Hello storing = hello;
    storing.capabilities = {"storage"};
    EXPECT_EQ(unmet_need(scenario, storing), "") << step;
  }
  EXPECT_EQ(unmet_need(with("steps: [{parallel: {do: refresh, of: threads}}]\n"), hello),
            "the client has no capability \"threads\"");
}

TEST(UnmetNeed, LoginCanBeHadInTwoHalves) {
  Hello hello = capable();
  const Scenario scenario = with("steps: [{do: login}]\n");
  hello.ops = {"authorization_url", "callback"};
  EXPECT_EQ(unmet_need(scenario, hello), "");
  hello.ops = {"authorization_url"};
  EXPECT_EQ(unmet_need(scenario, hello), "the client has no operation \"login\"");
  hello.ops = {"callback"};
  EXPECT_EQ(unmet_need(scenario, hello), "the client has no operation \"login\"");
}

TEST(UnmetNeed, RenewingTakesWhatThePolicySays) {
  const Scenario scenario = with("steps: [{do: renew}]\n");
  Hello hello = capable();
  hello.ops = {"refresh"};
  EXPECT_EQ(unmet_need(scenario, hello), "the client has no operation \"get_access_token\"");
  hello.policy.refresh.when = When::kOnRequest;
  EXPECT_EQ(unmet_need(scenario, hello), "");
  hello.ops = {"get_access_token"};
  for (const When when :
       {When::kUndeclared, When::kBefore, When::kRatio, When::kOnExpiry, When::kOn401, When::kOnRequest}) {
    hello.policy.refresh.when = when;
    EXPECT_EQ(unmet_need(scenario, hello), "");
  }
}

TEST(UnmetNeed, WhatOneStepNeedsIsNoNeedOfTheScenario) {
  const Scenario scenario =
      with("steps:\n  - {do: refresh}\n  - {do: userinfo, needs: {ops: [userinfo]}, expect: {ok: {}}}\n");
  EXPECT_EQ(unmet_need(scenario, capable()), "");
}

TEST(UnmetNeed, AStepThatNeedsSomethingNeedsItsOperationToo) {
  const Scenario scenario = with("steps: [{do: userinfo, needs: {policy: [listens]}, expect: {ok: {}}}]\n");
  EXPECT_EQ(unmet_need(scenario, capable()), "");
  EXPECT_EQ(unmet_need(scenario.steps[0].judged.needs, capable()), "the client has no operation \"userinfo\"")
      << "or it would be asked for what it never listed";
}

TEST(UnmetNeed, AParallelStepThatNeedsSomethingNeedsItsKindToo) {
  const Scenario scenario =
      with("steps: [{parallel: {do: refresh, of: clients}, needs: {policy: [listens]}, expect: {ok: {}}}]\n");
  EXPECT_EQ(unmet_need(scenario.steps[0].judged.needs, capable()), "the client has no capability \"storage\"");
}

TEST(UnmetNeed, AStorageCheckNeedsAStoreForItselfOnly) {
  const Scenario scenario =
      with("steps: [{do: refresh}]\nexpect:\n  - {check: x, storage: {exists: true}, because: c}\n");
  EXPECT_EQ(unmet_need(scenario, capable()), "");
  EXPECT_EQ(unmet_need(scenario.checks[0].judged.needs, capable()), "the client has no capability \"storage\"");
}

TEST(UnmetNeed, APolicyMustBeDeclared) {
  Needs needs;
  needs.policy = {"listens", "retries_in_call"};
  Hello hello = capable();
  EXPECT_EQ(unmet_need(needs, hello), "the client does not say that it repeats refused requests by itself");
  hello.policy.retries_in_call = true;
  EXPECT_EQ(unmet_need(needs, hello), "");
}

TEST(UnknownZone, IsToldForAProgramWouldTakeUtcForIt) {
  Scenario scenario;
  EXPECT_EQ(unknown_zone(scenario, "/nowhere"), "") << "it asks for none";
  scenario.surroundings = {{"time_zone", "zones"}};
  EXPECT_EQ(unknown_zone(scenario, "/nowhere"), "this machine knows no time zone zones");
  scenario.surroundings = {{"time_zone", "."}};
  EXPECT_EQ(unknown_zone(scenario, testing::TempDir()), "");
}

}  // namespace
}  // namespace scenarios
