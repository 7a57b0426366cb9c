#include "runner/run_clock.hpp"

#include <gtest/gtest.h>

#include "fake_client.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using fake::scenario;

Hello living_on(TimeKind kind) {
  Hello hello;
  hello.time = kind;
  return hello;
}

TEST(VirtualRunClock, BeginsAtT0AndPassesWhenItIsToldTo) {
  const auto time = make_run_clock(TimeKind::kVirtual, "", {});
  EXPECT_EQ(oidc::epoch_seconds(time->start()).count(), 1'893'456'000);
  EXPECT_EQ(time->clock().now(), time->start());
  time->advance(1h);
  EXPECT_EQ(time->clock().now() - time->start(), 1h);
  EXPECT_EQ(time->slack(), 0s) << "in lock-step every wait is exact";
}

TEST(VirtualRunClock, CanBeSetWithoutTimePassing) {
  const auto time = make_run_clock(TimeKind::kVirtual, "", {});
  const auto before = time->clock().steady_now();
  EXPECT_TRUE(time->step_wall(1h));
  EXPECT_EQ(time->clock().now() - time->start(), 1h);
  EXPECT_EQ(time->clock().steady_now(), before);
}

TEST(RealRunClock, IsTheMachinesAndCannotBeSet) {
  const oidc::SystemClock machine;
  const auto before = machine.now();
  const auto time = make_run_clock(TimeKind::kReal, "", {});
  EXPECT_GE(time->start(), before);
  EXPECT_LE(time->start(), machine.now());
  EXPECT_FALSE(time->step_wall(1h));
  EXPECT_GT(time->slack(), 0s);
  EXPECT_LT(time->slack(), 1s);
}

// What a real clock allows

TEST(BeyondTime, NothingIsInVirtualTime) {
  const Scenario long_one =
      scenario("client: {clock_skew: 5}\nlasts: 1d\nsteps: [{do: login}, {advance: to_expiry}, {step_wall: -60}]\n");
  EXPECT_EQ(beyond_time(long_one, living_on(TimeKind::kVirtual), 10s), "");
}

TEST(BeyondTime, WhatTheStepsAndTheClientTakeMustFit) {
  const Scenario takes_ten = scenario("lasts: 4\nsteps: [{do: login}, {advance: 5}, {advance: 1}]\n");
  EXPECT_EQ(beyond_time(takes_ten, living_on(TimeKind::kReal), 10s), "");
  EXPECT_EQ(beyond_time(takes_ten, living_on(TimeKind::kReal), 9s),
            "time: it takes 10 s of a real clock, and --real-time allows 9");
}

TEST(BeyondTime, ATokenOfUsualLifetimeDoesNotGrowOldWithinIt) {
  const Scenario waits = scenario("steps: [{do: login}, {advance: to_expiry}]\n");
  EXPECT_EQ(beyond_time(waits, living_on(TimeKind::kReal), 1h),
            "time: it takes 3601 s of a real clock, and --real-time allows 3600");
}

TEST(BeyondTime, ATokenThatLivesShorterOnARealClockDoes) {
  const Scenario waits = scenario(
      "issuer: {lifetimes: {access: 300}}\nreal: {issuer: {lifetimes: {access: 4}}}\n"
      "steps: [{do: login}, {advance: to_due}, {do: renew}, {advance: to_expiry}]\n");
  Hello client = living_on(TimeKind::kReal);
  client.policy.leeway = 2s;
  EXPECT_EQ(beyond_time(waits, client, 14s), "") << "7 s each: its life, the leeway, and a second to be sure";
  EXPECT_NE(beyond_time(waits, client, 13s), "");
  client.policy.refresh = {RefreshPolicy::When::kBefore, 1};
  EXPECT_EQ(beyond_time(waits, client, 11s), "") << "due after 3 s, and a second to be sure";
  EXPECT_NE(beyond_time(waits, client, 10s), "");
}

TEST(BeyondTime, TheMachinesClockIsNotSet) {
  for (const char* lines :
       {"steps: [{do: login}, {step_wall: 60}]\n", "client: {clock_skew: 5}\nsteps: [{do: login}]\n"}) {
    EXPECT_EQ(beyond_time(scenario(lines), living_on(TimeKind::kReal), 1h),
              "time: it sets a wall clock, and the client lives on the machine's")
        << lines;
  }
}

TEST(BeyondTime, MakesTheScenarioUnsupportedBeforeAClientStarts) {
  fake::Behaviour behaviour;
  behaviour.hello.time = TimeKind::kReal;
  RunSettings settings;
  settings.real_time = 5s;
  const auto done =
      fake::run(scenario("steps: [{do: login}, {advance: 6}]\nexpect:\n  - {check: x, time: 6, because: c}\n"),
                behaviour, settings);
  EXPECT_EQ(fake::verdict(done, "x"), "UNSUPPORTED");
  EXPECT_EQ(fake::check(done, "x").observed, "time: it takes 6 s of a real clock, and --real-time allows 5");
  EXPECT_EQ(done.started, 0);
}

TEST(OnARealClock, AScenarioRunsNowByItsOwnSettings) {
  fake::Behaviour behaviour;
  behaviour.hello.time = TimeKind::kReal;
  const auto before = oidc::epoch_seconds(oidc::SystemClock{}.now()).count();
  const auto done = fake::run(
      scenario("issuer: {lifetimes: {access: 3600}}\nreal: {issuer: {lifetimes: {access: 7}}}\n"
               "session: {state: fresh}\nsteps: [{do: refresh, expect: {ok: {access_token: at#2}}, check: x}]\n"),
      behaviour);
  EXPECT_EQ(fake::verdict(done, "x"), "PASS") << fake::all(done.outcome);
  const auto stored = oidc::parse_json(done.outcome.storage_before.at("token.json").text);
  EXPECT_GE((*stored)["_iat"].get<long long>(), before);
  EXPECT_LT((*stored)["_iat"].get<long long>(), before + 60);
  EXPECT_EQ((*stored)["expires_in"], 7);
}

TEST(OnAVirtualClock, WhatIsForRealOnesChangesNothing) {
  const auto done =
      fake::run(scenario("real: {issuer: {lifetimes: {access: 7}}}\nsession: {state: fresh}\n"
                         "steps: [{do: refresh, expect: {any: true}}]\n"));
  EXPECT_EQ((*oidc::parse_json(done.outcome.storage_before.at("token.json").text))["expires_in"], 3600);
}

}  // namespace
}  // namespace scenarios
