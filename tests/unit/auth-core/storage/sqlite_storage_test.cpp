#include "authcore/sqlite_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "authcore/stored_credential.hpp"
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
using ::testing::IsEmpty;
using ::testing::Not;

class SqliteStorageTest : public test::HomeTest {
 protected:
  std::unique_ptr<SqliteStorage> make() { return std::make_unique<SqliteStorage>(path_, clock_); }

  fs::path path_ = home_ / "data/sessions.db";
  std::unique_ptr<SqliteStorage> storage_ = make();
};

TEST_F(SqliteStorageTest, GivesBackWhatWasSavedAlsoToOthers) {
  judges({"STOR-002", "STOR-005", "W-19"});
  const Json object = {
      {"text", "\xE2\x80\xA8 \xF0\x9F\x98\x80 \0 '"}, {"big", 9007199254740993}, {"nested", {{"kept", nullptr}}}};
  Json given = object;
  given["gone"] = nullptr;
  ASSERT_THAT(storage_->save("users/'1'", given), IsOk());
  given["big"] = 1;
  EXPECT_EQ(storage_->load("users/'1'").value(), object);
  EXPECT_EQ(make()->load("users/'1'").value(), object);
  storage_.reset();
  EXPECT_EQ(make()->load("users/'1'").value(), object);
}

TEST_F(SqliteStorageTest, TellsAbsenceAndMakesNothingByLooking) {
  judges({"STOR-001"});
  const auto expect_absent = [&] {
    EXPECT_THAT(storage_->load("key"), FailsWith(Errc::kNotFound));
    EXPECT_THAT(storage_->version("key"), FailsWith(Errc::kNotFound));
    EXPECT_THAT(storage_->rename("key", "other"), FailsWith(Errc::kNotFound));
    EXPECT_FALSE(storage_->exists("key").value());
    EXPECT_THAT(storage_->remove("key"), IsOk());
  };
  expect_absent();
  EXPECT_THAT(names_in(home_), IsEmpty());
  ASSERT_THAT(storage_->save("another", Json::object()), IsOk());
  expect_absent();
}

TEST_F(SqliteStorageTest, RenamesAndRemoves) {
  judges({"STOR-001"});
  ASSERT_THAT(storage_->save("a", {{"a", 1}}), IsOk());
  ASSERT_THAT(storage_->save("b", {{"b", 1}}), IsOk());
  ASSERT_THAT(storage_->rename("a", "b"), IsOk());
  EXPECT_FALSE(storage_->exists("a").value());
  EXPECT_EQ(storage_->load("b").value(), (Json{{"a", 1}}));
  ASSERT_THAT(storage_->rename("b", "b"), IsOk());
  EXPECT_EQ(storage_->load("b").value(), (Json{{"a", 1}}));
  ASSERT_THAT(storage_->remove("b"), IsOk());
  EXPECT_FALSE(storage_->exists("b").value());
}

TEST_F(SqliteStorageTest, LeavesNothingOfARemovedObjectInItsFiles) {
  judges({"W-47"});
  ASSERT_THAT(storage_->save("key", {{"refresh_token", "SECRET"}}), IsOk());
  ASSERT_THAT(storage_->save("another", {{"refresh_token", "KEPT"}}), IsOk());
  ASSERT_THAT(storage_->remove("key"), IsOk());
  for (const std::string& name : names_in(path_.parent_path())) {
    EXPECT_EQ(read(path_.parent_path() / name).find("SECRET"), std::string::npos) << name;
  }
  EXPECT_THAT(storage_->load("another"), IsOk());
}

TEST_F(SqliteStorageTest, EachSaveIsANewVersion) {
  judges({"W-18"});
  const auto save_and_look = [&] {
    EXPECT_THAT(storage_->save("key", {{"a", 1}}), IsOk());
    return storage_->version("key").value();
  };
  const ObjectVersion first = save_and_look();
  EXPECT_EQ(storage_->version("key").value(), first);
  EXPECT_EQ(make()->version("key").value(), first);
  const ObjectVersion second = save_and_look();
  EXPECT_FALSE(second == first) << "the clock has not moved, and the object is the same";
  ASSERT_THAT(storage_->remove("key"), IsOk());
  const ObjectVersion third = save_and_look();
  EXPECT_FALSE(third == first);
  EXPECT_FALSE(third == second);
}

TEST_F(SqliteStorageTest, DatesItsObjectsByItsClock) {
  judges({"W-49"});
  ASSERT_THAT(storage_->save("key", {{"access_token", "A"}, {"expires_in", 3600}}), IsOk());
  clock_.advance(std::chrono::hours{2});
  StoredCredential held{clock_, CredentialKind::kOidc, {std::shared_ptr{make()}, "key"}};
  EXPECT_TRUE(held.credential()->is_expired(clock_.now()));
}

TEST_F(SqliteStorageTest, KeepsItsFilesPrivateUnderAnyUmask) {
  judges({"W-11", "A-16"});
  const mode_t before = ::umask(0);
  ASSERT_THAT(storage_->save("key", Json::object()), IsOk());
  ::umask(before);
  EXPECT_EQ(mode(path_.parent_path()), 0700U);
  const auto names = names_in(path_.parent_path());
  EXPECT_THAT(names, ::testing::Contains("sessions.db-wal")) << "of this file the mode is judged below";
  for (const std::string& name : names) {
    EXPECT_EQ(mode(path_.parent_path() / name), 0600U) << name;
  }
}

TEST_F(SqliteStorageTest, TightensTheModeOfAnExistingDatabase) {
  ASSERT_THAT(storage_->save("key", {{"a", 1}}), IsOk());
  storage_.reset();
  ::chmod(path_.c_str(), 0644);
  EXPECT_THAT(make()->load("key"), IsOk());
  EXPECT_EQ(mode(path_), 0600U);
}

TEST_F(SqliteStorageTest, TakesARelativePathUnderTheHomeDirectory) {
  judges({"A-15"});
  const char* before = std::getenv("HOME");
  const std::string saved = before == nullptr ? "" : before;
  ::setenv("HOME", home_.c_str(), 1);
  SqliteStorage relative{"mine/sessions.db", clock_};
  ::setenv("HOME", saved.c_str(), 1);
  ASSERT_THAT(relative.save("key", Json::object()), IsOk());
  EXPECT_TRUE(fs::exists(home_ / "mine/sessions.db"));
}

TEST_F(SqliteStorageTest, RefusesWhatItCouldNotGiveBack) {
  EXPECT_THAT(storage_->save("key", Json::array()), FailsWith(Errc::kInvalidArgument));
  const Json large = {{"a", std::string(SqliteStorage::kMaxBytes, 'x')}};
  EXPECT_THAT(storage_->save("key", large), FailsWith(Errc::kStorage));
  EXPECT_FALSE(storage_->exists("key").value());
}

TEST_F(SqliteStorageTest, ReportsACorruptDatabaseAndLeavesItAlone) {
  judges({"STOR-012"});
  fs::create_directory(path_.parent_path());
  const std::string garbage = "SECRET" + std::string(5000, 'x');
  write(path_, garbage);
  const auto loaded = storage_->load("key");
  EXPECT_THAT(loaded, FailsWith(Errc::kCorruptStorage, HasSubstr(path_.string())));
  EXPECT_THAT(loaded.error().message, Not(HasSubstr("SECRET")));
  EXPECT_THAT(storage_->save("key", Json::object()), FailsWith(Errc::kCorruptStorage));
  EXPECT_THAT(storage_->remove("key"), FailsWith(Errc::kCorruptStorage));
  EXPECT_EQ(read(path_), garbage);
}

TEST_F(SqliteStorageTest, NoticesThatTheDatabaseWasDeleted) {
  ASSERT_THAT(storage_->save("key", {{"a", 1}}), IsOk());
  fs::remove(path_);
  EXPECT_THAT(storage_->load("key"), FailsWith(Errc::kNotFound));
  EXPECT_FALSE(fs::exists(path_));
  ASSERT_THAT(storage_->save("other", {{"b", 1}}), IsOk());
  EXPECT_THAT(make()->load("other"), IsOk());
  EXPECT_THAT(make()->load("key"), FailsWith(Errc::kNotFound));
}

TEST_F(SqliteStorageTest, CannotBeMadeWhereThereIsNoPlace) {
  write(home_ / "data", "a file, not a directory");
  EXPECT_THAT(storage_->save("key", Json::object()), FailsWith(Errc::kStorage));
}

TEST_F(SqliteStorageTest, ConnectionsThatMakeTheDatabaseAtOnceWaitForEachOther) {
  for (int round = 0; round < 40; ++round) {
    const fs::path path = home_ / "new" / (std::to_string(round) + ".db");
    std::barrier at_once{2};
    const auto save = [&](const std::string& key) {
      SqliteStorage storage{path, clock_};
      at_once.arrive_and_wait();
      EXPECT_THAT(storage.save(key, {{"n", 1}}), IsOk()) << "in round " << round;
    };
    std::thread other{save, "other"};
    save("one");
    other.join();
  }
}

TEST_F(SqliteStorageTest, WritersOfManyConnectionsLoseNothing) {
  constexpr int kWriters = 4;
  constexpr int kSaves = 15;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      SqliteStorage storage{path_, clock_};
      for (int n = 0; n < kSaves; ++n) {
        EXPECT_THAT(storage.save(std::to_string(writer) + "/" + std::to_string(n), {{"n", n}}), IsOk());
      }
    });
  }
  for (std::thread& writer : writers) {
    writer.join();
  }
  for (int writer = 0; writer < kWriters; ++writer) {
    for (int n = 0; n < kSaves; ++n) {
      const auto loaded = storage_->load(std::to_string(writer) + "/" + std::to_string(n));
      ASSERT_THAT(loaded, IsOk());
      EXPECT_EQ(loaded->at("n"), n);
    }
  }
}

TEST_F(SqliteStorageTest, ReadersNeverSeeAPartOfAnObject) {
  judges({"W-03"});
  const auto object = [](int round) {
    return Json{{"round", round}, {"filling", std::string(static_cast<std::size_t>(1 + round % 7) * 20'000, 'x')}};
  };
  ASSERT_THAT(storage_->save("key", object(0)), IsOk());
  std::atomic<bool> is_done{false};
  std::thread writer{[&] {
    const auto storage = make();
    for (int round = 1; round <= 30; ++round) {
      EXPECT_THAT(storage->save("key", object(round)), IsOk());
    }
    is_done = true;
  }};
  int last = 0;
  while (!is_done) {
    const auto seen = storage_->load("key");
    ASSERT_THAT(seen, IsOk());
    const int round = seen->at("round").get<int>();
    EXPECT_GE(round, last);
    EXPECT_EQ(*seen, object(round));
    last = round;
  }
  writer.join();
}

TEST_F(SqliteStorageTest, ALockExcludesThoseOfTheSameKeyOnly) {
  const auto other = make();
  auto lock = storage_->lock("../key", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  EXPECT_THAT(storage_->lock("../key", clock_, {}, {}), FailsWith(Errc::kLocked));
  EXPECT_THAT(other->lock("../key", clock_, {}, {}), FailsWith(Errc::kLocked));
  EXPECT_THAT(other->lock("another", clock_, {}, {}), IsOk());
  EXPECT_THAT(other->save("../key", Json::object()), IsOk()) << "a lock does not block those who don't ask";
  lock->reset();
  const oidc::VirtualClock::Actor me{clock_};
  EXPECT_THAT(other->lock("../key", clock_, seconds{1}, {}), IsOk());
  EXPECT_FALSE(other->lock_degraded());
  EXPECT_EQ(
      fs::directory_iterator { home_ } -> path(), path_.parent_path())
      << "a key is no path here";
}

TEST_F(SqliteStorageTest, NoLockOutlivesItsHolder) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto mine = make();
    const auto lock = mine->lock("key", clock_, {}, {});
    const char answer = lock && mine->save("key", {{"by", "child"}}) ? 'y' : 'n';
    (void)!::write(ready[1], &answer, 1);
    for (;;) {
      ::pause();
    }
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_THAT(storage_->lock("key", clock_, {}, {}), FailsWith(Errc::kLocked));
  EXPECT_EQ(storage_->load("key").value(), (Json{{"by", "child"}}));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_THAT(storage_->lock("key", clock_, {}, {}), IsOk());
  EXPECT_THAT(storage_->save("key", {{"by", "parent"}}), IsOk()) << "what the child left behind blocks nobody";
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace authcore
