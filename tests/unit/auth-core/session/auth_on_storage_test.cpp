#include <filesystem>
#include <map>

#include "authcore/file_storage.hpp"
#include "client_session.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using ::testing::HasSubstr;

using AuthOnStorage = test::ClientSession;

TEST_F(AuthOnStorage, TakesAnOpaqueTokenForNoYoungerThanItsFile) {
  judges({"W-49"});
  const auto home = std::filesystem::path{::testing::TempDir()} / ("opaque_" + random_.token(8));
  const auto files = std::make_shared<FileStorage>(home);
  ASSERT_THAT(files->save("token.json", {{"access_token", "at-0"}, {"expires_in", 3600}}), IsOk());
  const auto an_hour_ago = std::filesystem::file_time_type::clock::now() - 1h;
  std::filesystem::last_write_time(home / "token.json", an_hour_ago);
  oidc::SystemClock real;
  const Environment outside{.clock = real, .random = random_, .http = http_};
  const auto auth = Auth::from_config(config("oidc_device_code"), {.location = {files, "token.json"}}, outside).value();
  EXPECT_EQ(token_of(*auth), "error no_credential") << "it has expired";
  std::filesystem::remove_all(home);
}

/// As in the guide: keys are put under a directory of its own, nulls are dropped, absence and versions are
/// told in its own way, and there is no lock.
class DemoStorage final : public ObjectStorageProvider {
 public:
  oidc::Result<Json> load(const std::string& key) override {
    const auto found = objects_.find(place_of(key));
    return found == objects_.end() ? oidc::Result<Json>{mine()} : oidc::Result<Json>{found->second};
  }
  oidc::Status save(const std::string& key, const Json& object) override {
    Json kept = Json::object();
    for (const auto& [name, value] : object.items()) {
      if (!value.is_null()) {
        kept[name] = value;
      }
    }
    objects_[place_of(key)] = kept;
    return oidc::Done{};
  }
  oidc::Result<bool> exists(const std::string& key) override { return objects_.count(place_of(key)) != 0; }
  oidc::Result<ObjectVersion> version(const std::string& /*key*/) override { return mine(); }
  oidc::Status rename(const std::string& /*from*/, const std::string& /*to*/) override { return mine(); }
  oidc::Status remove(const std::string& key) override {
    objects_.erase(place_of(key));
    return oidc::Done{};
  }
  const std::map<std::string, Json>& objects() const { return objects_; }

 private:
  static std::string place_of(const std::string& key) { return "/demo" + key; }
  static oidc::Error mine() { return {Errc::kUnknown, "not here"}; }

  std::map<std::string, Json> objects_;
};

TEST_F(AuthOnStorage, WorksWithAProviderThatHasItsOwnWays) {
  judges({"GUIDE-009", "RLG-006", "W-16", "D-31"});
  const auto demo = std::make_shared<DemoStorage>();
  const auto make = [&] {
    return Auth::from_config(config("oidc_client_credentials_secret"), {.location = {demo, "/abs/token"}},
                             environment())
        .value();
  };
  const auto auth = make();
  Json server = test::metadata();
  server.erase("revocation_endpoint");
  answer_json(200, server);
  Json response = test::token_response();
  response["refresh_token"] = "rt-1";
  response["note"] = nullptr;
  answer_json(200, response);
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(demo->objects().at("/demo/abs/token").at("refresh_token"), "rt-1");
  EXPECT_EQ(token_of(*make()), "at-1") << "from storage, without a request";
  response["access_token"] = "at-2";
  answer_json(200, response);
  clock_.advance(50min);
  EXPECT_EQ(token_of(*auth), "at-2");
  EXPECT_EQ(demo->objects().at("/demo/abs/token").at("access_token"), "at-2");
  ASSERT_THAT(auth->logout({.revoke = false}), IsOk());
  EXPECT_TRUE(demo->objects().empty());
}

TEST_F(AuthOnStorage, ReadsItsConfigurationFromStorage) {
  judges({"FACT-004", "AUTH-007", "AUTH-006"});
  storage_->save("client.json", config("oidc_client_credentials_secret")).value();
  AuthOptions options;
  options.location = {storage_, "token.json"};
  const auto auth = Auth::from_config_file("client.json", options, environment()).value();
  EXPECT_EQ(auth->client().type_name(), "oidc_client_credentials_secret");
  EXPECT_EQ(auth->config_key(), "client.json");
  EXPECT_EQ(auth->location().provider, storage_);
  answer_metadata();
  answer_json(200, test::token_response());
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(storage_->load("token.json").value().at("access_token"), "at-1");
}

TEST_F(AuthOnStorage, NamesThePlaceOfAConfigurationThatCannotWork) {
  judges({"FACT-004", "FACT-006", "W-42"});
  const AuthOptions options{.location = {storage_, "token.json"}};
  EXPECT_THAT(Auth::from_config_file("client.json", options, environment()), FailsWith(Errc::kNotFound));
  storage_->save("client.json", {{"client_type", "oidc_device_code"}, {"client_id", "id"}}).value();
  EXPECT_THAT(Auth::from_config_file("client.json", options, environment()),
              FailsWith(Errc::kConfig, ::testing::AllOf(HasSubstr("client.json"), HasSubstr("auth_server"))));
  EXPECT_THAT(Auth::from_config_file("token.json", options, environment()),
              FailsWith(Errc::kConfig, HasSubstr("token.json")));
}

TEST_F(AuthOnStorage, KeepsCredentialsInFilesIfNothingElseIsSaid) {
  judges({"FACT-004", "AUTH-004"});
  const auto directory = std::filesystem::path{::testing::TempDir()} / ("auth_" + random_.token(8));
  FileStorage files{directory};
  const std::string client_key = (directory / "client.json").string();
  const std::string token_key = (directory / "token.json").string();
  ASSERT_THAT(files.save(client_key, {{"client_type", "static_apikey"}, {"api_key", "k"}}), IsOk());
  AuthOptions options;
  options.location.key = token_key;
  const auto auth = Auth::from_config_file(client_key, options, environment());
  ASSERT_THAT(auth, IsOk());
  ASSERT_THAT((*auth)->login({}), IsOk());
  EXPECT_EQ(files.load(token_key).value().at("api_key"), "k");

  ASSERT_THAT(files.save(token_key, {{"access_token", "at-0"}}), IsOk());
  const auto owned = client(config("oidc_device_code"));
  EXPECT_EQ(owned->default_request_authenticator({nullptr, token_key}, {})->access_token().value(), "at-0");
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace authcore
