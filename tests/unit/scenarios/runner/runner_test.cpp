#include "scenarios/runner.hpp"

#include <thread>

#include "fake_client.hpp"

namespace scenarios {
namespace {

using fake::all;
using fake::Behaviour;
using fake::kRefresh;
using fake::run;
using fake::scenario;
using fake::verdict;
using ::testing::HasSubstr;

Behaviour that(void (*change)(Behaviour&)) {
  Behaviour behaviour;
  change(behaviour);
  return behaviour;
}

Behaviour that_dies() {
  return that([](Behaviour& client) { client.dies = true; });
}

TEST(Runner, AWellBehavedClientPassesOverEveryTransport) {
  for (const Transport transport : {Transport::kDirect, Transport::kHttp, Transport::kHttps}) {
    const auto done = run(scenario(kRefresh), {}, fake::over(transport));
    EXPECT_EQ(done.outcome.verdict(), Verdict::kPass) << to_string(transport) << "\n" << all(done.outcome);
  }
}

TEST(Runner, NothingThatIsReportedHoldsAToken) {
  const Outcome outcome = run(scenario(kRefresh)).outcome;
  EXPECT_EQ(outcome.steps.at(0).result, "ok {\"access_token\":\"at#2\"}");
  EXPECT_THAT(outcome.storage_after.at("token.json").text, HasSubstr("\"refresh_token\":\"rt#2\""));
  EXPECT_THAT(outcome.storage_before.at("token.json").text, HasSubstr("\"refresh_token\":\"rt#1\""));
}

TEST(Runner, RunsAreAlike) {
  const Outcome first = run(scenario(kRefresh)).outcome;
  const Outcome second = run(scenario(kRefresh)).outcome;
  EXPECT_EQ(all(first), all(second));
  ASSERT_EQ(first.exchanges.size(), second.exchanges.size());
  EXPECT_EQ(to_json(first.exchanges[0]), to_json(second.exchanges[0]));
}

// Breakdowns

TEST(Runner, AClientThatDiesIsAnErrorAndNothingElseIsCharged) {
  const auto done = run(scenario(kRefresh), that_dies());
  EXPECT_EQ(done.outcome.verdict(), Verdict::kErrorSut);
  EXPECT_EQ(verdict(done, "renewed"), "ERROR(sut)");
  for (const char* id : {"once", "stored"}) {
    EXPECT_EQ(verdict(done, id), "NOT_REACHED");
    EXPECT_EQ(check(done, id).cause, "renewed");
  }
}

TEST(Runner, StepsAfterADeathAreNotReached) {
  std::string text = kRefresh;
  text.insert(text.find("expect:\n"), "  - {do: get_access_token, expect: {ok: {}}, check: again}\n");
  const auto done = run(scenario(text), that_dies());
  EXPECT_EQ(verdict(done, "again"), "NOT_REACHED");
  EXPECT_EQ(check(done, "again").cause, "renewed");
}

TEST(Runner, ACallWithoutEndIsChargedAndEndsTheScenario) {
  std::string text = kRefresh;
  text.insert(text.find("expect:\n"), "  - {do: get_access_token, expect: {ok: {}}, check: again}\n");
  const auto done = run(scenario(text), that([](Behaviour& client) { client.overdue = true; }));
  EXPECT_EQ(verdict(done, "renewed"), "FAIL");
  EXPECT_THAT(check(done, "renewed").observed, HasSubstr("still polling after 3600 s"));
  EXPECT_EQ(verdict(done, "again"), "NOT_REACHED");
  EXPECT_EQ(verdict(done, "once"), "NOT_REACHED");
}

TEST(Runner, AnAdapterThatDoesNotIntroduceItselfIsAnError) {
  const auto done = run(scenario(kRefresh), that([](Behaviour& client) { client.introduces_itself = false; }));
  EXPECT_EQ(done.outcome.verdict(), Verdict::kErrorAdapter);
  EXPECT_FALSE(done.outcome.client_started);
  EXPECT_EQ(check(done, "start").observed, "no such program");
  EXPECT_EQ(done.started, 0);
}

TEST(Runner, AnAdapterThatDoesNotStartIsAnErrorAndNothingElseIsSaid) {
  RunSettings settings;
  settings.rules = made::rules({made::statement("SEC-002", BookKind::kProduct)});
  const auto done = run(scenario(kRefresh), that([](Behaviour& client) { client.starts = false; }), settings);
  EXPECT_EQ(done.outcome.verdict(), Verdict::kErrorAdapter);
  EXPECT_FALSE(done.outcome.client_started);
  for (const CheckResult& result : done.outcome.checks) {
    EXPECT_TRUE(result.check == "start" || result.verdict == Verdict::kNotReached) << all(done.outcome);
  }
}

TEST(Runner, AnAdapterThatListsWhatItCannotDoIsAnError) {
  const auto done = run(scenario(kRefresh), that([](Behaviour& client) { client.lies_about_ops = true; }));
  EXPECT_EQ(verdict(done, "renewed"), "ERROR(adapter)");
}

TEST(Runner, AnExceptionIsTheHarnessesFault) {
  const auto done = run(scenario(kRefresh), that([](Behaviour& client) { client.throws = true; }));
  EXPECT_EQ(done.outcome.verdict(), Verdict::kErrorHarness);
  EXPECT_EQ(check(done, "harness").observed, "a bug in the harness at rt#1");
}

TEST(Runner, AnUncleanExitIsAnError) {
  const auto done = run(scenario(kRefresh), that([](Behaviour& client) { client.exits_cleanly = false; }));
  EXPECT_EQ(verdict(done, "clean-exit"), "ERROR(sut)");
}

TEST(Runner, ATokenInTheOutputFailsAndIsNotRepeated) {
  const auto done = run(scenario(kRefresh), that([](Behaviour& client) { client.talks = true; }));
  EXPECT_EQ(verdict(done, "no-secret-in-output"), "FAIL");
  EXPECT_EQ(done.outcome.output, "refreshing with rt#1");
}

// What the client cannot do

TEST(Runner, WhatTheClientCannotDoIsUnsupportedAndNoClientIsStarted) {
  Behaviour behaviour;
  behaviour.hello.ops.erase("get_access_token");
  const auto done = run(scenario(kRefresh), behaviour);
  EXPECT_EQ(done.outcome.verdict(), Verdict::kUnsupported);
  EXPECT_EQ(verdict(done, "once"), "UNSUPPORTED");
  EXPECT_EQ(done.started, 0);
  EXPECT_TRUE(done.outcome.exchanges.empty());
}

TEST(Runner, AStepThatTheClientCannotDoIsLeftOutAndTheScenarioGoesOn) {
  std::string text = kRefresh;
  text.insert(text.find("  - {do:"), "  - {do: userinfo, needs: {ops: [userinfo]}, expect: {ok: {}}, check: claims}\n");
  text += "  - {check: of-the-claims, requests: {to: token, during: 1, count: 0}, because: c}\n";
  const auto done = run(scenario(text));
  EXPECT_EQ(verdict(done, "claims"), "UNSUPPORTED");
  EXPECT_EQ(verdict(done, "renewed"), "PASS") << all(done.outcome);
  EXPECT_EQ(verdict(done, "once"), "PASS");
  EXPECT_EQ(verdict(done, "of-the-claims"), "NOT_REACHED") << "nothing could have been asked during that step";
  EXPECT_THAT(done.calls, ::testing::ElementsAre("storage_seed", "get_access_token"));
}

TEST(Runner, ACheckOfStorageIsUnsupportedAloneWhereNothingIsStored) {
  Behaviour behaviour;
  behaviour.hello.capabilities.erase("storage");
  const auto done = run(scenario(kRefresh), behaviour);
  EXPECT_EQ(verdict(done, "stored"), "UNSUPPORTED");
  EXPECT_EQ(verdict(done, "once"), "PASS");
  EXPECT_EQ(done.outcome.verdict(), Verdict::kPass);
}

TEST(Runner, ASavingFailureThatCannotBeMadeIsUnsupported) {
  EXPECT_EQ(run(fake::refresh_after("  - {tamper: {saving: fails}}\n")).outcome.verdict(), Verdict::kUnsupported);
}

TEST(Runner, TheBooksOfAClientMustExist) {
  Behaviour behaviour;
  behaviour.hello.books = {"prodict"};
  RunSettings settings;
  settings.rules = made::rules({});
  const auto done = run(scenario(kRefresh), behaviour, settings);
  EXPECT_EQ(verdict(done, "start"), "ERROR(adapter)");
  EXPECT_EQ(check(done, "start").observed,
            "hello: unknown book \"prodict\" (expected one of: oauth, practice, product); did you mean \"product\"?");
  EXPECT_EQ(done.started, 0);
}

TEST(Runner, TheRulesOfTheRunDecideWhatABreachIs) {
  RunSettings settings;
  settings.rules = made::rules({made::statement("S", BookKind::kSpecification, Level::kShould)});
  std::string text = kRefresh;
  text.replace(text.find("count: 1}"), 9, "count: 0}");
  EXPECT_EQ(verdict(run(scenario(text), {}, settings), "once"), "WARN");
  settings.rules = made::rules({made::statement("S", BookKind::kPractice)});
  EXPECT_EQ(verdict(run(scenario(text), {}, settings), "once"), "ADVICE");
  settings.rules.chosen = {"oauth"};
  EXPECT_EQ(verdict(run(scenario(text), {}, settings), "once"), "NOT_APPLICABLE");
}

// What did not come about

TEST(Runner, AMissingWitnessTurnsWhatWasSaidIntoNotReached) {
  const auto done = run(scenario(std::string{kRefresh} + "reached:\n  - {requests: {to: jwks, count: \">=1\"}}\n"));
  EXPECT_EQ(done.outcome.verdict(), Verdict::kNotReached);
  EXPECT_EQ(verdict(done, "once"), "NOT_REACHED");
  EXPECT_EQ(verdict(done, "no-secret-in-output"), "PASS");
}

TEST(Runner, AStepThatCannotTakePlaceIsNotReachedAndEndsTheScenario) {
  const auto done = run(fake::refresh_after("  - {issuer: {revoke: rt#9}}\n"));
  EXPECT_EQ(verdict(done, "step-1"), "NOT_REACHED");
  EXPECT_EQ(verdict(done, "renewed"), "NOT_REACHED");
  EXPECT_EQ(check(done, "renewed").cause, "step-1");
}

TEST(Runner, AScriptedStepThatDidNotHappenIsTheCauseOfWhatRestsOnIt) {
  const auto done = run(scenario(std::string{kRefresh} +
                                 "script:\n  - {id: keys-are-lost, when: {endpoint: jwks}, do: {status: 503}}\n"));
  for (const char* id : {"renewed", "once", "stored"}) {
    EXPECT_EQ(verdict(done, id), "NOT_REACHED") << id;
    EXPECT_EQ(check(done, id).cause, "keys-are-lost") << id;
  }
  EXPECT_EQ(done.outcome.verdict(), Verdict::kNotReached);
}

TEST(Runner, AnOptionalScriptedStepNeedNotHappen) {
  const auto done = run(
      scenario(std::string{kRefresh} + "script:\n  - {when: {endpoint: jwks}, do: {status: 503}, optional: true}\n"));
  EXPECT_EQ(done.outcome.verdict(), Verdict::kPass) << all(done.outcome);
}

TEST(Runner, ARequestToNowhereIsTold) {
  const auto done = run(scenario("steps:\n  - {do: request, path: /nowhere, expect: {ok: {status: 404}}}\n"));
  EXPECT_EQ(verdict(done, "no-unscripted-request"), "OBSERVED");
}

TEST(Runner, RedeemingElsewhereIsNotCountedAsTheClients) {
  std::string text = kRefresh;
  text.replace(text.find("ok: {access_token: at#2}"), 24, "err: {oauth_error: invalid_grant}");
  text.insert(text.find("  - {do:"), "  - {issuer: {refresh_elsewhere: rt#1}}\n");
  const auto done = run(scenario(text));
  EXPECT_EQ(verdict(done, "renewed"), "PASS") << all(done.outcome);
  EXPECT_EQ(verdict(done, "once"), "PASS") << all(done.outcome);
  EXPECT_EQ(done.outcome.exchanges.size(), 2U);
}

// Time, and many at once

constexpr const char* kParallel = R"(
session: {state: expired}
issuer: {refresh: same}
steps:
  - {parallel: {do: refresh, count: 4, of: threads}, expect: {ok: {access_token: {re: "at#.*"}}}, check: all}
  - {parallel: {do: refresh, count: 4, of: clients}, expect: {ok: {access_token: {re: "at#.*"}}}, check: all-clients}
expect:
  - {check: eight, requests: {to: token, count: 8}, because: c}
  - {check: side-by-side, time: "60..61", because: two waits of 30 s each}
)";

TEST(Runner, ParallelCallsWaitSideBySideInVirtualTime) {
  Behaviour behaviour;
  behaviour.sleeps = std::chrono::seconds{30};
  for (int repetition = 0; repetition < 20; ++repetition) {
    const Outcome outcome = run(scenario(kParallel), behaviour).outcome;
    ASSERT_EQ(outcome.verdict(), Verdict::kPass) << all(outcome);
  }
}

TEST(Runner, TimeAdvances) {
  const Outcome outcome = run(scenario(R"(
steps:
  - {advance: 2h}
  - {do: request, expect: {ok: {status: 401}}}
expect:
  - {check: two-hours, time: 7200, because: c}
)"))
                              .outcome;
  EXPECT_EQ(outcome.verdict(), Verdict::kPass) << all(outcome);
  EXPECT_EQ(outcome.steps.at(1).at, std::chrono::hours{2});
  EXPECT_EQ(outcome.exchanges.at(0).offset, std::chrono::hours{2});
}

TEST(Runner, ScenariosAtTheSameTimeShareNothing) {
  const Scenario refreshing = scenario(kRefresh);
  fake::Factory factory;
  const auto runner = Runner::create(factory, fake::over(Transport::kHttp)).value();
  std::vector<Outcome> outcomes(4);
  {
    std::vector<std::jthread> threads;
    for (Outcome& outcome : outcomes) {
      threads.emplace_back([&] { outcome = runner->run(refreshing); });
    }
  }
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.verdict(), Verdict::kPass) << all(outcome);
  }
}

}  // namespace
}  // namespace scenarios
