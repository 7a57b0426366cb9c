#include <gmock/gmock.h>

#include "judged_run.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Scenario of(const std::string& lines) {
  return made::scenario_of(lines);
}

/// The only step of a scenario.
ScenarioStep step(const std::string& text) {
  return of("steps:\n  - " + text + "\n").steps.at(0);
}

/// The only check of a scenario.
Check check_of(const std::string& text) {
  return of("steps: [{do: login}]\nexpect:\n  - " + text + "\n").checks.at(0);
}

TEST(BuildStep, ExpectsWhatIsSaid) {
  const ScenarioStep ok = step("{do: login, expect: {ok: {access_token: at#1}}}");
  ASSERT_EQ(ok.expect.size(), 1U);
  EXPECT_TRUE(ok.expect[0].ok);
  EXPECT_EQ(ok.expect[0].members, (oidc::Json{{"access_token", "at#1"}}));
  const ScenarioStep err = step("{do: login, expect: {err: {kind: denied}}}");
  ASSERT_EQ(err.expect.size(), 1U);
  EXPECT_FALSE(err.expect[0].ok);
}

TEST(BuildStep, ExpectsOneOfSeveral) {
  const ScenarioStep either = step("{do: login, expect: {one_of: [{ok: {}}, {err: {kind: denied}}]}}");
  ASSERT_EQ(either.expect.size(), 2U);
  EXPECT_TRUE(either.expect[0].ok);
  EXPECT_FALSE(either.expect[1].ok);
  EXPECT_FALSE(either.any_result);
}

TEST(BuildStep, ExpectsNothingWhereAnythingIsFine) {
  const ScenarioStep any = step("{do: login, expect: {any: true}}");
  EXPECT_TRUE(any.any_result);
  EXPECT_FALSE(any.has_expectation());
  EXPECT_FALSE(step("{do: login}").any_result);
}

TEST(BuildStep, IsJudgedByTheScenariosStatementsOrByItsOwn) {
  EXPECT_THAT(step("{do: login, expect: {ok: {}}}").judged.statements, ElementsAre("S"));
  EXPECT_THAT(step("{do: login, statement: U, expect: {ok: {}}}").judged.statements, ElementsAre("U"));
  EXPECT_THAT(step("{do: login, statement: [U, S], expect: {ok: {}}}").judged.statements, ElementsAre("U", "S"));
  EXPECT_THAT(step("{do: login}").judged.statements, IsEmpty()) << "nobody states that it must succeed";
}

TEST(BuildStep, HasANumberForANameWhereItHasNone) {
  const Scenario scenario = of("steps: [{do: login}, {do: refresh, check: again}, {advance: 1}]\n");
  EXPECT_EQ(scenario.steps[0].judged.id, "step-1");
  EXPECT_EQ(scenario.steps[1].judged.id, "again");
  EXPECT_EQ(scenario.steps[2].judged.id, "step-3");
}

TEST(BuildStep, KeepsItsArgumentsOnly) {
  const auto call = std::get<DoStep>(step("{do: request, path: /x, needs: {policy: [listens]}, rests_on: [], check: c, "
                                          "statement: U, because: b, expect: {ok: {}}}")
                                         .action);
  EXPECT_EQ(call.args, (oidc::Json{{"path", "/x"}}));
}

TEST(BuildStep, AdvancesByADurationOrToAMoment) {
  EXPECT_EQ(std::get<AdvanceStep>(step("{advance: 15m}").action).by, 15min);
  EXPECT_EQ(std::get<AdvanceStep>(step("{advance: 15m}").action).to, AdvanceStep::To::kBy);
  EXPECT_EQ(std::get<AdvanceStep>(step("{advance: to_due}").action).to, AdvanceStep::To::kDue);
  EXPECT_EQ(std::get<AdvanceStep>(step("{advance: to_expiry}").action).to, AdvanceStep::To::kExpiry);
}

TEST(BuildCheck, RestsOnWhatIsSaidOrOnWhatIsDerived) {
  EXPECT_EQ(check_of("{check: c, time: 1}").judged.rests_on, std::nullopt);
  EXPECT_THAT(*check_of("{check: c, time: 1, rests_on: []}").judged.rests_on, IsEmpty());
  EXPECT_THAT(*check_of("{check: c, time: 1, rests_on: [step-1]}").judged.rests_on, ElementsAre("step-1"));
}

TEST(BuildCheck, NeedsWhatIsSaid) {
  const Needs needs = check_of(
                          "{check: c, time: 1, needs: {ops: [refresh], flows: [code], capabilities: [x], policy: "
                          "[listens]}}")
                          .judged.needs;
  EXPECT_THAT(needs.ops, ElementsAre("refresh"));
  EXPECT_THAT(needs.flows, ElementsAre("code"));
  EXPECT_THAT(needs.capabilities, ElementsAre("x"));
  EXPECT_THAT(needs.policy, ElementsAre("listens"));
  EXPECT_THAT(check_of("{check: c, storage: {exists: true}}").judged.needs.capabilities, ElementsAre("storage"));
}

TEST(BuildCheck, MayStateItsOwnRule) {
  const Scenario scenario = of(R"(steps: [{do: login}]
expect:
  - {check: a, time: 1, statement: {id: MINE-1, level: SHOULD, text: It is quick., source: our wiki, url: https://w.test/}}
  - {check: b, time: 1, statement: {id: MINE-2, level: PRACTICE, text: It is quicker.}}
)");
  EXPECT_THAT(scenario.checks[0].judged.statements, ElementsAre("MINE-1"));
  const Statement& mine = scenario.own_statements.at("MINE-1");
  EXPECT_EQ(mine.level, Level::kShould);
  EXPECT_EQ(mine.text, "It is quick.");
  EXPECT_EQ(mine.source, "our wiki");
  EXPECT_EQ(mine.url, "https://w.test/");
  EXPECT_EQ(mine.book, "own");
  EXPECT_EQ(scenario.own_statements.at("MINE-2").strength, Strength::kPractice);
  EXPECT_THAT(scenario.statements, ElementsAre("MINE-1", "MINE-2")) << "what is judged is listed";
}

TEST(BuildScenario, KnowsWhereEachStatementIsNamed) {
  const Scenario scenario = of("steps: [{do: login}]\nexpect:\n  - {check: a, time: 1, statement: [S, U]}\n");
  ASSERT_EQ(scenario.statement_places.size(), 2U);
  EXPECT_EQ(scenario.statement_places[0].line, 3U);
  EXPECT_EQ(scenario.statement_places[1].line, 6U);
  EXPECT_EQ(scenario.statement_places[1].column, 40U);
}

TEST(BuildScenario, ReadsTheStateOfItsSession) {
  const auto session = [](const std::string& text) {
    return *of("session: " + text + "\nsteps: [{do: login}]\n").session;
  };
  EXPECT_EQ(session("{}").state, TokenState::kFresh);
  EXPECT_EQ(session("{state: fresh}").state, TokenState::kFresh);
  EXPECT_EQ(session("{state: due}").state, TokenState::kDue);
  EXPECT_EQ(session("{state: expired}").state, TokenState::kExpired);
  EXPECT_EQ(session("{issued: -5m}").issued, -5min);
  EXPECT_EQ(session("{state: due}").issued, std::nullopt);
}

TEST(BuildScenario, ReadsWhatARealClockTakes) {
  const Scenario scenario = of("lasts: 15\nreal: {issuer: {lifetimes: {access: 2}}}\nsteps: [{do: login}]\n");
  EXPECT_EQ(scenario.lasts, 15s);
  EXPECT_EQ(scenario.real["lifetimes"]["access"], 2);
}

}  // namespace
}  // namespace scenarios
