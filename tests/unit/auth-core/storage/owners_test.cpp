#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "authcore/file_storage.hpp"
#include "authcore/sqlite_storage.hpp"
#include "home_fixture.hpp"
#include "status_matchers.hpp"
#include "storage/posix_file.hpp"

namespace authcore {
namespace {

namespace fs = std::filesystem;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using ::testing::HasSubstr;

const Json kObject = {{"access_token", "mine"}};

/// Whoever runs the tests may be unable to give files away: what a foreign file looks like is then made up.
struct stat facts_of(uid_t owner, mode_t mode) {
  struct stat facts {};
  facts.st_uid = owner;
  facts.st_mode = mode;
  return facts;
}

TEST(Owner, IsTheUserOrRoot) {
  const uid_t other = ::geteuid() + 1;
  EXPECT_THAT(check_owner("f", facts_of(::geteuid(), S_IFREG | 0600)), IsOk());
  EXPECT_THAT(check_owner("f", facts_of(0, S_IFREG | 0444)), IsOk());
  EXPECT_THAT(check_owner("f", facts_of(0, S_IFLNK | 0777)), IsOk());
  EXPECT_THAT(check_owner("f", facts_of(other, S_IFREG | 0600)), FailsWith(Errc::kStorage, HasSubstr("another user")));
  EXPECT_THAT(check_owner("f", facts_of(other, S_IFLNK | 0777)), FailsWith(Errc::kStorage, HasSubstr("f belongs")));
}

TEST(Owner, KeepsItsFileToItself) {
  for (const mode_t mode : {0644U, 0640U, 0444U}) {
    EXPECT_THAT(check_private("f", facts_of(::geteuid(), S_IFREG | mode)), IsOk()) << mode;
  }
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    EXPECT_THAT(check_owner("f", facts_of(::geteuid(), S_IFREG | mode)), IsOk()) << mode;
    EXPECT_THAT(check_private("f", facts_of(::geteuid(), S_IFREG | mode)),
                FailsWith(Errc::kStorage, HasSubstr("written by other users")))
        << mode;
  }
}

class OwnersTest : public test::HomeTest {
 protected:
  /// As what it says to be refused by: the file's mode, which everybody can set.
  void open_to_others(const fs::path& path) const {
    write(path, R"({"access_token":"planted"})");
    ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  }

  FileStorage storage_{home_};
  FileStorage trusting_{home_, "sops", FileOwners::kAnybody};
};

TEST_F(OwnersTest, AFileThatOthersCanWriteIsNotReadButReplaced) {
  open_to_others(home_ / "token.json");
  EXPECT_THAT(storage_.load("token.json"), FailsWith(Errc::kStorage, HasSubstr("token.json can be written")));
  EXPECT_EQ(trusting_.load("token.json").value().at("access_token"), "planted");
  EXPECT_THAT(storage_.lock("token.json", clock_, {}, {}), IsOk());
  EXPECT_THAT(storage_.save("token.json", kObject), IsOk()) << "a login mends it";
  EXPECT_EQ(mode(home_ / "token.json"), 0600U);
  EXPECT_EQ(storage_.load("token.json").value(), kObject) << "it is private now";
}

TEST_F(OwnersTest, NorOneThatALinkLeadsTo) {
  open_to_others(home_ / "real.json");
  fs::create_symlink("real.json", home_ / "token.json");
  EXPECT_THAT(storage_.load("token.json"), FailsWith(Errc::kStorage, HasSubstr("real.json can be written")));
}

TEST_F(OwnersTest, TheFileThatWasOpenedIsChecked) {
  open_to_others(home_ / "token.json");
  EXPECT_THAT(read_file(home_ / "token.json", 100, FileOwners::kUs),
              FailsWith(Errc::kStorage, HasSubstr("can be written")));
  EXPECT_THAT(read_file(home_ / "token.json", 100, FileOwners::kAnybody), IsOk());
}

TEST_F(OwnersTest, ALinkOfAnotherUserIsNotFollowed) {
  write(home_ / "real.json", R"({"access_token":"theirs"})");
  fs::create_symlink("real.json", home_ / "token.json");
  constexpr uid_t kOther = 12'345;
  if (::lchown((home_ / "token.json").c_str(), kOther, static_cast<gid_t>(-1)) == 0) {  // only root can
    EXPECT_THAT(storage_.load("token.json"), FailsWith(Errc::kStorage, HasSubstr("token.json belongs")));
    EXPECT_THAT(storage_.save("token.json", kObject), FailsWith(Errc::kStorage));
    EXPECT_EQ(read(home_ / "real.json"), R"({"access_token":"theirs"})");
  }
  EXPECT_THAT(trusting_.save("token.json", kObject), IsOk());
  EXPECT_EQ(storage_.load("real.json").value(), kObject);
}

TEST_F(OwnersTest, SqliteWritesThroughNoLinkBesideTheDatabase) {
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    const fs::path link = home_ / (std::string{"tokens.db"} + suffix);
    write(home_ / "victim", "not a log");
    ASSERT_EQ(::chmod((home_ / "victim").c_str(), 0644), 0);
    fs::create_symlink("victim", link);
    SqliteStorage storage{home_ / "tokens.db", clock_};
    EXPECT_THAT(storage.save("key", kObject), FailsWith(Errc::kStorage, HasSubstr("is a link"))) << suffix;
    EXPECT_EQ(read(home_ / "victim"), "not a log");
    EXPECT_EQ(mode(home_ / "victim"), 0644U);
    fs::remove(link);
  }
}

TEST_F(OwnersTest, OurDatabaseThatOthersCanWriteIsMadePrivate) {
  const fs::path path = home_ / "tokens.db";
  ASSERT_THAT((SqliteStorage{path, clock_}.save("key", kObject)), IsOk());
  ASSERT_EQ(::chmod(path.c_str(), 0660), 0);
  EXPECT_EQ((SqliteStorage{path, clock_}.load("key").value()), kObject);
  EXPECT_EQ(mode(path), 0600U);
}

TEST_F(OwnersTest, ALockThatCannotBeHadSaysWhichFileItIs) {
  fs::create_directory(home_ / "token.json.lock");
  const auto lock = storage_.lock("token.json", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  EXPECT_THAT((*lock)->weakness(), HasSubstr((home_ / "token.json.lock").string()));
  EXPECT_EQ(storage_.lock("other.json", clock_, {}, {}).value()->weakness(), "");
}

}  // namespace
}  // namespace authcore
