#include "runner/storage.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "runner/faked_clock.hpp"

namespace scenarios {
namespace {

namespace fs = std::filesystem;

/// A client's directory, and a file beside it that isn't the client's.
class StorageTest : public ::testing::Test {
 protected:
  StorageTest() {
    fs::create_directory(store());
    fs::permissions(store(), fs::perms::owner_all);
    write(outside(), "not yours");
    fs::permissions(outside(), fs::perms::owner_read | fs::perms::owner_write);
  }

  fs::path store() const { return place_.path() / "storage"; }
  fs::path outside() const { return place_.path() / "outside"; }
  static void write(const fs::path& path, const std::string& text) { std::ofstream{path} << text; }
  static std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }
  static std::string said(const StorageSnapshot& snapshot, const std::string& name) {
    const auto found = snapshot.find(name);
    return found == snapshot.end() ? "absent"
                                   : found->second.mode + " " + found->second.text + (found->second.is_read ? "" : "!");
  }
  std::string said(const std::string& name, const FolderLimits& limits = {}) const {
    return said(take_snapshot(store(), limits), name);
  }
  std::size_t tampered(const char* action) const { return tamper(store(), oidc::Json::parse(action)); }

  /// Neither its text nor its mode may have changed.
  void expect_outside_is_untouched() const {
    EXPECT_EQ(text_of(outside()), "not yours");
    EXPECT_EQ(fs::status(outside()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }

  TempDirectory place_;
};

TEST_F(StorageTest, ASnapshotIsWhatStandsThere) {
  EXPECT_TRUE(take_snapshot(place_.path() / "absent").empty());
  fs::create_directory(store() / "auth");
  fs::permissions(store() / "auth", fs::perms::owner_all);
  write(store() / "auth" / "token", "at#1");
  fs::permissions(store() / "auth" / "token", fs::perms::owner_read);
  const StorageSnapshot expected{{"./", {"0700", ""}}, {"auth/", {"0700", ""}}, {"auth/token", {"0400", "at#1"}}};
  EXPECT_EQ(take_snapshot(store()), expected);
}

TEST_F(StorageTest, ALinkIsALinkAndNobodyGoesWhereItLeads) {
  fs::create_symlink(outside(), store() / "token");
  fs::create_directory_symlink(place_.path(), store() / "folder");
  const StorageSnapshot snapshot = take_snapshot(store());
  EXPECT_EQ(said(snapshot, "token"), "link -> " + outside().string());
  EXPECT_EQ(said(snapshot, "folder"), "link -> " + place_.path().string());
  EXPECT_EQ(snapshot.size(), 3U);
}

TEST_F(StorageTest, ADirectoryThatBecameALinkIsNotLookedInto) {
  fs::remove(store());
  fs::create_directory_symlink(place_.path(), store());
  EXPECT_EQ(said("./"), "link -> " + place_.path().string());
  EXPECT_EQ(take_snapshot(store()).size(), 1U);
  EXPECT_EQ(tampered(R"({"mode": "0644"})"), 0U);
  const fs::path moved = place_.path() / "moved";
  fs::create_directories(moved / "storage");
  write(moved / "storage" / "token", "at#1");
  fs::create_directory_symlink(moved, place_.path() / "above");
  EXPECT_TRUE(take_snapshot(place_.path() / "above" / "storage").empty()) << "nor where the one above it is a link";
}

TEST_F(StorageTest, WhatIsTooLargeIsToldAndNotRead) {
  write(store() / "a", "12345");
  write(store() / "b", "12345");
  write(store() / "large", "1234567");
  EXPECT_EQ(said("large", {.file_bytes = 6}).substr(5), "not read: 7 bytes, more than 6!");
  EXPECT_EQ(said("a", {.file_bytes = 6, .all_bytes = 8}).substr(5), "12345");
  EXPECT_EQ(said("b", {.file_bytes = 6, .all_bytes = 8}).substr(5), "not read: 5 bytes, more than 3!");
  EXPECT_EQ(said("large", {.file_bytes = 7}).substr(5), "1234567");
}

TEST_F(StorageTest, EntriesAndDepthHaveLimits) {
  for (const char* name : {"a", "b", "c"}) {
    write(store() / name, name);
  }
  EXPECT_EQ(said("./", {.entries = 3}), "0700 ");
  EXPECT_EQ(said("./", {.entries = 2}), "0700 not read: there are more than 2 entries!");
  EXPECT_EQ(take_snapshot(store(), {.entries = 2}).size(), 3U);
  fs::create_directories(store() / "1" / "2" / "3");
  EXPECT_EQ(said("1/2/", {.depth = 2}).substr(5), "");
  EXPECT_EQ(said("1/2/3/", {.depth = 2}).substr(5), "not read: it is more than 2 directories deep!");
}

TEST_F(StorageTest, WhatCannotBeReadSaysSo) {
  write(store() / "token", "at#1");
  fs::permissions(store() / "token", fs::perms::none);
  const bool reads_everything = geteuid() == 0;
  EXPECT_EQ(said("token"), reads_everything ? "0000 at#1" : "0000 not read: Permission denied!");
}

TEST_F(StorageTest, APipeIsNoFileAndHoldsNobodyUp) {
  ASSERT_EQ(mkfifo((store() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(said("pipe"), "absent");
  EXPECT_EQ(tampered(R"({"write": "x"})"), 0U);
}

TEST_F(StorageTest, TamperingChangesWhatHoldsSomething) {
  write(store() / "token", "at#1");
  write(store() / "lock", "");
  EXPECT_EQ(tampered(R"({"write": "{"})"), 1U);
  EXPECT_EQ(text_of(store() / "token"), "{");
  EXPECT_EQ(tampered(R"({"mode": "0644"})"), 1U);
  EXPECT_EQ(said("token"), "0644 {");
  EXPECT_EQ(tampered(R"({"remove": true})"), 1U);
  EXPECT_EQ(said("token"), "absent");
  EXPECT_EQ(text_of(store() / "lock"), "");
}

TEST_F(StorageTest, AFileIsReplacedByALinkToItself) {
  write(store() / "token.json", "at#1");
  EXPECT_EQ(tampered(R"({"replace": "symlink"})"), 1U);
  EXPECT_EQ(said("token.json"), "link -> token.elsewhere");
  EXPECT_EQ(said("token.elsewhere"), "0600 at#1");
  EXPECT_EQ(text_of(store() / "token.json"), "at#1");
}

TEST_F(StorageTest, AFileIsReplacedByADirectory) {
  write(store() / "token", "at#1");
  EXPECT_EQ(tampered(R"({"replace": "directory"})"), 1U);
  EXPECT_NE(said("token/"), "absent");
}

TEST_F(StorageTest, WhatALinkLeadsToIsNeitherWrittenNorGivenAnotherMode) {
  fs::create_symlink(outside(), store() / "token");
  for (const char* action : {R"({"write": "x"})", R"({"mode": "0666"})", R"({"replace": "symlink"})"}) {
    EXPECT_EQ(tampered(action), 0U) << action;
  }
  expect_outside_is_untouched();
  EXPECT_EQ(tampered(R"({"remove": true})"), 1U) << "the link itself is the client's";
  expect_outside_is_untouched();
}

TEST_F(StorageTest, AFileThatHasANameElsewhereTooIsLeftAlone) {
  fs::create_hard_link(outside(), store() / "token");
  for (const char* action : {R"({"write": "x"})", R"({"mode": "0666"})"}) {
    EXPECT_EQ(tampered(action), 0U) << action;
  }
  expect_outside_is_untouched();
}

TEST_F(StorageTest, TheClockOfAClientIsWrittenThroughNoLink) {
  const auto time = make_faked_clock(place_.path(), {});
  fs::create_symlink(outside(), place_.path() / "faketime.new");
  time->advance(std::chrono::hours{1});
  expect_outside_is_untouched();
  EXPECT_EQ(text_of(place_.path() / "faketime"), "+3600.000\n");
}

TEST_F(StorageTest, SomethingIsNewIfItsTextIs) {
  const StorageSnapshot before{{"token", {"0600", "at#1"}}};
  EXPECT_FALSE(has_news(before, before));
  EXPECT_FALSE(has_news(before, {{"token", {"0644", "at#1"}}, {"lock", {"0600", ""}}, {"folder/", {"0700", ""}}}));
  EXPECT_TRUE(has_news(before, {{"token", {"0600", "at#2"}}}));
  EXPECT_TRUE(has_news({}, before));
}

}  // namespace
}  // namespace scenarios
