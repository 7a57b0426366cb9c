#include "selection.hpp"

#include <gmock/gmock.h>

namespace cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

scenarios::Scenario named(const std::string& id) {
  scenarios::Scenario scenario;
  scenario.id = id;
  scenario.file = "library/" + id + ".yaml";
  return scenario;
}

const std::vector<scenarios::Scenario> kLibrary{named("refresh-errors/outage"), named("refresh/outage"),
                                                named("refresh/rotation"), named("refresh/rotation-kept")};

std::vector<std::string> ids(const std::vector<std::string>& words) {
  const auto selected = select(kLibrary, words);
  std::vector<std::string> result;
  if (!selected) {
    return {selected.error().message};
  }
  for (const auto& scenario : *selected) {
    result.push_back(scenario.id);
  }
  return result;
}

TEST(SelectionTest, OfNoWordsIsTheWholeLibrary) {
  EXPECT_EQ(ids({}).size(), kLibrary.size());
}

TEST(SelectionTest, OfAWholeSegmentLeavesLongerNamesOut) {
  EXPECT_THAT(ids({"refresh"}), ElementsAre("refresh/outage", "refresh/rotation", "refresh/rotation-kept"));
  EXPECT_THAT(ids({"refresh/"}), ElementsAre("refresh/outage", "refresh/rotation", "refresh/rotation-kept"));
}

TEST(SelectionTest, OfAnExactIdIsThatScenario) {
  EXPECT_THAT(ids({"refresh/rotation"}), ElementsAre("refresh/rotation"));
}

TEST(SelectionTest, OfNoWholeSegmentIsByBeginning) {
  EXPECT_THAT(ids({"refresh/rot"}), ElementsAre("refresh/rotation", "refresh/rotation-kept"));
  EXPECT_THAT(ids({"refresh-"}), ElementsAre("refresh-errors/outage"));
}

TEST(SelectionTest, KeepsTheOrderOfTheWordsAndNamesEachOnce) {
  EXPECT_THAT(ids({"refresh/rotation-kept", "refresh"}),
              ElementsAre("refresh/rotation-kept", "refresh/outage", "refresh/rotation"));
}

TEST(SelectionTest, OfNothingSuggestsTheNearestName) {
  const auto selected = select(kLibrary, {"refresh/rottaion"});
  ASSERT_FALSE(selected);
  EXPECT_EQ(selected.error().code, oidc::Errc::kInvalidArgument);
  EXPECT_THAT(selected.error().message, HasSubstr("did you mean \"refresh/rotation\"?"));
  EXPECT_THAT(select(kLibrary, {"refersh"}).error().message, HasSubstr("did you mean \"refresh\"?"));
  EXPECT_THAT(select(kLibrary, {"quite-different"}).error().message, HasSubstr("`assay list`"));
}

TEST(SelectionTest, OfOneWordThatSelectsNothingIsNoSelectionAtAll) {
  EXPECT_FALSE(select(kLibrary, {"refresh", "zzz"}));
}

TEST(SelectionTest, OfAnEmptyWordIsNothing) {
  EXPECT_FALSE(select(kLibrary, {""}));
}

TEST(SelectionTest, TellsPathsFromIds) {
  for (const char* path : {"my.yaml", "my.json", "./refresh", "../x", "/tmp/x"}) {
    EXPECT_TRUE(is_path(path)) << path;
  }
  for (const char* id : {"refresh", "refresh/rotation"}) {
    EXPECT_FALSE(is_path(id)) << id;
  }
}

}  // namespace
}  // namespace cli
