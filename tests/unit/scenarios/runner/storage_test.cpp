#include "runner/storage.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace scenarios {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::Key;

class Tampering : public testing::Test {
 protected:
  Tampering() {
    fs::create_directory(store_);
    std::ofstream{store_ / "token.json"} << "the login";
    fs::permissions(store_ / "token.json", fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream{store_ / "lock"};
  }

  TempDirectory directory_;
  fs::path store_ = directory_.path() / "store";
};

TEST_F(Tampering, ALinkIsTheFileThatItLeadsToForWhoeverReads) {
  const StorageSnapshot before = take_snapshot(store_);
  EXPECT_EQ(tamper(store_, {{"replace", "symlink"}}), 1U) << "an empty file is a lock";
  EXPECT_TRUE(fs::is_symlink(store_ / "token.json"));
  const StorageSnapshot after = take_snapshot(store_);
  EXPECT_EQ(after.at("token.json").text, "the login");
  EXPECT_EQ(after.at("token.json").mode, "0600") << "a link's own mode says nothing";
  EXPECT_NE(after, before) << "else nobody could tell that something happened";
  EXPECT_EQ(after.size(), before.size()) << "what it leads to is not the client's";
}

TEST_F(Tampering, ADirectoryMayStandInTheFilesPlace) {
  tamper(store_, {{"replace", "directory"}});
  EXPECT_TRUE(fs::is_directory(store_ / "token.json"));
  EXPECT_THAT(take_snapshot(store_), Contains(Key("token.json/")));
}

TEST_F(Tampering, FilesAreWrittenRemovedAndOpened) {
  tamper(store_, {{"write", "x"}});
  EXPECT_EQ(take_snapshot(store_).at("token.json").text, "x");
  tamper(store_, {{"mode", "0644"}});
  EXPECT_EQ(take_snapshot(store_).at("token.json").mode, "0644");
  tamper(store_, {{"remove", true}});
  EXPECT_FALSE(fs::exists(store_ / "token.json"));
}

}  // namespace
}  // namespace scenarios
