#include "pipe_world.hpp"

/// Programs that break the protocol, hang, loop or lie: each is told by what it did.
namespace scenarios {
namespace {

struct Hostile {
  const char* program;
  Broken::Who who;
  const char* what;  ///< what the classification says
};

class HostileAtStart : public PipeAdapterTest, public testing::WithParamInterface<Hostile> {};

TEST_P(HostileAtStart, IsClassified) {
  const Hostile& hostile = GetParam();
  const bool is_deaf = std::string{hostile.program} == "deaf";
  const PipeLimits limits{.start = is_deaf ? 1'000ms : 60'000ms, .grace = is_deaf ? 200ms : 30'000ms};
  const Broken result = broken(start_hostile(hostile.program, limits));
  EXPECT_EQ(result.who, hostile.who);
  EXPECT_THAT(result.what, HasSubstr(hostile.what));
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, HostileAtStart,
    testing::Values(Hostile{"exit_at_start", Broken::Who::kAdapter, "exited with code 0"},
                    Hostile{"traceback", Broken::Who::kSut,
                            "exited with code 1 in the middle of a call: no module named oauth"},
                    Hostile{"deaf", Broken::Who::kSut, "no reply within 1 s"},
                    Hostile{"yes_man", Broken::Who::kAdapter, "was not answered with unsupported"},
                    Hostile{"former_protocol", Broken::Who::kAdapter, "hello: \"protocol\" must be 2"},
                    Hostile{"unknown_policy", Broken::Who::kAdapter,
                            "hello: unknown policy \"refesh\" (expected one of: refresh, retries, "
                            "max_wait, leeway, redirect, keys; did you mean \"refresh\"?)"},
                    Hostile{"clockless", Broken::Who::kAdapter,
                            "set_clock: a client on virtual time must answer {now: what its clock "
                            "reads}"},
                    Hostile{"own_clock", Broken::Who::kAdapter,
                            "its clock reads 1000.0 where the run's reads 1893456000.0: it does not "
                            "live on virtual time"}),
    [](const auto& test) { return std::string{test.param.program}; });

class HostileInACall : public PipeAdapterTest, public testing::WithParamInterface<Hostile> {};

TEST_P(HostileInACall, IsClassifiedAndStaysBroken) {
  const Hostile& hostile = GetParam();
  const std::string name = hostile.program;
  const bool hangs = name == "silence" || name == "chatter" || name == "clock_watcher";
  // Where nothing hangs the limit must not be what ends it, however busy the machine is.
  const PipeLimits limits{.start = 60'000ms,
                          .silence = hangs ? 1'000ms : 60'000ms,
                          .grace = hangs ? 500ms : 30'000ms,
                          .line_bytes = 100'000};
  const Started started = start_hostile(hostile.program, limits);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  Adapter& adapter = *std::get<0>(started);
  const Broken result = broken(adapter.call({"get_access_token", oidc::Json::object()}));
  EXPECT_EQ(result.who, hostile.who);
  EXPECT_THAT(result.what, HasSubstr(hostile.what));
  EXPECT_EQ(broken(adapter.call({"get_access_token", oidc::Json::object()})).what, result.what);
  const auto ended = adapter.shutdown();
  ASSERT_EQ(ended.index(), 1U) << "a broken client does not end well";
  EXPECT_EQ(std::get<Broken>(ended).what, result.what);
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, HostileInACall,
    testing::Values(Hostile{"segv", Broken::Who::kSut,
                            "killed by signal 11 (Segmentation fault) in the middle of a call"},
                    Hostile{"exit_zero", Broken::Who::kAdapter, "exited with code 0 in the middle of a call"},
                    Hostile{"silence", Broken::Who::kSut, "no reply within 1 s"},
                    Hostile{"chatter", Broken::Who::kSut, "no reply within 1 s"},
                    Hostile{"clock_watcher", Broken::Who::kSut, "no reply within 1 s"},
                    Hostile{"confesses", Broken::Who::kAdapter, "the adapter's own code failed: Traceback: KeyError"},
                    Hostile{"garbage", Broken::Who::kAdapter, "not JSON"},
                    Hostile{"wrong_id", Broken::Who::kAdapter, "expected"},
                    Hostile{"both", Broken::Who::kAdapter, "this one has 2"},
                    Hostile{"unknown_kind", Broken::Who::kAdapter, "unknown err kind \"whatever\""},
                    Hostile{"dishonest", Broken::Who::kAdapter, "listed in hello"},
                    Hostile{"flood", Broken::Who::kAdapter, "a line of more than 100000 bytes"}),
    [](const auto& test) { return std::string{test.param.program}; });

TEST_F(PipeAdapterTest, OnlySilenceIsAHang) {
  const PipeLimits limits{.start = 60'000ms, .silence = 1'000ms, .grace = 500ms};
  const Started silent = start_hostile("silence", limits);
  ASSERT_TRUE(silent.index() == 0) << broken(silent).what;
  EXPECT_TRUE(broken(std::get<0>(silent)->call({"get_access_token"})).hung);
  const Started dead = start_hostile("segv");
  ASSERT_TRUE(dead.index() == 0) << broken(dead).what;
  EXPECT_FALSE(broken(std::get<0>(dead)->call({"get_access_token"})).hung);
}

TEST_F(PipeAdapterTest, WhatAScenarioLastsIsNoHangOnARealClock) {
  lasts_ = 250ms;
  const Started silent = start_hostile("silence", {.start = 60'000ms, .silence = 1'000ms, .grace = 500ms});
  ASSERT_TRUE(silent.index() == 0) << broken(silent).what;
  EXPECT_EQ(broken(std::get<0>(silent)->call({"get_access_token"})).what, "no reply within 1.25 s");
}

// Calls without an end, by the client's own time

class Endless : public PipeAdapterTest {
 protected:
  /// What is said of the call, which must have been ended.
  std::string ended(const std::string& program, PipeLimits limits) {
    const Started started = start_hostile(program, limits);
    if (started.index() != 0) {
      return broken(started).what;
    }
    Adapter& adapter = *std::get<0>(started);
    const CallResult result = adapter.call({"get_access_token"});
    const auto* overdue = std::get_if<Overdue>(&result);
    EXPECT_NE(overdue, nullptr) << broken(result).what;
    EXPECT_TRUE(std::holds_alternative<Broken>(adapter.call({"get_access_token"})))
        << "nothing more can be asked of it";
    EXPECT_EQ(adapter.shutdown().index(), 0U) << "it was judged, and could not end by itself";
    return overdue == nullptr ? "" : overdue->what;
  }
};

TEST_F(Endless, WhoWaitsOnAndOnIsOverdue) {
  EXPECT_EQ(ended("endless", {.start = 60'000ms, .silence = 60'000ms, .own_time = 1h}),
            "not done after 3600 s of its own time, and about to wait for 60 s more");
  EXPECT_EQ(clock_.now(), kStart + 1h);
}

TEST_F(Endless, TheTimeCountsFromTheCall) {
  clock_.advance(10h);
  EXPECT_EQ(ended("endless", {.start = 60'000ms, .silence = 60'000ms, .own_time = 120s}),
            "not done after 120 s of its own time, and about to wait for 60 s more");
}

TEST_F(Endless, WhoNapsWithoutTimePassingIsOverdueToo) {
  EXPECT_EQ(ended("sleepless", {.start = 60'000ms, .silence = 60'000ms, .sleeps = 50}),
            "slept more than 50 times in one call");
}

TEST_F(Endless, WhoAsksWithoutPauseIsOverdue) {
  requests_between_looks_ = 1'000;
  EXPECT_THAT(ended("silence", {.start = 60'000ms, .silence = 3'000ms, .requests = 200}),
              testing::EndsWith("000 requests without a pause"));
}

TEST_F(Endless, WhoAskedALittleBeforeItHungIsNot) {
  requests_between_looks_ = 10;
  most_requests_ = 30;
  const Started started = start_hostile("silence", {.start = 60'000ms, .silence = 1'000ms, .requests = 200});
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  EXPECT_EQ(broken(std::get<0>(started)->call({"get_access_token"})).what, "no reply within 1 s");
}

TEST_F(Endless, NapsOfSeveralCallsAreNotAddedUp) {
  const Started started = start_hostile("naps", {.start = 60'000ms, .silence = 60'000ms, .sleeps = 5});
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  for (int call = 0; call < 3; ++call) {
    const CallResult result = std::get<0>(started)->call({"get_access_token"});
    EXPECT_TRUE(std::holds_alternative<Ok>(result)) << broken(result).what;
  }
}

class HostileAtTheEnd : public PipeAdapterTest, public testing::WithParamInterface<Hostile> {};

TEST_P(HostileAtTheEnd, IsClassified) {
  const PipeLimits limits{.grace = std::string{GetParam().program} == "stays" ? 300ms : 10'000ms};
  const Started started = start_hostile(GetParam().program, limits);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  Adapter& adapter = *std::get<0>(started);
  EXPECT_TRUE(std::holds_alternative<Ok>(adapter.call({"get_access_token", oidc::Json::object()})));
  const auto ended = adapter.shutdown();
  ASSERT_EQ(ended.index(), 1U);
  EXPECT_EQ(std::get<Broken>(ended).who, GetParam().who);
  EXPECT_THAT(std::get<Broken>(ended).what, HasSubstr(GetParam().what));
}

INSTANTIATE_TEST_SUITE_P(Adapters, HostileAtTheEnd,
                         testing::Values(Hostile{"stays", Broken::Who::kSut, "did not end within 0.3 s of shutdown"},
                                         Hostile{"exits_badly", Broken::Who::kSut,
                                                 "exited with code 3 after shutdown"}),
                         [](const auto& test) { return std::string{test.param.program}; });

}  // namespace
}  // namespace scenarios
