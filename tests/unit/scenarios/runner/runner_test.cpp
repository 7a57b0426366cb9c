#include "scenarios/runner.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "oidc/form.hpp"

namespace scenarios {
namespace {

using oidc::Json;
using ::testing::HasSubstr;

/// What the fake client does wrong, or does at all.
struct Behaviour {
  std::set<std::string> ops = {"get_access_token", "refresh", "storage_seed", "login", "request"};
  std::set<std::string> capabilities = {"virtual_clock", "storage", "typed_errors", "threads"};
  bool dies = false;
  bool lies_about_ops = false;
  bool throws = false;
  bool starts = true;
  bool exits_cleanly = true;
  bool talks = false;
  oidc::Duration sleeps{};
};

/// A small client: one file, one refresh for each call of get_access_token.
class FakeAdapter final : public Adapter {
 public:
  FakeAdapter(Behaviour behaviour, ClientSetup setup, Surroundings surroundings)
      : behaviour_{std::move(behaviour)}, setup_{std::move(setup)}, surroundings_{std::move(surroundings)} {
    hello_.name = "fake";
    hello_.ops = behaviour_.ops;
    hello_.flows = {"code"};
    hello_.capabilities = behaviour_.capabilities;
  }

  const Hello& hello() const override { return hello_; }
  bool set_saving_fails(bool /*fails*/) override { return false; }
  std::string output() const override { return output_; }
  std::variant<std::monostate, Broken> shutdown() override {
    if (behaviour_.exits_cleanly) {
      return std::monostate{};
    }
    return Broken{Broken::Who::kSut, "killed by signal 11"};
  }

  CallResult call(const Call& call) override {
    if (call.op == "storage_seed") {
      std::ofstream{file()} << oidc::to_text(call.args["credential"]);
      return Ok{};
    }
    if (behaviour_.throws) {
      std::ifstream stream{file()};
      const std::string token = Json::parse(stream)["refresh_token"];
      throw std::runtime_error{"a bug in the harness at " + token};
    }
    if (behaviour_.dies) {
      return Broken{Broken::Who::kSut, "killed by signal 11"};
    }
    if (behaviour_.lies_about_ops) {
      return Unsupported{"not today"};
    }
    if (call.op == "request") {
      const auto reply = surroundings_.transport->send({"GET", call.args["url"].get<std::string>(), {}, ""});
      return Ok{{{"status", reply->status}}};
    }
    surroundings_.clock.sleep_for(behaviour_.sleeps);
    return refresh();
  }

 private:
  std::filesystem::path file() const { return std::filesystem::path{setup_.storage_dir} / "token.json"; }

  CallResult refresh() {
    std::ifstream stream{file()};
    const Json stored = Json::parse(stream);
    const auto token = stored["refresh_token"].get<std::string>();
    if (behaviour_.talks) {
      output_ += "refreshing with " + token;
    }
    const oidc::Form form{{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", setup_.client_id}};
    const auto reply = surroundings_.transport->send(
        {"POST", setup_.issuer + "/token", {{"Content-Type", "application/x-www-form-urlencoded"}}, form.encode()});
    if (!reply) {
      return Err{"network", false, "", 0, "", reply.error().message};
    }
    const Json body = Json::parse(reply->body);
    if (reply->status != 200) {
      return Err{"reauth_required", true, body["error"].get<std::string>(), reply->status, "", ""};
    }
    Json next = stored;
    next.update(body);
    // Replaced as a whole: other clients read it at the same time.
    const auto temporary = file().string() + "." + std::to_string(surroundings_.seed) + "." + std::to_string(++saves_);
    std::ofstream{temporary} << next.dump();
    std::filesystem::rename(temporary, file());
    return Ok{{{"access_token", body["access_token"]}}};
  }

  Behaviour behaviour_;
  ClientSetup setup_;
  Surroundings surroundings_;
  Hello hello_;
  std::string output_;
  std::atomic<int> saves_ = 0;
};

class FakeFactory final : public AdapterFactory {
 public:
  explicit FakeFactory(Behaviour behaviour = {}) : behaviour_{std::move(behaviour)} {}
  std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                       const Surroundings& surroundings) override {
    if (!behaviour_.starts) {
      return Broken{Broken::Who::kAdapter, "no such program"};
    }
    return std::unique_ptr<Adapter>{std::make_unique<FakeAdapter>(behaviour_, setup, surroundings)};
  }
  bool can_use_direct_transport() const override { return true; }
  std::string description() const override { return "fake"; }

 private:
  Behaviour behaviour_;
};

constexpr const char* kRefresh = R"(
title: A
why: b
statements: [S]
session: {issued: -3700}
steps:
  - {do: get_access_token, expect: {ok: {access_token: at#2}}, check: renewed}
expect:
  - {check: once, requests: {to: token, count: 1}, because: c}
  - {check: stored, storage: {contains: [rt#2], absent: [rt#1]}, because: c}
)";

Scenario scenario_of(const std::string& text) {
  auto scenario = parse_scenario(text, "test/fake", "fake.yaml");
  if (!scenario) {
    throw std::logic_error{scenario.error().message};
  }
  return *std::move(scenario);
}

Outcome run(const Scenario& scenario, Behaviour behaviour = {}, Transport transport = Transport::kDirect) {
  FakeFactory factory{std::move(behaviour)};
  return Runner::create(factory, transport).value()->run(scenario);
}

const CheckResult& check(const Outcome& outcome, const std::string& id) {
  for (const CheckResult& result : outcome.checks) {
    if (result.check == id) {
      return result;
    }
  }
  throw std::logic_error{"no check " + id};
}

std::string all(const Outcome& outcome) {
  std::string text;
  for (const CheckResult& result : outcome.checks) {
    text += result.check + " " + std::string{to_string(result.verdict)} + " | " + result.expected + " | " +
            result.observed + "\n";
  }
  return text;
}

TEST(Runner, AWellBehavedClientPassesOverEveryTransport) {
  const Scenario scenario = scenario_of(kRefresh);
  for (const Transport transport : {Transport::kDirect, Transport::kHttp, Transport::kHttps}) {
    const Outcome outcome = run(scenario, {}, transport);
    EXPECT_EQ(outcome.verdict(), Verdict::kPass) << to_string(transport) << "\n" << all(outcome);
  }
}

TEST(Runner, NothingThatIsReportedHoldsAToken) {
  const Outcome outcome = run(scenario_of(kRefresh));
  EXPECT_EQ(outcome.steps.at(0).result, "ok {\"access_token\":\"at#2\"}");
  EXPECT_THAT(outcome.storage_after.at("token.json").text, HasSubstr("\"refresh_token\":\"rt#2\""));
  EXPECT_THAT(outcome.storage_before.at("token.json").text, HasSubstr("\"refresh_token\":\"rt#1\""));
}

TEST(Runner, RunsAreAlike) {
  const Scenario scenario = scenario_of(kRefresh);
  const Outcome first = run(scenario);
  const Outcome second = run(scenario);
  EXPECT_EQ(all(first), all(second));
  ASSERT_EQ(first.exchanges.size(), second.exchanges.size());
  EXPECT_EQ(to_json(first.exchanges[0]), to_json(second.exchanges[0]));
}

TEST(Runner, AClientThatDiesIsAnErrorAndTheRestIsStillJudged) {
  Behaviour behaviour;
  behaviour.dies = true;
  const Outcome outcome = run(scenario_of(kRefresh), behaviour);
  EXPECT_EQ(outcome.verdict(), Verdict::kErrorSut);
  EXPECT_EQ(check(outcome, "renewed").verdict, Verdict::kErrorSut);
  EXPECT_EQ(check(outcome, "once").verdict, Verdict::kFail);
  EXPECT_EQ(check(outcome, "stored").verdict, Verdict::kFail);
}

TEST(Runner, StepsAfterADeathAreNotReached) {
  std::string text = kRefresh;
  text.replace(text.find("expect:\n"), 0, "  - {do: get_access_token, expect: {ok: {}}, check: again}\n");
  Behaviour behaviour;
  behaviour.dies = true;
  EXPECT_EQ(check(run(scenario_of(text), behaviour), "again").verdict, Verdict::kNotReached);
}

TEST(Runner, AnAdapterThatDoesNotStartIsAnError) {
  Behaviour behaviour;
  behaviour.starts = false;
  const Outcome outcome = run(scenario_of(kRefresh), behaviour);
  EXPECT_EQ(outcome.verdict(), Verdict::kErrorAdapter);
  EXPECT_EQ(check(outcome, "renewed").verdict, Verdict::kNotReached);
  for (const CheckResult& check : outcome.checks) {
    EXPECT_TRUE(check.check == "start" || check.verdict == Verdict::kNotReached) << check.check;
  }
}

TEST(Runner, AnAdapterThatListsWhatItCannotDoIsAnError) {
  Behaviour behaviour;
  behaviour.lies_about_ops = true;
  EXPECT_EQ(check(run(scenario_of(kRefresh), behaviour), "renewed").verdict, Verdict::kErrorAdapter);
}

TEST(Runner, AnExceptionIsTheHarnessesFault) {
  Behaviour behaviour;
  behaviour.throws = true;
  const Outcome outcome = run(scenario_of(kRefresh), behaviour);
  EXPECT_EQ(outcome.verdict(), Verdict::kErrorHarness);
  EXPECT_EQ(check(outcome, "harness").observed, "a bug in the harness at rt#1");
}

TEST(Runner, AnUncleanExitIsAnError) {
  Behaviour behaviour;
  behaviour.exits_cleanly = false;
  EXPECT_EQ(check(run(scenario_of(kRefresh), behaviour), "clean-exit").verdict, Verdict::kErrorSut);
}

TEST(Runner, WhatTheClientCannotDoIsUnsupportedNotPassed) {
  for (const char* op : {"get_access_token", "storage_seed"}) {
    Behaviour behaviour;
    behaviour.ops.erase(op);
    const Outcome outcome = run(scenario_of(kRefresh), behaviour);
    EXPECT_EQ(outcome.verdict(), Verdict::kUnsupported) << op;
    EXPECT_EQ(check(outcome, "once").verdict, Verdict::kUnsupported);
    EXPECT_TRUE(outcome.exchanges.empty());
  }
}

TEST(Runner, ASavingFailureThatCannotBeMadeIsUnsupported) {
  std::string text = kRefresh;
  text.replace(text.find("  - {do:"), 0, "  - {tamper: {saving: fails}}\n");
  EXPECT_EQ(run(scenario_of(text)).verdict(), Verdict::kUnsupported);
}

TEST(Runner, AMissingWitnessTurnsPassIntoNotReached) {
  const std::string text = std::string{kRefresh} + "reached:\n  - {requests: {to: jwks, count: \">=1\"}}\n";
  const Outcome outcome = run(scenario_of(text));
  EXPECT_EQ(outcome.verdict(), Verdict::kNotReached);
  EXPECT_EQ(check(outcome, "once").verdict, Verdict::kNotReached);
  EXPECT_EQ(check(outcome, "no-secret-in-output").verdict, Verdict::kPass);
}

TEST(Runner, AStepThatCannotTakePlaceIsNotReached) {
  std::string text = kRefresh;
  text.replace(text.find("  - {do:"), 0, "  - {issuer: {revoke: rt#9}}\n");
  const Outcome outcome = run(scenario_of(text));
  EXPECT_EQ(check(outcome, "step-1").verdict, Verdict::kNotReached);
  EXPECT_EQ(check(outcome, "renewed").verdict, Verdict::kNotReached);
}

TEST(Runner, AShouldThatIsMissedIsAWarning) {
  std::string text = kRefresh;
  text.replace(text.find("count: 1}"), 9, "count: 5}, level: should");
  const Outcome outcome = run(scenario_of(text));
  EXPECT_EQ(check(outcome, "once").verdict, Verdict::kWarn);
  EXPECT_EQ(outcome.verdict(), Verdict::kWarn);
}

TEST(Runner, AScriptedStepThatDidNotHappenFails) {
  const std::string text = std::string{kRefresh} + "script:\n  - {when: {endpoint: jwks}, do: {status: 503}}\n";
  EXPECT_EQ(check(run(scenario_of(text)), "every-step-delivered").verdict, Verdict::kFail);
}

TEST(Runner, ARequestToNowhereFails) {
  const Outcome outcome = run(scenario_of(R"(
title: A
why: b
statements: [S]
steps:
  - {do: request, path: /nowhere, expect: {ok: {status: 404}}}
)"));
  EXPECT_EQ(check(outcome, "no-unscripted-request").verdict, Verdict::kFail);
}

TEST(Runner, ATokenInTheOutputFailsAndIsNotRepeated) {
  Behaviour behaviour;
  behaviour.talks = true;
  const Outcome outcome = run(scenario_of(kRefresh), behaviour);
  EXPECT_EQ(check(outcome, "no-secret-in-output").verdict, Verdict::kFail);
  EXPECT_EQ(outcome.output, "refreshing with rt#1");
}

TEST(Runner, RedeemingElsewhereIsNotCountedAsTheClients) {
  std::string text = kRefresh;
  text.replace(text.find("  - {do:"), 0, "  - {issuer: {refresh_elsewhere: rt#1}}\n");
  text.replace(text.find("ok: {access_token: at#2}"), 24, "err: {oauth_error: invalid_grant}");
  const Outcome outcome = run(scenario_of(text));
  EXPECT_EQ(check(outcome, "renewed").verdict, Verdict::kPass) << all(outcome);
  EXPECT_EQ(check(outcome, "once").verdict, Verdict::kPass) << all(outcome);
  EXPECT_EQ(outcome.exchanges.size(), 2U);
}

constexpr const char* kParallel = R"(
title: A
why: b
statements: [S]
session: {issued: -3700}
issuer: {refresh: same}
steps:
  - {parallel: {do: refresh, count: 4, of: threads}, expect: {ok: {access_token: {re: "^at#"}}}, check: all}
  - {parallel: {do: refresh, count: 4, of: clients}, expect: {ok: {access_token: {re: "^at#"}}}, check: all-clients}
expect:
  - {check: eight, requests: {to: token, count: 8}, because: c}
  - {check: side-by-side, time: 60, because: two waits of 30 s each}
)";

TEST(Runner, ParallelCallsWaitSideBySideInVirtualTime) {
  Behaviour behaviour;
  behaviour.sleeps = std::chrono::seconds{30};
  for (int repetition = 0; repetition < 20; ++repetition) {
    const Outcome outcome = run(scenario_of(kParallel), behaviour);
    ASSERT_EQ(outcome.verdict(), Verdict::kPass) << all(outcome);
  }
}

TEST(Runner, TimeAdvancesAndTheClientsClockIsSkewed) {
  const Outcome outcome = run(scenario_of(R"(
title: A
why: b
statements: [S]
steps:
  - {advance: 2h}
  - {do: request, expect: {ok: {status: 401}}}
expect:
  - {check: two-hours, time: 7200, because: c}
)"));
  EXPECT_EQ(outcome.verdict(), Verdict::kPass) << all(outcome);
  EXPECT_EQ(outcome.steps.at(1).at, std::chrono::hours{2});
  EXPECT_EQ(outcome.exchanges.at(0).offset, std::chrono::hours{2});
}

TEST(Runner, ScenariosAtTheSameTimeShareNothing) {
  const Scenario scenario = scenario_of(kRefresh);
  FakeFactory factory;
  const auto runner = Runner::create(factory, Transport::kHttp).value();
  std::vector<Outcome> outcomes(4);
  {
    std::vector<std::jthread> threads;
    for (Outcome& outcome : outcomes) {
      threads.emplace_back([&] { outcome = runner->run(scenario); });
    }
  }
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.verdict(), Verdict::kPass) << all(outcome);
  }
}

}  // namespace
}  // namespace scenarios
