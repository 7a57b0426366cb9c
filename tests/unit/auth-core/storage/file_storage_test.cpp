#include "authcore/file_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "home_fixture.hpp"
#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

namespace fs = std::filesystem;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

class FileStorageTest : public test::HomeTest {
 protected:
  std::unique_ptr<FileStorage> storage_ = std::make_unique<FileStorage>(home_);
};

TEST_F(FileStorageTest, WritesTheDocumentedBytes) {
  judges({"STOR-004", "STOR-005"});
  const Json object = {{"b", 1}, {"a", "\xC3\xA9\xF0\x9F\x98\x80"}, {"gone", nullptr}, {"nested", {{"kept", nullptr}}}};
  ASSERT_THAT(storage_->save("token.json", object), IsOk());
  EXPECT_EQ(read(home_ / "token.json"),
            "{\n  \"a\": \"\\u00e9\\ud83d\\ude00\",\n  \"b\": 1,\n  \"nested\": {\n    \"kept\": null\n  }\n}");
}

TEST_F(FileStorageTest, GivesBackWhatWasSaved) {
  const Json object = {
      {"text", "\xE2\x80\xA8 \xF0\x9F\x98\x80"}, {"big", 9007199254740993}, {"long", std::string(65536, 'x')}};
  ASSERT_THAT(storage_->save("token.json", object), IsOk());
  EXPECT_EQ(storage_->load("token.json").value(), object);
}

TEST_F(FileStorageTest, TakesRelativeKeysUnderItsHomeAndAbsoluteOnesAsTheyAre) {
  judges({"STOR-003", "A-15"});
  ASSERT_THAT(storage_->save("a/b/token.json", Json::object()), IsOk());
  EXPECT_TRUE(fs::exists(home_ / "a/b/token.json"));
  ASSERT_THAT(storage_->save((home_ / "absolute.json").string(), Json::object()), IsOk());
  EXPECT_TRUE(fs::exists(home_ / "absolute.json"));
}

TEST_F(FileStorageTest, TakesItsHomeFromTheEnvironmentWhenItIsMade) {
  judges({"STOR-003", "A-15"});
  const char* before = std::getenv("HOME");
  const std::string saved = before == nullptr ? "" : before;
  ::setenv("HOME", home_.c_str(), 1);
  FileStorage storage;
  ::setenv("HOME", "/nonexistent", 1);
  EXPECT_THAT(storage.save("token.json", Json::object()), IsOk());
  ::unsetenv("HOME");
  FileStorage homeless;
  EXPECT_THAT(homeless.save("token.json", Json::object()), FailsWith(Errc::kStorage, HasSubstr("home")));
  ::setenv("HOME", saved.c_str(), 1);
  EXPECT_TRUE(fs::exists(home_ / "token.json"));
}

TEST_F(FileStorageTest, MakesPrivateFilesAndDirectoriesUnderAnyUmask) {
  judges({"STOR-004", "STOR-006", "STOR-007", "W-11", "A-16", "W-54"});
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0277}}) {
    const mode_t before = ::umask(mask);
    const std::string directory = "dir" + std::to_string(mask);
    if (mask == 0277) {
      fs::create_directory(home_ / directory);
      fs::permissions(home_ / directory, fs::perms::owner_all);
    }
    EXPECT_THAT(storage_->save(directory + "/token.json", Json::object()), IsOk()) << mask;
    ::umask(before);
    EXPECT_EQ(mode(home_ / directory / "token.json"), 0600U) << mask;
    EXPECT_EQ(mode(home_ / directory), 0700U) << mask;
  }
}

TEST_F(FileStorageTest, TightensTheModeOfAnExistingFile) {
  judges({"STOR-006"});
  write(home_ / "token.json", "{}");
  ::chmod((home_ / "token.json").c_str(), 0644);
  ASSERT_THAT(storage_->save("token.json", Json::object()), IsOk());
  EXPECT_EQ(mode(home_ / "token.json"), 0600U);
}

TEST_F(FileStorageTest, LeavesNothingBesideTheFile) {
  judges({"W-03"});
  ASSERT_THAT(storage_->save("token.json", Json::object()), IsOk());
  ASSERT_THAT(storage_->save("token.json", Json::object()), IsOk());
  EXPECT_THAT(names_in(home_), ::testing::ElementsAre("token.json"));
}

TEST_F(FileStorageTest, RemovesWhatAKilledProcessLeftLongAgo) {
  const auto leave = [&](const std::string& name, std::chrono::minutes age) {
    std::ofstream{home_ / name} << "{\"refresh_token\": \"r\"}";
    fs::last_write_time(home_ / name, fs::last_write_time(home_ / name) - age);
  };
  leave(".token.json.999-0.tmp", std::chrono::minutes{61});
  leave(".token.json.999-1.tmp", std::chrono::minutes{50});  // may be somebody's who is saving
  leave(".other.json.999-0.tmp", std::chrono::minutes{61});
  leave(".token.json.notes", std::chrono::minutes{61});
  ASSERT_THAT(storage_->save("token.json", Json::object()), IsOk());
  EXPECT_FALSE(fs::exists(home_ / ".token.json.999-0.tmp"));
  for (const char* name : {".token.json.999-1.tmp", ".other.json.999-0.tmp", ".token.json.notes"}) {
    EXPECT_TRUE(fs::exists(home_ / name)) << name;
  }
}

TEST_F(FileStorageTest, KeepsTheOldObjectWhenTheDiskIsFull) {
  judges({"STOR-008", "W-03"});
  ASSERT_THAT(storage_->save("token.json", {{"old", true}}), IsOk());
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 1000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto saved = storage_->save("token.json", {{"new", std::string(5000, 'x')}});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);

  EXPECT_THAT(saved, FailsWith(Errc::kStorage, HasSubstr((home_ / "token.json").string())));
  EXPECT_THAT(saved.error().message, Not(HasSubstr("xxx")));
  EXPECT_EQ(storage_->load("token.json").value(), (Json{{"old", true}}));
  EXPECT_THAT(names_in(home_), ::testing::ElementsAre("token.json"));
}

TEST_F(FileStorageTest, ReplacesWhatALinkPointsToAndKeepsTheLink) {
  fs::create_directory(home_ / "dotfiles");
  write(home_ / "dotfiles/real.json", "{}");
  fs::create_symlink("dotfiles/real.json", home_ / "token.json");
  fs::create_symlink(home_ / "dotfiles/later.json", home_ / "dangling.json");

  ASSERT_THAT(storage_->save("token.json", {{"a", 1}}), IsOk());
  ASSERT_THAT(storage_->save("dangling.json", {{"b", 2}}), IsOk());
  EXPECT_TRUE(fs::is_symlink(home_ / "token.json"));
  EXPECT_EQ(storage_->load("dotfiles/real.json").value(), (Json{{"a", 1}}));
  EXPECT_TRUE(fs::is_symlink(home_ / "dangling.json"));
  EXPECT_EQ(storage_->load("dotfiles/later.json").value(), (Json{{"b", 2}}));
}

TEST_F(FileStorageTest, RefusesALoopOfLinks) {
  fs::create_symlink("b.json", home_ / "a.json");
  fs::create_symlink("a.json", home_ / "b.json");
  EXPECT_THAT(storage_->save("a.json", Json::object()), FailsWith(Errc::kStorage));
}

struct CorruptCase {
  const char* name;
  std::string bytes;
};
class CorruptFileTest : public FileStorageTest, public ::testing::WithParamInterface<CorruptCase> {};

TEST_P(CorruptFileTest, IsReportedWithoutItsContentAndLeftAlone) {
  judges({"STOR-012"});
  write(home_ / "token.json", GetParam().bytes);
  const auto loaded = storage_->load("token.json");
  EXPECT_THAT(loaded, FailsWith(Errc::kCorruptStorage, HasSubstr((home_ / "token.json").string())));
  EXPECT_THAT(loaded.error().message, Not(HasSubstr("SECRET")));
  EXPECT_EQ(read(home_ / "token.json"), GetParam().bytes);
  EXPECT_THAT(storage_->save("token.json", Json::object()), IsOk());
}

const CorruptCase kCorruptCases[] = {
    {"Empty", ""},
    {"WhiteSpace", "  \n"},
    {"HalfJson", R"({"access_token": "SECRET)"},
    {"TwoDocuments", R"({"a":"SECRET"}{"b":1})"},
    {"Array", R"(["SECRET"])"},
    {"Null", "null"},
    {"Nuls", std::string(20, '\0')},
    {"NotUtf8", "{\"a\":\"SECRET\xFF\"}"},
    {"TooLarge", "{\"a\":\"" + std::string(FileStorage::kMaxBytes, 'x') + "\"}"},
};
INSTANTIATE_TEST_SUITE_P(Load, CorruptFileTest, ::testing::ValuesIn(kCorruptCases),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(FileStorageTest, TellsAbsenceFromFailure) {
  judges({"STOR-001"});
  EXPECT_THAT(storage_->load("token.json"), FailsWith(Errc::kNotFound));
  EXPECT_THAT(storage_->version("token.json"), FailsWith(Errc::kNotFound));
  EXPECT_FALSE(storage_->exists("no/such/directory/token.json").value());
  EXPECT_THAT(storage_->remove("token.json"), IsOk());
  EXPECT_THAT(storage_->rename("token.json", "other.json"), FailsWith(Errc::kNotFound));
  EXPECT_THAT(storage_->load(""), FailsWith(Errc::kStorage));

  fs::create_directory(home_ / "directory.json");
  EXPECT_THAT(storage_->load("directory.json"), FailsWith(Errc::kStorage));
  EXPECT_THAT(storage_->save("directory.json", Json::object()), FailsWith(Errc::kStorage));
  EXPECT_THAT(names_in(home_), ::testing::ElementsAre("directory.json")) << "no temporary file is left";
}

TEST_F(FileStorageTest, RefusesToSaveWhatIsNoObject) {
  judges({"STOR-008"});
  EXPECT_THAT(storage_->save("token.json", Json::array()), FailsWith(Errc::kInvalidArgument));
  EXPECT_FALSE(fs::exists(home_ / "token.json"));
}

TEST_F(FileStorageTest, RenamesAndRemoves) {
  judges({"STOR-001"});
  ASSERT_THAT(storage_->save("a.json", {{"a", 1}}), IsOk());
  ASSERT_THAT(storage_->rename("a.json", "sub/b.json"), IsOk());
  EXPECT_FALSE(storage_->exists("a.json").value());
  EXPECT_EQ(storage_->load("sub/b.json").value(), (Json{{"a", 1}}));
  ASSERT_THAT(storage_->remove("sub/b.json"), IsOk());
  EXPECT_FALSE(storage_->exists("sub/b.json").value());
}

TEST_F(FileStorageTest, TellsTwoSavesOfTheSameSizeApart) {
  judges({"W-18"});
  ASSERT_THAT(storage_->save("token.json", {{"a", 1}}), IsOk());
  const ObjectVersion first = storage_->version("token.json").value();
  ASSERT_THAT(storage_->save("token.json", {{"a", 2}}), IsOk());
  EXPECT_FALSE(storage_->version("token.json").value() == first);
}

TEST_F(FileStorageTest, ReadersNeverSeeAPartOfAnObject) {
  judges({"STOR-008", "W-03"});
  const auto object = [](int round) {
    return Json{{"round", round}, {"filling", std::string(static_cast<std::size_t>(1 + round % 7) * 20'000, 'x')}};
  };
  ASSERT_THAT(storage_->save("token.json", object(0)), IsOk());
  std::atomic<bool> is_done{false};
  std::thread writer{[&] {
    for (int round = 1; round <= 60; ++round) {
      EXPECT_THAT(storage_->save("token.json", object(round)), IsOk());
    }
    is_done = true;
  }};
  int last = 0;
  while (!is_done) {
    const auto seen = storage_->load("token.json");
    ASSERT_THAT(seen, IsOk());
    const int round = seen->at("round").get<int>();
    EXPECT_GE(round, last);
    EXPECT_EQ(*seen, object(round));
    last = round;
  }
  writer.join();
}

TEST_F(FileStorageTest, ALockExcludesThreadsAndObjectsOfThisProcess) {
  FileStorage other{home_};
  auto lock = storage_->lock("token.json", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  EXPECT_EQ(mode(home_ / "token.json.lock"), 0600U);
  EXPECT_THAT(storage_->lock("token.json", clock_, {}, {}), FailsWith(Errc::kLocked));
  EXPECT_THAT(other.lock("token.json", clock_, {}, {}), FailsWith(Errc::kLocked));
  EXPECT_THAT(other.lock("another.json", clock_, {}, {}), IsOk());
  lock->reset();
  EXPECT_THAT(other.lock("token.json", clock_, {}, {}), IsOk());
  EXPECT_FALSE(storage_->lock_degraded());
}

TEST_F(FileStorageTest, TwoKeysOfOneFileShareItsLock) {
  fs::create_symlink("real.json", home_ / "link.json");
  const auto lock = storage_->lock("link.json", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  EXPECT_THAT(storage_->lock("real.json", clock_, {}, {}), FailsWith(Errc::kLocked));
}

TEST_F(FileStorageTest, WaitsForALockInVirtualTime) {
  auto lock = storage_->lock("token.json", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  const oidc::VirtualClock::Actor me{clock_};
  EXPECT_THAT(storage_->lock("token.json", clock_, seconds{90}, {}), FailsWith(Errc::kLocked));
  EXPECT_EQ(clock_.steady_now(), seconds{90});
}

TEST_F(FileStorageTest, GetsTheLockSoonAfterItIsFree) {
  auto lock = storage_->lock("token.json", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  auto holder_acts = std::make_unique<oidc::VirtualClock::Actor>(clock_);
  std::thread waiter{[&] {
    const oidc::VirtualClock::Actor me{clock_};
    EXPECT_THAT(storage_->lock("token.json", clock_, seconds{90}, {}), IsOk());
  }};
  clock_.sleep_for(seconds{2});
  lock->reset();
  holder_acts.reset();
  waiter.join();
  EXPECT_LE(clock_.steady_now(), seconds{2} + oidc::Duration{50});
}

TEST_F(FileStorageTest, MakesTheMissingDirectoryOfALock) {
  EXPECT_THAT(storage_->lock("new/dir/token.json", clock_, {}, {}), IsOk());
  EXPECT_EQ(mode(home_ / "new"), 0700U);
  EXPECT_FALSE(storage_->lock_degraded());
}

TEST_F(FileStorageTest, ExcludesOnlyItsOwnCallersWhereNoLockFileCanBe) {
  fs::create_directory(home_ / "token.json.lock");  // cannot be opened for writing, even by root
  auto lock = storage_->lock("token.json", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  EXPECT_TRUE(storage_->lock_degraded());
  EXPECT_THAT(storage_->lock("token.json", clock_, {}, {}), FailsWith(Errc::kLocked));
  lock->reset();
  EXPECT_THAT(storage_->lock("token.json", clock_, {}, {}), IsOk());
}

TEST_F(FileStorageTest, ALockExcludesOtherProcessesAndEndsWithThem) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = storage_->lock("token.json", clock_, {}, {});
    const char answer = lock ? 'y' : 'n';
    (void)!::write(ready[1], &answer, 1);
    for (;;) {
      ::pause();
    }
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_THAT(storage_->lock("token.json", clock_, {}, {}), FailsWith(Errc::kLocked));

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_THAT(storage_->lock("token.json", clock_, {}, {}), IsOk()) << "no lock outlives its holder";
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FileStorageTest, AForkedChildDoesNotKeepTheLockOfItsParent) {
  auto lock = storage_->lock("token.json", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (;;) {
      ::pause();
    }
  }
  EXPECT_THAT(storage_->lock("token.json", clock_, {}, {}), FailsWith(Errc::kLocked));
  lock->reset();
  EXPECT_THAT(storage_->lock("token.json", clock_, {}, {}), IsOk());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace authcore
