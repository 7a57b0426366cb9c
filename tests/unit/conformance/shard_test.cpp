#include "conformance/shard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace conformance {
namespace {

using testing::HasSubstr;

std::vector<scenarios::Scenario> selection(std::size_t size) {
  std::vector<scenarios::Scenario> all;
  for (std::size_t i = 0; i < size; ++i) {
    scenarios::Scenario& scenario = all.emplace_back();
    scenario.id = "folder/scenario-" + std::to_string(i);
    scenario.file = "library/" + scenario.id + ".yaml";
  }
  return all;
}

/// Which shard each scenario is in.
std::map<std::string, std::size_t> shards_of(const std::vector<scenarios::Scenario>& all, std::size_t count) {
  std::map<std::string, std::size_t> shards;
  for (std::size_t index = 1; index <= count; ++index) {
    for (const auto& scenario : take({index, count}, all)) {
      EXPECT_TRUE(shards.emplace(scenario.id, index).second) << scenario.id << " is in two shards";
    }
  }
  return shards;
}

TEST(Shards, AreTheSelectionAndOfOneSize) {
  for (const std::size_t size : {0U, 1U, 2U, 7U, 88U}) {
    for (const std::size_t count : {1U, 2U, 3U, 8U, 100U}) {
      const auto all = selection(size);
      EXPECT_EQ(shards_of(all, count).size(), size) << count;
      for (std::size_t index = 1; index <= count; ++index) {
        const std::size_t part = take({index, count}, all).size();
        EXPECT_TRUE(part == size / count || part == (size + count - 1) / count) << part << " of " << size;
      }
    }
  }
}

TEST(Shards, KeepTheOrderOfTheSelectionAndDoNotDependOnIt) {
  const auto all = selection(40);
  auto backwards = all;
  std::ranges::reverse(backwards);
  EXPECT_EQ(shards_of(all, 3), shards_of(backwards, 3));
  const auto part = take({2, 3}, backwards);
  const auto position = [&](const auto& one) { return std::ranges::find(backwards, one.id, &scenarios::Scenario::id); };
  EXPECT_TRUE(std::ranges::is_sorted(part, {}, position));
}

TEST(Shards, AScenarioMoreMovesAtMostOneOtherOverEachCut) {
  const std::size_t count = 4;
  for (std::size_t size = 20; size < 60; ++size) {
    const auto before = shards_of(selection(size), count);
    const auto after = shards_of(selection(size + 1), count);
    const auto moved =
        std::ranges::count_if(before, [&](const auto& one) { return after.at(one.first) != one.second; });
    EXPECT_LE(moved, static_cast<std::ptrdiff_t>(count - 1)) << size;
  }
}

TEST(Shards, DivideScenariosOfOneNameByTheirFiles) {
  auto all = selection(1);
  all.push_back(all.front());
  all.back().file = "mine/x.yaml";
  const auto first = take({1, 2}, all);
  const auto second = take({2, 2}, all);
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_NE(first.front().file, second.front().file);
}

TEST(ParseShard, TakesPartsOfAWhole) {
  const auto shard = parse_shard("2/3");
  ASSERT_TRUE(shard);
  EXPECT_EQ(*shard, (Shard{2, 3}));
  EXPECT_EQ(to_string(*shard), "2/3");
}

TEST(ParseShard, SaysWhatItExpected) {
  for (const std::string text : {"5/4", "0/3", "0/0", "x", "", "1", "/", "1/", "/3", "1/3/5", "-1/3", "+1/3", " 1/3",
                                 "1.0/3", "1/99999", "1/99999999999999999999999"}) {
    const auto shard = parse_shard(text);
    ASSERT_FALSE(shard) << text;
    EXPECT_EQ(shard.error().code, oidc::Errc::kInvalidArgument);
    EXPECT_EQ(shard.error().message,
              "--shard: \"" + text + "\" is no part of a whole; expected I/N, from 1/N to N/N, N at most 10000");
  }
}

}  // namespace
}  // namespace conformance
