#include "authcore/stored_credential.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "../session/fakes.hpp"
#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using std::chrono::hours;
using std::chrono::seconds;
using test::kStart;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kStartSeconds = oidc::epoch_seconds(kStart).count();

/// Says that its objects were written at a given time.
class DatedStorage final : public ObjectStorageProvider {
 public:
  std::int64_t modified_ns = 0;
  Json object;

  oidc::Result<Json> load(const std::string&) override { return object; }
  oidc::Status save(const std::string&, const Json& saved) override {
    object = saved;
    return oidc::Done{};
  }
  oidc::Result<bool> exists(const std::string&) override { return true; }
  oidc::Result<ObjectVersion> version(const std::string&) override { return ObjectVersion{.modified_ns = modified_ns}; }
  oidc::Status rename(const std::string&, const std::string&) override { return oidc::Done{}; }
  oidc::Status remove(const std::string&) override { return oidc::Done{}; }
};

class StoredCredentialTest : public ::testing::Test {
 protected:
  StoredCredential stored(CredentialKind kind = CredentialKind::kOidc, Json data = nullptr) {
    return {clock_, kind, {storage_, kKey}, std::move(data)};
  }

  static constexpr const char* kKey = "token.json";

  oidc::VirtualClock clock_{kStart};
  std::shared_ptr<test::RecordingStorage> storage_ = std::make_shared<test::RecordingStorage>();
};

TEST_F(StoredCredentialTest, GivesTimesAndTokensAndLoadsForThem) {
  judges({"CRED-002", "CRED-015"});
  storage_->put(kKey, {{"access_token", "A"}, {"refresh_token", "R"}, {"_iat", 900}, {"_exp", 950}});
  StoredCredential held = stored();
  const auto credential = held.credential();
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->issued_at(), oidc::TimePoint{seconds{900}});
  EXPECT_EQ(credential->expires_at(), oidc::TimePoint{seconds{950}});
  EXPECT_EQ(credential->access_token(), "A");
  EXPECT_EQ(credential->refresh_token(), "R");
  EXPECT_EQ(credential->id_token(), std::nullopt);
  EXPECT_THAT(storage_->take_operations(), ElementsAre("version", "load"));
  EXPECT_THAT(held.credential(), IsOk());
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StoredCredentialTest, SaysWhatIsMissing) {
  judges({"CRED-002"});
  EXPECT_THAT(stored().credential(), FailsWith(Errc::kNotFound));
  StoredCredential memory{clock_, CredentialKind::kOidc};
  EXPECT_THAT(memory.credential(), FailsWith(Errc::kNoCredential));
  StoredCredential bad{clock_, CredentialKind::kOidc, {}, Json::object()};
  EXPECT_THAT(bad.credential(), FailsWith(Errc::kInvalidArgument));
}

TEST_F(StoredCredentialTest, ComputesTimesWhenConstructedSetAndLoaded) {
  judges({"CRED-006", "CRED-009"});
  const Json response = {{"access_token", "A"}, {"expires_in", 60}};
  EXPECT_EQ(stored(CredentialKind::kOidc, response).data().at("_exp"), kStartSeconds + 60);
  clock_.advance(seconds{5});
  StoredCredential held = stored();
  ASSERT_THAT(held.set_data(response), IsOk());
  EXPECT_EQ(held.data().at("_iat"), kStartSeconds + 5);
  EXPECT_EQ(held.data().at("_exp"), kStartSeconds + 65);
  storage_->put(kKey, response);
  clock_.advance(seconds{5});
  ASSERT_THAT(held.load(), IsOk());
  EXPECT_EQ(held.data().at("_exp"), kStartSeconds + 70);
}

TEST_F(StoredCredentialTest, OtherKindsHaveNoTimes) {
  judges({"CRED-006", "CRED-019"});
  StoredCredential key = stored(CredentialKind::kApiKey);
  ASSERT_THAT(key.set_data({{"api_key", "K"}, {"bearer_token_prefix", "Bearer"}}), IsOk());
  EXPECT_EQ(key.data(), (Json{{"api_key", "K"}, {"bearer_token_prefix", "Bearer"}}));
  EXPECT_FALSE(key.credential()->is_expiring());
}

TEST_F(StoredCredentialTest, SavesTheTimesSoThatTheySurviveALaterLoad) {
  judges({"CRED-010", "CRED-011"});
  StoredCredential held = stored();
  ASSERT_THAT(held.set_data({{"access_token", "A"}, {"expires_in", 3600}}), IsOk());
  ASSERT_THAT(held.save(), IsOk());
  EXPECT_EQ(storage_->stored(kKey).at("_exp"), kStartSeconds + 3600);
  clock_.advance(hours{2});
  EXPECT_TRUE(stored().credential()->is_expired(clock_.now()));

  ASSERT_THAT(held.set_data({{"access_token", "B"}}), IsOk());
  ASSERT_THAT(held.save(), IsOk());
  EXPECT_EQ(storage_->stored(kKey).at("_iat"), kStartSeconds + 7200);
  EXPECT_FALSE(storage_->stored(kKey).contains("_exp"));
}

TEST_F(StoredCredentialTest, ANewAccessTokenVoidsTheOldTimes) {
  judges({"CRED-018", "W-17"});
  StoredCredential held = stored();
  ASSERT_THAT(held.set_data({{"access_token", "A"}, {"expires_in", 60}}), IsOk());
  clock_.advance(hours{1});
  ASSERT_THAT(held.update_data({{"access_token", "B"}}), IsOk());
  EXPECT_EQ(held.data().at("_iat"), kStartSeconds + 3600);
  EXPECT_EQ(held.data().at("_exp"), kStartSeconds + 3660);
  ASSERT_THAT(held.update_data({{"access_token", "C"}, {"_iat", 10}, {"_exp", 20}}), IsOk());
  EXPECT_EQ(held.data().at("_exp"), 20) << "times that come with the token are its own";
}

TEST_F(StoredCredentialTest, AnUpdateOfSomethingElseKeepsTheTimes) {
  judges({"W-17"});
  StoredCredential held = stored();
  ASSERT_THAT(held.set_data({{"access_token", "A"}, {"expires_in", 60}}), IsOk());
  const Json before = held.data();
  clock_.advance(hours{1});
  ASSERT_THAT(held.update_data({{"access_token", "A"}, {"refresh_token", "R"}}), IsOk());
  EXPECT_EQ(held.data().at("_iat"), before.at("_iat"));
  EXPECT_EQ(held.data().at("_exp"), before.at("_exp"));
}

TEST_F(StoredCredentialTest, ABadUpdateChangesNothing) {
  judges({"CRED-017", "D-05"});
  StoredCredential held = stored();
  ASSERT_THAT(held.set_data({{"access_token", "A"}, {"expires_in", 60}}), IsOk());
  const Json before = held.data();
  EXPECT_THAT(held.set_data({{"expires_in", 60}}), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(held.update_data({{"access_token", ""}}), FailsWith(Errc::kInvalidArgument));
  storage_->put(kKey, {{"scope", "a"}});
  EXPECT_THAT(held.load(), FailsWith(Errc::kCorruptStorage));
  EXPECT_EQ(held.data(), before);
}

TEST_F(StoredCredentialTest, AnUndatedTokenIsNoYoungerThanItsFile) {
  judges({"W-49"});
  const auto dated = std::make_shared<DatedStorage>();
  dated->object = {{"access_token", "A"}, {"expires_in", 3600}};
  dated->modified_ns = (kStartSeconds - 3000) * 1'000'000'000 + 999'999'999;
  StoredCredential held{clock_, CredentialKind::kOidc, {dated, kKey}};
  ASSERT_THAT(held.load(), IsOk());
  EXPECT_EQ(held.data().at("_exp"), kStartSeconds + 600);

  dated->object["_iat"] = kStartSeconds - 3500;
  ASSERT_THAT(held.load(), IsOk());
  EXPECT_EQ(held.data().at("_exp"), kStartSeconds + 100) << "what is written beats the file's time";

  dated->object.erase("_iat");
  dated->modified_ns = (kStartSeconds + 500) * 1'000'000'000;
  ASSERT_THAT(held.load(), IsOk());
  EXPECT_EQ(held.data().at("_iat"), kStartSeconds) << "a file from the future was written by now";
}

}  // namespace
}  // namespace authcore
