#include <filesystem>
#include <fstream>

#include "authcore/file_storage.hpp"
#include "key_world.hpp"

namespace authcore::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Json config(const std::string& key = "", const std::string& prefix = "") {
  Json json = {{"client_type", "static_apikey"}};
  if (!key.empty()) {
    json["api_key"] = key;
  }
  if (!prefix.empty()) {
    json["bearer_token_prefix"] = prefix;
  }
  return json;
}
Json stored(const std::string& key, const std::string& prefix = "Bearer") {
  return {{"api_key", key}, {"bearer_token_prefix", prefix}};
}

using StaticKey = KeyWorld;

TEST_F(StaticKey, OfTheConfigurationIsReadyAtOnceAndAsksNobody) {
  judges({"AUTH-010", "STAT-001", "A-18"});
  const auto auth = context(config("k-1"));
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
}

TEST_F(StaticKey, HasThePrefixOfItsConfiguration) {
  judges({"STAT-001", "CFG-018"});
  EXPECT_EQ(header_of(*context(config("k-1"))), "Bearer k-1");
  EXPECT_EQ(header_of(*context(config("k-1", "Token"))), "Token k-1");
}

TEST_F(StaticKey, OfStorageIsReadWhenARequestNeedsIt) {
  judges({"STAT-001", "STAT-006", "RA-009", "D-08"});
  storage_->put(kKey, stored("k-2", "Token"));
  const auto auth = context(config());
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_EQ(header_of(*auth), "Token k-2");
  for (const bool refresh : {false, true}) {
    EXPECT_EQ(auth->request_authenticator().credential(refresh).value().value().api_key(), "k-2");
  }
}

TEST_F(StaticKey, OfTheConfigurationBeatsTheStoredOne) {
  judges({"STAT-002", "A-18"});
  storage_->put(kKey, stored("k-stored"));
  const auto auth = context(config("k-config"));
  EXPECT_EQ(header_of(*auth), "Bearer k-config");
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StaticKey, IsReadAgainOnceTheStoredOneChanged) {
  judges({"STAT-003"});
  storage_->put(kKey, stored("k-1"));
  const auto auth = context(config());
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
  storage_->take_operations();
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
  EXPECT_THAT(storage_->take_operations(), ::testing::ElementsAre("version")) << "lazily: no load without a change";
  storage_->put(kKey, stored("k-2"));
  EXPECT_EQ(header_of(*auth), "Bearer k-2");
  storage_->drop(kKey);
  EXPECT_EQ(header_of(*auth), "error no_credential");
}

TEST_F(StaticKey, ThatIsInvalidMakesEachRequestFailHere) {
  judges({"STAT-004"});
  for (const Json& bad : {Json{{"api_key", "k"}}, Json{{"bearer_token_prefix", "Bearer"}}, Json{{"api_key", 5}},
                          stored("k\n"), stored("k", "Bea rer")}) {
    storage_->put(kKey, bad);
    const auto auth = context(config());
    EXPECT_EQ(header_of(*auth), "error corrupt_storage") << bad;
    EXPECT_EQ(header_of(*auth), "error corrupt_storage") << "again: " << bad;
    EXPECT_EQ(storage_->stored(kKey), bad);
  }
}

TEST_F(StaticKey, ThatCannotBeReadMakesTheRequestFailUntilItCan) {
  judges({"STAT-004"});
  storage_->put(kKey, stored("k-1"));
  storage_->fail("load", Errc::kStorage);
  const auto auth = context(config());
  EXPECT_EQ(header_of(*auth), "error storage");
  storage_->heal();
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
}

TEST_F(StaticKey, OfTheConfigurationIsWhatALoginReturnsAndSaves) {
  judges({"STAT-005", "AUTH-021"});
  const auto auth = context(config("k-1", "Token"));
  const auto credential = auth->login({});
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->api_key(), "k-1");
  EXPECT_EQ(storage_->stored(kKey), stored("k-1", "Token"));
}

TEST_F(StaticKey, IsMissedByALogin) {
  judges({"STAT-005"});
  EXPECT_THAT(context(config())->login({}), FailsWith(Errc::kNoCredential, HasSubstr("api_key")));
}

TEST_F(StaticKey, ThatIsNowhereIsNotReadyAndSendsNothing) {
  judges({"STAT-006", "D-08", "D-10"});
  const auto auth = context(config());
  EXPECT_FALSE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kNoCredential));
  EXPECT_EQ(header_of(*auth), "error no_credential");
}

TEST_F(StaticKey, CanBeReplacedInStorageOnly) {
  judges({"STAT-008", "D-29", "W-42", "RA-011"});
  const auto auth = context(config("k-config"));
  ASSERT_THAT(auth->request_authenticator().update_credential_data(stored("k-new")), IsOk());
  EXPECT_EQ(header_of(*auth), "Bearer k-new");
  EXPECT_EQ(storage_->stored(kKey), stored("k-new"));
}

TEST_F(StaticKey, IsNotReplacedByWhatIsNone) {
  judges({"RA-010", "RA-011"});
  const auto auth = context(config("k-1"));
  auto& authenticator = auth->request_authenticator();
  EXPECT_THAT(authenticator.update_credential_data({{"api_key", "k-2"}}), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(authenticator.update_credential_data(stored("k-2\r\nX-Evil: 1")), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(authenticator.update_credential(Credential::none()), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(authenticator.update_credential(credential_of(tokens("A0", 100))), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(StaticKey, ThatCannotBeSavedIsUsedAndSavedLater) {
  judges({"W-02"});
  const auto auth = context(config());
  storage_->fail("save", Errc::kStorage);
  EXPECT_THAT(auth->request_authenticator().update_credential_data(stored("k-1")), FailsWith(Errc::kStorage));
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
  storage_->heal();
  clock_.advance(seconds{2});
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
  EXPECT_EQ(storage_->stored(kKey), stored("k-1"));
}

TEST_F(StaticKey, OfTheConfigurationSurvivesALogout) {
  judges({"W-47"});
  const auto auth = context(config("k-config"));
  ASSERT_THAT(auth->login({}), IsOk());
  ASSERT_THAT(auth->logout(), IsOk());
  EXPECT_FALSE(storage_->exists(kKey).value());
  EXPECT_EQ(header_of(*auth), "Bearer k-config") << "it is no session";
}

TEST_F(StaticKey, OfStorageIsGoneAfterALogout) {
  judges({"W-47"});
  storage_->put(kKey, stored("k-1"));
  const auto auth = context(config());
  EXPECT_EQ(header_of(*auth), "Bearer k-1");
  ASSERT_THAT(auth->logout(), IsOk());
  EXPECT_EQ(header_of(*auth), "error no_credential");
  EXPECT_FALSE(auth->request_authenticator_is_ready());
}

struct BadConfig {
  const char* name;
  const char* key;
  Json value;
};
void PrintTo(const BadConfig& c, std::ostream* out) {
  *out << c.name;
}
class BadStaticKeyConfig : public KeyWorld, public ::testing::WithParamInterface<BadConfig> {};

TEST_P(BadStaticKeyConfig, IsAnErrorThatNamesTheKeyAndNoValue) {
  Json bad = config("secret-key");
  bad[GetParam().key] = GetParam().value;
  const auto made = make_client(bad, environment_);
  EXPECT_THAT(made, FailsWith(Errc::kConfig, HasSubstr(GetParam().key)));
  EXPECT_THAT(made, FailsWith(Errc::kConfig, Not(HasSubstr("secret"))));
}
INSTANTIATE_TEST_SUITE_P(Section22, BadStaticKeyConfig,
                         ::testing::Values(BadConfig{"number", "api_key", 5},
                                           BadConfig{"line_end", "api_key", "secret\n"},
                                           BadConfig{"space", "api_key", "a secret"},
                                           BadConfig{"prefix_a_list", "bearer_token_prefix", Json::array()},
                                           BadConfig{"prefix_with_space", "bearer_token_prefix", "Bea rer"}),
                         [](const auto& tested) { return tested.param.name; });

/// The same on real files, where a configuration and a credential could be mixed up.
class StaticKeyFile : public KeyWorld {
 protected:
  void SetUp() override {
    home_ = std::filesystem::path{::testing::TempDir()} / ("static_key_" + random_.token(8));
    std::filesystem::create_directories(home_);
    files_ = std::make_shared<FileStorage>(home_);
  }
  void TearDown() override { std::filesystem::remove_all(home_); }

  std::filesystem::path home_;
  std::shared_ptr<FileStorage> files_;
};

TEST_F(StaticKeyFile, OfAConfigurationIsNeverTakenForACredential) {
  judges({"STAT-007", "STAT-008", "W-42", "FACT-004", "AUTH-007"});
  const Json written = config("k-config");
  ASSERT_THAT(files_->save("auth_client.json", written), IsOk());
  const auto auth =
      Auth::from_config_file("auth_client.json", {.location = {files_, "token.json"}}, environment_).value();
  ASSERT_THAT(files_->save("auth_client.json", written), IsOk());
  EXPECT_EQ(header_of(*auth), "Bearer k-config") << "although the file is newer than the load";
  ASSERT_THAT(auth->request_authenticator().update_credential_data(stored("k-new")), IsOk());
  EXPECT_EQ(files_->load("auth_client.json").value(), written);
  EXPECT_EQ(files_->load("token.json").value(), stored("k-new"));
}

}  // namespace
}  // namespace authcore::test
