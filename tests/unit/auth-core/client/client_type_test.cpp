#include "client/client_type.hpp"

#include <functional>
#include <set>
#include <vector>

#include "authcore/auth.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using ::testing::HasSubstr;

/// The client types of the planet_auth documentation.
const std::set<std::string> kDocumented{"oidc_auth_code",
                                        "oidc_auth_code_secret",
                                        "oidc_auth_code_pubkey",
                                        "oidc_client_credentials_secret",
                                        "oidc_client_credentials_pubkey",
                                        "oidc_device_code",
                                        "oidc_device_code_secret",
                                        "oidc_device_code_pubkey",
                                        "oidc_resource_owner",
                                        "oidc_resource_owner_secret",
                                        "oidc_resource_owner_pubkey",
                                        "oidc_client_validator",
                                        "planet_legacy",
                                        "static_apikey",
                                        "none"};

class ClientTypesTest : public test::ClientWorld {
 protected:
  /// What is enough for a client of the type.
  static Json config_of(const std::string& type) {
    Json config{{"client_type", type}};
    if (type.starts_with("oidc_")) {
      config["auth_server"] = test::kServer;
      config["client_id"] = "id";
      config["audiences"] = Json::array({"api"});
    }
    if (type.starts_with("oidc_auth_code")) {
      config["redirect_uri"] = "http://127.0.0.1:0/callback";
    }
    if (type.ends_with("_secret")) {
      config["client_secret"] = "s";
    }
    if (type.ends_with("_pubkey")) {
      config["client_privkey"] = "-----BEGIN PRIVATE KEY-----";  // read when it is first needed
    }
    if (type == "planet_legacy") {
      config["legacy_auth_endpoint"] = "https://legacy.test/login";
    }
    if (type == "static_apikey") {
      config["api_key"] = "k";
    }
    return config;
  }
};

TEST_F(ClientTypesTest, AreTheDocumentedOnesAndNoOthers) {
  judges({"FACT-002"});
  std::set<std::string> names;
  for (const ClientTypeInfo& info : client_type_infos()) {
    names.insert(std::string{info.name});
  }
  EXPECT_EQ(names, kDocumented);
  for (const char* other : {"oidc", "OIDC_AUTH_CODE", "oidc_client_credentials", "oidc_auth_code ", "api_key"}) {
    EXPECT_THAT(make_client({{"client_type", other}}, environment()), FailsWith(Errc::kConfig)) << other;
  }
}

TEST_F(ClientTypesTest, AreBuiltAsTheConfigurationNamesThem) {
  judges({"FACT-001", "FACT-005"});
  for (const std::string& type : kDocumented) {
    const auto client = make_client(config_of(type), environment());
    ASSERT_THAT(client, IsOk()) << type;
    EXPECT_EQ((*client)->type_name(), type);
  }
}

TEST_F(ClientTypesTest, MustBeNamedAndAreNamedInTheRefusal) {
  judges({"FACT-003"});
  EXPECT_THAT(make_client(Json::object(), environment()), FailsWith(Errc::kConfig));
  EXPECT_THAT(make_client(nullptr, environment()), FailsWith(Errc::kConfig));
  EXPECT_THAT(make_client({{"auth_server", test::kServer}, {"client_id", "id"}}, environment()),
              FailsWith(Errc::kConfig, HasSubstr("client_type")));
  EXPECT_THAT(make_client({{"client_type", "oidc_magic"}}, environment()),
              FailsWith(Errc::kConfig, HasSubstr("oidc_magic")));
}

TEST_F(ClientTypesTest, DescribeThemselvesEachInItsOwnWords) {
  judges({"CFG-020"});
  std::set<std::string_view> names;
  std::set<std::string_view> display_names;
  for (const ClientTypeInfo& info : client_type_infos()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(display_names.insert(info.display_name).second) << info.display_name;
    EXPECT_FALSE(info.display_name.empty()) << info.name;
    EXPECT_FALSE(info.description.empty()) << info.name;
    std::set<std::string_view> keys;
    for (const ClientTypeInfo::Hint& hint : info.config_hints) {
      EXPECT_TRUE(keys.insert(hint.key).second) << info.name << ": " << hint.key;
      EXPECT_FALSE(hint.key.empty() || hint.text.empty()) << info.name;
    }
  }
}

TEST_F(ClientTypesTest, HintAtAllThatTheyNeed) {
  judges({"CFG-020"});
  for (const ClientTypeInfo& info : client_type_infos()) {
    const Json all = config_of(std::string{info.name});
    Json config{{"client_type", std::string{info.name}}};
    for (const ClientTypeInfo::Hint& hint : info.config_hints) {
      const std::string key{hint.key};
      if (!hint.is_required) {
        continue;
      }
      config[key] = key == "client_privkey_file" ? Json("/key.pem") : all.value(key, Json(nullptr));
      config[key] = key == "audiences" ? Json::array({"api"}) : config[key];
    }
    EXPECT_THAT(make_client(config, environment()), IsOk()) << config;
  }
}

TEST_F(ClientTypesTest, OfLegacyKeysNeedTheirEndpointOnly) {
  judges({"CFG-017"});
  Json config = config_of("planet_legacy");
  config.erase("api_key");
  EXPECT_THAT(make_client(config, environment()), IsOk());
  for (const Json& missing : {Json(nullptr), Json("")}) {
    config["legacy_auth_endpoint"] = missing;
    EXPECT_THAT(make_client(config, environment()), FailsWith(Errc::kConfig, HasSubstr("legacy_auth_endpoint")));
  }
}

TEST_F(ClientTypesTest, OfStaticKeysNeedNothing) {
  judges({"CFG-018"});
  const auto header = [&](const Json& config) {
    return Auth::from_config(config, {}, environment()).value()->request_authenticator().authorization_header();
  };
  EXPECT_EQ(header({{"client_type", "static_apikey"}, {"api_key", "k"}}).value(), "Bearer k");
  EXPECT_EQ(header({{"client_type", "static_apikey"}, {"api_key", "k"}, {"bearer_token_prefix", "Key"}}).value(),
            "Key k");
  EXPECT_THAT(header({{"client_type", "static_apikey"}, {"bearer_token_prefix", "Key"}}),
              FailsWith(Errc::kNoCredential));
}

TEST_F(ClientTypesTest, KnowWhetherTheyNeedAnybodyToLogIn) {
  judges({"FACT-011"});
  const std::set<std::string> unattended{"oidc_client_credentials_secret", "oidc_client_credentials_pubkey",
                                         "static_apikey", "none"};
  for (const ClientTypeInfo& info : client_type_infos()) {
    const std::string name{info.name};
    EXPECT_EQ(client(config_of(name))->can_login_unattended(), unattended.contains(name)) << name;
  }
}

TEST_F(ClientTypesTest, SayWhatTheyCannotDo) {
  judges({"FACT-009"});
  struct Operation {
    const char* name;
    std::function<oidc::Errc(AuthClient& client)> use;
  };
  const auto code_of = [](const auto& result) { return result ? Errc::kUnknown : result.error().code; };
  const std::vector<Operation> operations{
      {"device login", [&](AuthClient& c) { return code_of(c.device_login_initiate({})); }},
      {"device login, second half", [&](AuthClient& c) { return code_of(c.device_login_complete({})); }},
      {"discovery", [&](AuthClient& c) { return code_of(c.oidc_discovery()); }},
      {"userinfo", [&](AuthClient& c) { return code_of(c.userinfo("t")); }},
  };
  for (const char* type : {"static_apikey", "planet_legacy", "none"}) {
    for (const Operation& operation : operations) {
      EXPECT_EQ(operation.use(*client(config_of(type))), Errc::kUnsupportedByClient) << type << " " << operation.name;
    }
  }
  const auto others = std::vector<Operation>{
      {"access token, local", [&](AuthClient& c) { return code_of(c.validate_access_token_local("t", {})); }},
      {"access token, remote", [&](AuthClient& c) { return code_of(c.validate_access_token_remote("t")); }},
      {"ID token, local", [&](AuthClient& c) { return code_of(c.validate_id_token_local("t")); }},
      {"ID token, remote", [&](AuthClient& c) { return code_of(c.validate_id_token_remote("t")); }},
      {"refresh token, remote", [&](AuthClient& c) { return code_of(c.validate_refresh_token_remote("t")); }},
      {"revocation", [&](AuthClient& c) { return code_of(c.revoke_access_token("t")); }},
      {"revocation of refresh tokens", [&](AuthClient& c) { return code_of(c.revoke_refresh_token("t")); }},
      {"scopes", [&](AuthClient& c) { return code_of(c.get_scopes()); }},
  };
  for (const char* type : {"static_apikey", "planet_legacy"}) {
    for (const Operation& operation : others) {
      EXPECT_EQ(operation.use(*client(config_of(type))), Errc::kUnsupportedByClient) << type << " " << operation.name;
    }
  }
  EXPECT_EQ(http_.count(), 0U);
}

}  // namespace
}  // namespace authcore
