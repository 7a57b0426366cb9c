#include "authcore/stored_object.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "../session/fakes.hpp"
#include "authcore/stored_client_config.hpp"
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
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// "n" must be there and a number; "doubled" is computed from it.
ObjectRule numbers() {
  ObjectRule rule = any_object_rule();
  rule.prepare = [](const Json& object, oidc::TimePoint) -> oidc::Result<Json> {
    if (!object.is_object() || !object.contains("n") || !object.at("n").is_number()) {
      return oidc::Error{Errc::kInvalidArgument, "n must be a number"};
    }
    Json prepared = object;
    prepared["doubled"] = object.at("n").get<int>() * 2;
    return prepared;
  };
  return rule;
}

const Json kOne = {{"n", 1}, {"doubled", 2}};
const Json kTwo = {{"n", 2}, {"doubled", 4}};

class StoredObjectTest : public ::testing::Test {
 protected:
  StoredObject object(Json data = nullptr) { return {clock_, numbers(), {storage_, kKey}, std::move(data)}; }
  StoredObject without_path(Json data = nullptr) { return {clock_, numbers(), {storage_, ""}, std::move(data)}; }

  static constexpr const char* kKey = "object.json";

  oidc::VirtualClock clock_{test::kStart};
  std::shared_ptr<test::RecordingStorage> storage_ = std::make_shared<test::RecordingStorage>();
};

TEST_F(StoredObjectTest, StartsNeverSetAndIsNeverNullAgain) {
  judges({"FBJ-001", "FBJ-002", "FBJ-004"});
  StoredObject any{clock_, any_object_rule()};
  EXPECT_FALSE(any.is_set());
  EXPECT_TRUE(any.data().is_null());
  EXPECT_THAT(any.check(), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(any.set_data(nullptr), FailsWith(Errc::kInvalidArgument));
  ASSERT_THAT(any.set_data(Json::object()), IsOk());
  EXPECT_THAT(any.check(), IsOk());
  EXPECT_THAT(any.set_data(nullptr), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(any.data(), Json::object());
}

TEST_F(StoredObjectTest, TakesObjectsOnly) {
  judges({"FBJ-023", "D-28"});
  StoredObject any{clock_, any_object_rule()};
  for (const Json& other : {Json::array({1}), Json("text"), Json(5), Json(true), Json::array()}) {
    EXPECT_THAT(any.set_data(other), FailsWith(Errc::kInvalidArgument)) << other;
    EXPECT_THAT(any.update_data(other), FailsWith(Errc::kInvalidArgument)) << other;
    EXPECT_FALSE(any.is_set()) << other;
  }
}

TEST_F(StoredObjectTest, JudgesTheConstructorsDataOnlyWhenAsked) {
  judges({"FBJ-003", "FBJ-018"});
  StoredObject bad = object({{"n", "x"}});
  EXPECT_EQ(bad.data(), (Json{{"n", "x"}}));
  EXPECT_THAT(bad.check(), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(bad.save(), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
  EXPECT_EQ(object({{"n", 1}}).data(), kOne) << "good data is prepared at once";
}

TEST_F(StoredObjectTest, KeepsWhatItHoldsWhenItRefuses) {
  judges({"FBJ-004", "FBJ-006", "D-05"});
  StoredObject held = object();
  ASSERT_THAT(held.set_data({{"n", 1}}), IsOk());
  EXPECT_THAT(held.set_data({{"n", "x"}}), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(held.update_data({{"n", "x"}, {"more", true}}), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(held.data(), kOne);
}

TEST_F(StoredObjectTest, SharesNothingWithItsCaller) {
  judges({"FBJ-005", "W-33", "W-19"});
  Json given = {{"n", 1}, {"nested", {{"a", 1}}}};
  const Json before = given;
  StoredObject held = object();
  ASSERT_THAT(held.set_data(given), IsOk());
  EXPECT_EQ(given, before) << "what is computed is not put into the caller's object";
  given["n"] = 5;
  given["nested"]["a"] = 5;
  Json taken = held.data();
  taken["n"] = 6;
  EXPECT_EQ(held.data(), (Json{{"n", 1}, {"doubled", 2}, {"nested", {{"a", 1}}}}));
  StoredObject copy = held;
  ASSERT_THAT(copy.set_data({{"n", 2}}), IsOk());
  EXPECT_EQ(held.data().at("n"), 1);
}

TEST_F(StoredObjectTest, UpdatesMemberByMember) {
  judges({"FBJ-006"});
  StoredObject held = object();
  ASSERT_THAT(held.update_data({{"n", 1}, {"list", {1, 2}}}), IsOk()) << "sets what was never set";
  ASSERT_THAT(held.update_data({{"n", 2}, {"list", {3}}, {"new", {{"a", 1}}}}), IsOk());
  ASSERT_THAT(held.update_data({{"new", {{"b", 1}}}}), IsOk());
  EXPECT_EQ(held.data(), (Json{{"n", 2}, {"doubled", 4}, {"list", {3}}, {"new", {{"b", 1}}}}))
      << "only the top level is merged";
}

TEST_F(StoredObjectTest, DataNeverLoads) {
  judges({"FBJ-007"});
  storage_->put(kKey, kOne);
  EXPECT_TRUE(object().data().is_null());
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StoredObjectTest, LoadsAlwaysFromItsPath) {
  judges({"FBJ-008"});
  storage_->put(kKey, {{"n", 1}});
  StoredObject held = object({{"n", 7}});
  ASSERT_THAT(held.load(), IsOk());
  EXPECT_EQ(held.data(), kOne);
  storage_->take_operations();
  ASSERT_THAT(held.load(), IsOk());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("version", "load"));
}

TEST_F(StoredObjectTest, WithoutAPathLoadsNothingAndSaysNothing) {
  judges({"FBJ-008", "FBJ-012", "FBJ-015", "D-01", "D-02"});
  StoredObject bad = without_path({{"n", "x"}});
  EXPECT_THAT(bad.load(), IsOk());
  EXPECT_THAT(bad.lazy_reload(), IsOk());
  StoredObject unset = without_path();
  EXPECT_THAT(unset.load(), IsOk());
  EXPECT_THAT(unset.lazy_load(), IsOk());
  EXPECT_THAT(unset.lazy_reload(), IsOk());
  EXPECT_FALSE(unset.is_set());
  EXPECT_THAT(unset.check(), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StoredObjectTest, AFailedLoadKeepsWhatIsHeld) {
  judges({"FBJ-009", "D-05"});
  StoredObject held = object({{"n", 1}});
  EXPECT_THAT(held.load(), FailsWith(Errc::kNotFound));
  storage_->put(kKey, {{"n", "SECRET"}});
  const auto loaded = held.load();
  EXPECT_THAT(loaded, FailsWith(Errc::kCorruptStorage, HasSubstr(kKey)));
  EXPECT_THAT(loaded.error().message, Not(HasSubstr("SECRET")));
  storage_->fail("load", Errc::kStorage);
  EXPECT_THAT(held.load(), FailsWith(Errc::kStorage));
  EXPECT_EQ(held.data(), kOne);
}

TEST_F(StoredObjectTest, LoadsLazilyOnlyWhatWasNeverSet) {
  judges({"FBJ-010"});
  storage_->put(kKey, {{"n", 1}});
  StoredObject unset = object();
  ASSERT_THAT(unset.lazy_load(), IsOk());
  EXPECT_EQ(unset.data(), kOne);
  storage_->take_operations();
  storage_->put(kKey, {{"n", 2}});
  EXPECT_THAT(unset.lazy_load(), IsOk());
  StoredObject constructed = object({{"n", 7}});
  EXPECT_THAT(constructed.lazy_load(), IsOk());
  EXPECT_EQ(unset.data(), kOne);
  EXPECT_EQ(constructed.data().at("n"), 7);
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StoredObjectTest, ALazyLoadOfNothingUsableFails) {
  judges({"FBJ-011", "FBJ-016"});
  StoredObject unset = object();
  EXPECT_THAT(unset.lazy_load(), FailsWith(Errc::kNotFound));
  EXPECT_THAT(unset.lazy_reload(), FailsWith(Errc::kNotFound));
  storage_->put(kKey, {{"n", "x"}});
  EXPECT_THAT(unset.lazy_load(), FailsWith(Errc::kCorruptStorage));
  storage_->fail("load", Errc::kStorage);
  EXPECT_THAT(unset.lazy_load(), FailsWith(Errc::kStorage));
  EXPECT_FALSE(unset.is_set());
}

TEST_F(StoredObjectTest, AnEmptyObjectCountsAsSet) {
  judges({"FBJ-013", "D-03"});
  storage_->put(kKey, {{"a", 1}});
  StoredObject empty{clock_, any_object_rule(), {storage_, kKey}};
  ASSERT_THAT(empty.set_data(Json::object()), IsOk());
  ASSERT_THAT(empty.lazy_load(), IsOk());
  ASSERT_THAT(empty.lazy_reload(), IsOk());
  EXPECT_EQ(empty.data(), Json::object());
}

TEST_F(StoredObjectTest, ReloadsOnlyAnotherVersion) {
  judges({"FBJ-014", "FBJ-016", "FBJ-017", "W-18"});
  storage_->put(kKey, {{"n", 1}});
  StoredObject held = object();
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_EQ(held.data(), kOne) << "never set: a load";
  storage_->take_operations();
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("version"));

  storage_->put(kKey, {{"n", 2}});  // in the same second: the clock has not moved
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_EQ(held.data(), kTwo);

  storage_->drop(kKey);
  EXPECT_THAT(held.lazy_reload(), FailsWith(Errc::kNotFound));
  EXPECT_EQ(held.data(), kTwo);
}

TEST_F(StoredObjectTest, WhatWasSetOrSavedIsNewerThanWhatIsStored) {
  judges({"FBJ-014", "FBJ-017"});
  storage_->put(kKey, {{"n", 1}});
  StoredObject held = object();
  ASSERT_THAT(held.set_data({{"n", 2}}), IsOk());
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_EQ(held.data(), kTwo);
  ASSERT_THAT(held.save(), IsOk());
  storage_->take_operations();
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("version"));
  storage_->put(kKey, {{"n", 1}});
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_EQ(held.data(), kOne);
}

TEST_F(StoredObjectTest, StoredDataIsNewerThanTheConstructors) {
  judges({"FBJ-014"});
  storage_->put(kKey, {{"n", 1}});
  StoredObject held = object({{"n", 7}});
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_EQ(held.data(), kOne);
}

TEST_F(StoredObjectTest, SavesWhatIsValid) {
  judges({"FBJ-018", "W-19"});
  EXPECT_THAT(object().save(), FailsWith(Errc::kInvalidArgument)) << "never set";
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
  StoredObject held = object({{"n", 1}});
  ASSERT_THAT(held.save(), IsOk());
  ASSERT_THAT(held.update_data({{"n", 2}}), IsOk());
  EXPECT_EQ(storage_->stored(kKey), kOne) << "the provider holds a copy";
}

TEST_F(StoredObjectTest, WithoutAPathSavesNothingButChecks) {
  judges({"FBJ-019"});
  EXPECT_THAT(without_path({{"n", 1}}).save(), IsOk());
  EXPECT_THAT(without_path({{"n", "x"}}).save(), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(without_path().save(), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StoredObjectTest, AsksOnlyWhetherSomethingIsStored) {
  judges({"FBJ-020"});
  EXPECT_FALSE(object({{"n", 1}}).is_persisted_to_storage().value());
  storage_->put(kKey, {{"n", "invalid"}});
  EXPECT_TRUE(object().is_persisted_to_storage().value());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("exists", "exists"));
  EXPECT_FALSE(without_path({{"n", 1}}).is_persisted_to_storage().value());
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StoredObjectTest, GetsAMemberAndLoadsForIt) {
  judges({"FBJ-021"});
  EXPECT_THAT(object().lazy_get("n"), FailsWith(Errc::kNotFound));
  EXPECT_TRUE(without_path().lazy_get("n").value().is_null());
  storage_->put(kKey, {{"n", 1}});
  storage_->take_operations();
  StoredObject held = object();
  EXPECT_EQ(held.lazy_get("n").value(), 1);
  EXPECT_TRUE(held.lazy_get("absent").value().is_null());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("version", "load"));
}

TEST_F(StoredObjectTest, CanBeRedirected) {
  judges({"FBJ-022"});
  StoredObject held = object({{"n", 1}});
  held.set_path("second.json");
  EXPECT_EQ(held.path(), "second.json");
  ASSERT_THAT(held.save(), IsOk());
  EXPECT_EQ(storage_->stored("second.json"), kOne);

  const auto other = std::make_shared<test::RecordingStorage>();
  other->put("second.json", {{"n", 2}});
  held.set_storage_provider(other);
  ASSERT_THAT(held.lazy_reload(), IsOk());
  EXPECT_EQ(held.data(), kTwo) << "a version of another place says nothing";
  storage_->take_operations();
  ASSERT_THAT(held.save(), IsOk());
  EXPECT_THAT(storage_->take_operations(), IsEmpty());

  held.set_storage_provider(nullptr);
  held.set_path("/nonexistent/authcore/object.json");
  EXPECT_THAT(held.load(), FailsWith(Errc::kNotFound, HasSubstr("no file"))) << "the default is the file system";
}

TEST_F(StoredObjectTest, AClientConfigurationIsReadFromItsPath) {
  judges({"W-31"});
  const Json config = {
      {"client_type", "oidc_client_credentials_secret"},
      {"auth_server", "https://as.example"},
      {"client_id", "app"},
      {"client_secret", "s"},
  };
  storage_->put("client.json", config);
  StoredObject held{clock_, client_config_rule(), {storage_, "client.json"}};
  EXPECT_EQ(held.lazy_get("client_id").value(), "app");
  EXPECT_EQ(held.data(), config);
  EXPECT_THAT(held.update_data({{"auth_server", 5}}), FailsWith(Errc::kConfig));
  storage_->put("client.json", {{"client_type", "no_such_type"}});
  EXPECT_THAT(held.load(), FailsWith(Errc::kConfig, HasSubstr("client.json")));
  EXPECT_EQ(held.data(), config);
}

}  // namespace
}  // namespace authcore
