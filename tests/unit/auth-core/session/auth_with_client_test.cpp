#include <filesystem>
#include <ostream>

#include "authcore/auth.hpp"
#include "authcore/file_storage.hpp"
#include "authcore/memory_storage.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using ::testing::HasSubstr;

/// Contexts around real clients: what they send, and what they keep.
class AuthWithClient : public test::ClientWorld {
 protected:
  static Json config(const std::string& type) {
    Json json{{"client_type", type}, {"auth_server", test::kServer}, {"client_id", "id"}};
    json["scopes"] = {"planet", "offline_access"};
    if (type == "oidc_client_credentials_secret") {
      json["client_secret"] = "s";
    }
    if (type == "oidc_auth_code") {
      json["redirect_uri"] = "http://localhost/cb";
    }
    return json;
  }
  std::unique_ptr<Auth> context(const std::string& type, const std::string& key = "token.json") {
    return Auth::from_config(config(type), {.location = {storage_, key}}, environment()).value();
  }
  void store(const Json& object) { storage_->save("token.json", object).value(); }
  static std::string token_of(Auth& auth) {
    const auto token = auth.request_authenticator().access_token();
    return token ? *token : "error " + std::string{oidc::to_string(token.error().code)};
  }
  static Json old_tokens() {
    return {{"access_token", "at-0"}, {"refresh_token", "rt-0"}, {"expires_in", 100}, {"_iat", now_s() - 90}};
  }
  static std::int64_t now_s() { return oidc::epoch_seconds(test::kStart).count(); }

  std::shared_ptr<MemoryStorage> storage_ = std::make_shared<MemoryStorage>();
};

TEST_F(AuthWithClient, BuildsWithoutARequest) {
  judges({"AUTH-002", "AUTH-006", "FACT-013"});
  for (const char* type : {"oidc_auth_code", "oidc_device_code", "oidc_client_credentials_secret"}) {
    const auto auth = context(type);
    EXPECT_EQ(auth->client().type_name(), type);
    EXPECT_EQ(auth->client().credential_kind(), CredentialKind::kOidc);
    EXPECT_EQ(auth->client().can_login_unattended(), std::string{type} == "oidc_client_credentials_secret");
  }
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthWithClient, AsksOnceForATokenWhenAServiceSendsItsFirstRequest) {
  judges({"RLG-003", "AUTH-013", "FACT-013", "FACT-011"});
  const auto auth = context("oidc_client_credentials_secret");
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(http_.count(), 0U);
  answer_metadata();
  answer_json(200, test::token_response());
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(http_.form(1).get("grant_type"), "client_credentials");
  EXPECT_EQ(storage_->load("token.json").value().at("access_token"), "at-1");
}

TEST_F(AuthWithClient, FailsInsteadOfAskingAPersonWithoutPermission) {
  judges({"AUTH-018", "FACT-011", "FACT-013"});
  for (const char* type : {"oidc_auth_code", "oidc_device_code"}) {
    const auto auth = context(type);
    LoginOptions options;
    options.open_browser = [](const std::string&) -> oidc::Status {
      ADD_FAILURE() << "opened a browser";
      return oidc::Done{};
    };
    options.show = [](const std::string&) { ADD_FAILURE() << "showed something"; };
    EXPECT_THAT(auth->ensure_request_authenticator_is_ready(options), FailsWith(Errc::kInteractionRequired)) << type;
    EXPECT_THAT(auth->login(options), FailsWith(Errc::kInteractionRequired)) << type;
    EXPECT_EQ(token_of(*auth), "error no_credential");
  }
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthWithClient, RefreshesWithTheRefreshTokenAlone) {
  judges({"RFR-007", "RFR-001"});
  store(old_tokens());
  const auto auth = context("oidc_device_code");
  answer_metadata();
  answer_json(200, test::token_response());
  oidc::HttpRequest request;
  ASSERT_THAT(auth->request_authenticator().authenticate(request), IsOk());
  EXPECT_EQ(request.headers.get("Authorization"), "Bearer at-1");
  const oidc::Form form = http_.form(1);
  EXPECT_EQ(form.get("grant_type"), "refresh_token");
  EXPECT_EQ(form.get("refresh_token"), "rt-0");
  EXPECT_EQ(form.get("scope"), std::nullopt);
  EXPECT_EQ(form.get("audience"), std::nullopt);
}

TEST_F(AuthWithClient, SendsMoreParametersOfALogin) {
  judges({"AUTH-023"});
  const auto auth = context("oidc_client_credentials_secret");
  LoginOptions options;
  options.extra.add("tenant", "north");
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(auth->login(options), IsOk());
  EXPECT_EQ(http_.form(1).get("tenant"), "north");

  const auto device = context("oidc_device_code");
  answer_metadata();
  answer_json(200, {{"device_code", "d"}, {"user_code", "u"}, {"verification_uri", "https://v"}, {"expires_in", 60}});
  const auto started = device->device_login_initiate(options);
  ASSERT_THAT(started, IsOk());
  EXPECT_EQ(http_.form(3).get("tenant"), "north");
  EXPECT_EQ(started->response.at("device_code"), "d");
}

TEST_F(AuthWithClient, KeepsNothingThatOnlyTheClientObtained) {
  judges({"FACT-010"});
  const auto auth = context("oidc_client_credentials_secret");
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(auth->client().login({}), IsOk());
  EXPECT_FALSE(storage_->exists("token.json").value());
  answer_json(200, Json::object());
  EXPECT_THAT(auth->client().login({}), FailsWith(Errc::kMalformedResponse)) << "never an empty credential";
}

TEST_F(AuthWithClient, OfferAnAuthenticatorWithAndWithoutAPlace) {
  judges({"FACT-012", "AUTH-003"});
  const auto owned = client(config("oidc_device_code"));
  store({{"access_token", "at-stored"}});
  EXPECT_EQ(owned->default_request_authenticator({storage_, "token.json"}, {})->access_token().value(), "at-stored");
  const auto in_memory = owned->default_request_authenticator({}, {});
  EXPECT_THAT(in_memory->access_token(), FailsWith(Errc::kNoCredential));
  ASSERT_THAT(in_memory->update_credential_data({{"access_token", "at-given"}}), IsOk());
  EXPECT_EQ(in_memory->access_token().value(), "at-given");
  EXPECT_EQ(storage_->load("token.json").value().at("access_token"), "at-stored");
}

TEST_F(AuthWithClient, NeedsALoginAtEachStartIfItKeepsNothing) {
  judges({"GUIDE-001", "AUTH-003"});
  {
    const auto auth = context("oidc_device_code", "");
    ASSERT_THAT(auth->request_authenticator().update_credential_data(test::token_response()), IsOk());
    EXPECT_TRUE(auth->request_authenticator_is_ready());
  }
  const auto second = context("oidc_device_code", "");
  EXPECT_FALSE(second->request_authenticator_is_ready());
  EXPECT_THAT(second->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kInteractionRequired));
}

TEST_F(AuthWithClient, NeedsNothingAtTheSecondStartIfItKeepsItsSession) {
  judges({"GUIDE-002", "AUTH-012"});
  ASSERT_THAT(context("oidc_device_code")->request_authenticator().update_credential_data(test::token_response()),
              IsOk());
  const auto second = context("oidc_device_code");
  EXPECT_TRUE(second->request_authenticator_is_ready());
  EXPECT_THAT(second->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(token_of(*second), "at-1");
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthWithClient, AlwaysStoresTheNewestTokens) {
  judges({"GUIDE-003", "RFR-008", "AUTH-004"});
  store(old_tokens());
  const auto auth = context("oidc_device_code");
  answer_metadata();
  for (int round = 1; round <= 3; ++round) {
    Json response = test::token_response();
    response["access_token"] = "at-" + std::to_string(round);
    response["refresh_token"] = "rt-" + std::to_string(round);
    answer_json(200, response);
    EXPECT_EQ(token_of(*auth), response["access_token"]);
    Json stored = storage_->load("token.json").value();
    EXPECT_EQ(stored.at("access_token"), response["access_token"]);
    EXPECT_EQ(stored.at("refresh_token"), response["refresh_token"]);
    clock_.advance(50min);
  }
}

TEST_F(AuthWithClient, AsksForARefreshTokenByScopeAndDoesWithoutOne) {
  judges({"GUIDE-004"});
  const auto auth = context("oidc_client_credentials_secret");
  answer_metadata();
  answer_json(200, test::token_response());
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(http_.form(1).get("scope"), "planet offline_access");
  EXPECT_FALSE(auth->request_authenticator().credential().value()->refresh_token().has_value());
  answer_json(200, test::token_response());
  clock_.advance(59min);
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(http_.form(2).get("grant_type"), "client_credentials") << "there is nothing to refresh with";
}

TEST_F(AuthWithClient, ReadsTheExpiryOfATokenThatIsAJwt) {
  judges({"GUIDE-005"});
  const std::string jwt = oidc::test::make_token(oidc::test::SigningKey::p256(), "ES256", {{"alg", "ES256"}},
                                                 {{"iat", now_s()}, {"exp", now_s() + 1000}});
  store({{"access_token", jwt}, {"refresh_token", "rt-0"}});
  const auto auth = context("oidc_device_code");
  clock_.advance(750s);
  EXPECT_EQ(token_of(*auth), jwt);
  answer_metadata();
  answer_json(200, test::token_response());
  clock_.advance(1s);
  EXPECT_EQ(token_of(*auth), "at-1");
}

TEST_F(AuthWithClient, CanBeStoppedWhileItWaitsForAPerson) {
  judges({"W-52"});
  const auto auth = context("oidc_device_code");
  answer_metadata();
  answer_json(200, {{"device_code", "d"}, {"user_code", "u"}, {"verification_uri", "https://v"}, {"expires_in", 600}});
  const auto started = auth->device_login_initiate({}).value();
  http_.answer_with([&](const oidc::HttpRequest&) {
    stop_.request_stop();
    Json pending;
    pending["error"] = "authorization_pending";
    return oidc::test::json_reply(400, pending);
  });
  EXPECT_THAT(auth->device_login_complete(started), FailsWith(Errc::kCancelled));
  EXPECT_FALSE(storage_->exists("token.json").value());
}

TEST_F(AuthWithClient, TakesAnOpaqueTokenForNoYoungerThanItsFile) {
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

TEST_F(AuthWithClient, WorksWithAProviderThatHasItsOwnWays) {
  judges({"GUIDE-009", "RLG-006", "W-16", "D-31"});
  const auto demo = std::make_shared<DemoStorage>();
  const auto make = [&] {
    return Auth::from_config(config("oidc_client_credentials_secret"), {.location = {demo, "/abs/token"}},
                             environment())
        .value();
  };
  const auto auth = make();
  answer_metadata();
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
  ASSERT_THAT(auth->logout(), IsOk());
  EXPECT_TRUE(demo->objects().empty());
}

TEST_F(AuthWithClient, ReadsItsConfigurationFromStorage) {
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

TEST_F(AuthWithClient, NamesThePlaceOfAConfigurationThatCannotWork) {
  judges({"FACT-004", "W-42"});
  const AuthOptions options{.location = {storage_, "token.json"}};
  EXPECT_THAT(Auth::from_config_file("client.json", options, environment()), FailsWith(Errc::kNotFound));
  storage_->save("client.json", {{"client_type", "oidc_device_code"}, {"client_id", "id"}}).value();
  EXPECT_THAT(Auth::from_config_file("client.json", options, environment()),
              FailsWith(Errc::kConfig, ::testing::AllOf(HasSubstr("client.json"), HasSubstr("auth_server"))));
  EXPECT_THAT(Auth::from_config_file("token.json", options, environment()),
              FailsWith(Errc::kConfig, HasSubstr("token.json")));
}

TEST_F(AuthWithClient, KeepsCredentialsInFilesIfNothingElseIsSaid) {
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
  std::filesystem::remove_all(directory);
}

/// A refresh whose ID token needs keys that are not there yet (W-02).
class RotationAndKeys : public AuthWithClient {
 protected:
  void SetUp() override {
    Json held = old_tokens();
    held["id_token"] = id_token("alice");
    store(held);
    answer_metadata();
    Json response = test::token_response();
    response["refresh_token"] = "rt-1";
    response["id_token"] = fresh_;
    answer_json(200, response);
  }
  static std::string id_token(const std::string& subject) {
    return oidc::test::make_token(
        oidc::test::SigningKey::p256(), "ES256", {{"alg", "ES256"}, {"kid", "k"}},
        {{"iss", test::kServer}, {"sub", subject}, {"aud", "id"}, {"iat", now_s()}, {"exp", now_s() + 600}});
  }
  oidc::HttpResponse keys() const {
    return oidc::test::json_reply(200, {{"keys", Json::array({oidc::test::SigningKey::p256().jwk("k")})}});
  }

  std::string fresh_ = id_token("alice");
};

TEST_F(RotationAndKeys, SavesTheNewRefreshTokenBeforeItAsksForKeys) {
  judges({"W-02", "RFR-008"});
  Json seen;
  http_.answer_with([&](const oidc::HttpRequest& request) {
    EXPECT_EQ(request.url, test::kServer + "/jwks");
    seen = storage_->load("token.json").value();
    return keys();
  });
  const auto auth = context("oidc_device_code");
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(seen.at("refresh_token"), "rt-1");
  EXPECT_EQ(seen.at("access_token"), "at-1");
  EXPECT_NE(seen.at("id_token"), fresh_) << "nobody has verified it";
  EXPECT_EQ(storage_->load("token.json").value().at("id_token"), fresh_);
}

TEST_F(RotationAndKeys, WritesNothingBackIfTheSessionEndsMeanwhile) {
  judges({"W-20"});
  http_.answer_with([&](const oidc::HttpRequest&) {
    storage_->remove("token.json").value();
    return keys();
  });
  const auto auth = context("oidc_device_code");
  EXPECT_EQ(token_of(*auth), "error no_credential");
  EXPECT_FALSE(storage_->exists("token.json").value());
}

class RotationAndWrongIdToken : public RotationAndKeys {
 protected:
  RotationAndWrongIdToken() { fresh_ = id_token("bob"); }
};

TEST_F(RotationAndWrongIdToken, PutsBackWhatWasStored) {
  judges({"W-02"});
  http_.answer(keys());
  const auto auth = context("oidc_device_code");
  EXPECT_EQ(token_of(*auth), "at-0") << "it is still good";
  EXPECT_EQ(storage_->load("token.json").value().at("refresh_token"), "rt-0");
}

TEST_F(RotationAndWrongIdToken, PutsNothingBackAfterALogout) {
  judges({"W-20"});
  http_.answer_with([&](const oidc::HttpRequest&) {
    storage_->remove("token.json").value();
    return keys();
  });
  const auto auth = context("oidc_device_code");
  (void)token_of(*auth);
  EXPECT_FALSE(storage_->exists("token.json").value());
}

}  // namespace
}  // namespace authcore
