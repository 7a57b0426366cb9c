#include "runner/effects.hpp"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

std::string tampered(const char* action, const char* mode_before, const char* mode_after) {
  Footprint before;
  before.storage = {{"./", {"0700", ""}}, {"tokens.json", {mode_before, "at#1"}}, {"tokens.lock", {"0600", ""}}};
  Footprint after = before;
  after.storage["tokens.json"].mode = mode_after;
  return missing_effect(TamperStep{oidc::Json::parse(action)}, before, after, {});
}

TEST(Effects, AModeThatTheFilesHaveIsThereWhoeverSetIt) {
  EXPECT_EQ(tampered(R"({"mode": "0644"})", "0600", "0644"), "");
  EXPECT_EQ(tampered(R"({"mode": "0644"})", "0644", "0644"), "");
}

TEST(Effects, AModeThatIsNotThereWasNotSet) {
  EXPECT_EQ(tampered(R"({"mode": "0644"})", "0600", "0600"), "the stored files are what they were");
}

TEST(Effects, OtherTamperingHasToChangeTheFiles) {
  EXPECT_EQ(tampered(R"({"write": "{"})", "0644", "0644"), "the stored files are what they were");
}

TEST(Effects, AStepThatLeavesNoMarkNeedsNone) {
  EXPECT_FALSE(leaves_a_mark(AdvanceStep{}));
  EXPECT_EQ(missing_effect(AdvanceStep{}, {}, {}, {}), "");
}

TEST(Effects, ARestartStartsAClientAndAnIssuerStepChangesTheIssuer) {
  Footprint before;
  before.issuer_state = {{"sessions", 1}};
  Footprint after = before;
  EXPECT_EQ(missing_effect(RestartStep{}, before, after, {}), "no new client was started");
  EXPECT_EQ(missing_effect(IssuerStep{}, before, after, {}), "nothing changed at the issuer");
  after.clients_started = 1;
  after.script_steps = 1;
  EXPECT_EQ(missing_effect(RestartStep{}, before, after, {}), "");
  EXPECT_EQ(missing_effect(IssuerStep{}, before, after, {}), "");
}

TEST(Effects, TheWallClockHasToBeAheadByWhatTheStepSays) {
  Footprint before;
  before.wall_ahead = oidc::Duration{1'000};
  Footprint after = before;
  const StepWallStep step{.by = oidc::Duration{60'000}};
  EXPECT_EQ(missing_effect(step, before, after, {}), "the wall clock was not set");
  after.wall_ahead = oidc::Duration{61'000};
  EXPECT_EQ(missing_effect(step, before, after, {}), "");
}

TEST(Effects, ParallelCallsAreAllMade) {
  ParallelStep step;
  step.count = 2;
  EXPECT_EQ(missing_effect(step, {}, {}, {}), "0 of 2 calls were made");
}

}  // namespace
}  // namespace scenarios
