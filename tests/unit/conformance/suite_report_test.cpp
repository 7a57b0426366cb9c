#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/report.hpp"

/// What the report of a part of a suite may be, and files that nothing replaces.
namespace conformance {
namespace {

TEST(ExitCodeOfAShard, MayBeEmptyWhereItIsKnownWhatToExpect) {
  Report report;
  report.shard = "2/3";
  EXPECT_EQ(exit_code(report), 2);
  report.expect = "known.yaml";
  EXPECT_EQ(exit_code(report), 0);
  report.shard.clear();
  EXPECT_EQ(exit_code(report), 2);
}

TEST(WriteNewReport, NeverReplacesAFile) {
  const std::filesystem::path folder = std::filesystem::path{testing::TempDir()} / "assay-write-new";
  std::filesystem::remove_all(folder);
  const std::string path = folder / "known.yaml";
  ASSERT_TRUE(write_new_report(path, "mine"));
  const auto again = write_new_report(path, "theirs");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, oidc::Errc::kInvalidArgument);
  EXPECT_EQ(again.error().message, path + " is there already");
  std::ostringstream content;
  content << std::ifstream{path}.rdbuf();
  EXPECT_EQ(content.str(), "mine");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder}, {}), 1) << "no temporary file stays";
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace conformance
