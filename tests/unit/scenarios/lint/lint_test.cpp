#include "scenarios/lint.hpp"

#include <gmock/gmock.h>

namespace scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> lines_of(const std::string& rest, const std::string& id = "a") {
  const auto scenario = parse_scenario("title: A\nwhy: b\nstatements: [S]\n" + rest, id, "a.yaml");
  if (!scenario) {
    throw std::logic_error{scenario.error().message};
  }
  std::vector<std::string> lines;
  for (const LintFinding& finding : lint({*scenario})) {
    lines.push_back(to_line(finding));
  }
  return lines;
}

TEST(Lint, AGoodScenarioHasNoFindings) {
  EXPECT_THAT(lines_of("steps: [{do: login, expect: {ok: {}}}]\n"
                       "expect:\n  - {check: x, requests: {to: token, count: 1}, because: c}\n"),
              IsEmpty());
}

TEST(Lint, EveryCheckHasAReason) {
  EXPECT_THAT(lines_of("steps: [{do: login}]\nexpect:\n  - {check: x, requests: {to: token, count: 1}}\n"),
              ElementsAre("a.yaml:6: error: the check \"x\" has no because"));
}

TEST(Lint, NothingHappenedNeedsAWitnessAndATwin) {
  EXPECT_THAT(lines_of("steps: [{do: login}]\nexpect:\n  - {check: x, requests: {to: token, count: 0}, because: c}\n"),
              ElementsAre(HasSubstr("a.yaml:6: error: the check \"x\" says that nothing happened"),
                          HasSubstr("a.yaml:5: error: its only checks of requests say that there are none")));
}

TEST(Lint, AWitnessIsEnough) {
  EXPECT_THAT(lines_of("steps: [{do: login}]\nexpect:\n  - {check: x, storage: {absent: [rt#1]}, because: c}\n"
                       "reached:\n  - {requests: {to: token, count: 1}}\n"),
              IsEmpty());
}

TEST(Lint, TheTwinExists) {
  EXPECT_THAT(lines_of("steps: [{do: login, expect: {ok: {}}}]\ntwin: refresh/okk\n", "refresh/ok"),
              ElementsAre("a.yaml:5:7: error: there is no scenario \"refresh/okk\" (did you mean \"refresh/ok\"?)"));
}

TEST(Lint, ATwinMayStandInTheLibraryWhichIsNotLintedItself) {
  const std::string begin = "title: A\nwhy: b\nstatements: [S]\n";
  const auto checked = parse_scenario(begin + "steps: [{do: login, expect: {ok: {}}}]\ntwin: b\n", "a", "a.yaml");
  const auto library = parse_scenario(
      begin + "steps: [{do: login}]\nexpect:\n  - {check: x, requests: {to: token, count: 1}}\n", "b", "b.yaml");
  ASSERT_TRUE(checked && library);
  EXPECT_THAT(lint({*checked}, {*library}), IsEmpty());
  EXPECT_EQ(lint({*checked}).size(), 1U);
}

TEST(Lint, LongFilesAreAWarning) {
  EXPECT_THAT(lines_of("steps: [{do: login, expect: {ok: {}}}]\n" + std::string(70, '\n')),
              ElementsAre(HasSubstr("a.yaml:61: warning: ")));
}

}  // namespace
}  // namespace scenarios
