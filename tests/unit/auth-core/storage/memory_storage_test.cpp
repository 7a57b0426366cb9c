#include "authcore/memory_storage.hpp"

#include <gtest/gtest.h>

#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using std::chrono::seconds;

class MemoryStorageTest : public ::testing::Test {
 protected:
  MemoryStorage storage_;
  oidc::VirtualClock clock_{oidc::TimePoint{seconds{1893456000}}};
};

TEST_F(MemoryStorageTest, GivesBackACopyWithoutNulls) {
  judges({"STOR-013", "STOR-005", "W-19"});
  Json object = {{"a", 1}, {"gone", nullptr}};
  ASSERT_THAT(storage_.save("key", object), IsOk());
  object["a"] = 2;
  storage_.load("key").value()["a"] = 3;
  EXPECT_EQ(storage_.load("key").value(), (Json{{"a", 1}}));
}

TEST_F(MemoryStorageTest, TellsAbsence) {
  judges({"STOR-001"});
  EXPECT_THAT(storage_.load("key"), FailsWith(Errc::kNotFound));
  EXPECT_THAT(storage_.version("key"), FailsWith(Errc::kNotFound));
  EXPECT_THAT(storage_.rename("key", "other"), FailsWith(Errc::kNotFound));
  EXPECT_FALSE(storage_.exists("key").value());
  EXPECT_THAT(storage_.remove("key"), IsOk());
}

TEST_F(MemoryStorageTest, EachSaveIsANewVersion) {
  judges({"W-18"});
  storage_.save("key", {{"a", 1}}).value();
  const ObjectVersion first = storage_.version("key").value();
  EXPECT_EQ(storage_.version("key").value(), first);
  storage_.save("key", {{"a", 1}}).value();
  EXPECT_FALSE(storage_.version("key").value() == first);
}

TEST_F(MemoryStorageTest, RenamesAndRemoves) {
  judges({"STOR-001"});
  storage_.save("a", {{"a", 1}}).value();
  ASSERT_THAT(storage_.rename("a", "b"), IsOk());
  EXPECT_FALSE(storage_.exists("a").value());
  EXPECT_EQ(storage_.load("b").value(), (Json{{"a", 1}}));
  storage_.remove("b").value();
  EXPECT_FALSE(storage_.exists("b").value());
}

TEST_F(MemoryStorageTest, RefusesWhatIsNoObject) {
  EXPECT_THAT(storage_.save("key", Json(5)), FailsWith(Errc::kInvalidArgument));
}

TEST_F(MemoryStorageTest, ALockExcludesUntilItIsGone) {
  auto lock = storage_.lock("key", clock_, {}, {});
  ASSERT_THAT(lock, IsOk());
  EXPECT_THAT(storage_.lock("other", clock_, {}, {}), IsOk());
  const oidc::VirtualClock::Actor me{clock_};
  EXPECT_THAT(storage_.lock("key", clock_, seconds{1}, {}), FailsWith(Errc::kLocked));
  EXPECT_EQ(clock_.steady_now(), seconds{1});
  lock->reset();
  EXPECT_THAT(storage_.lock("key", clock_, {}, {}), IsOk());
}

}  // namespace
}  // namespace authcore
