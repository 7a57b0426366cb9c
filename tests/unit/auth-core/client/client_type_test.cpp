#include "client/client_type.hpp"

#include <set>

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

}  // namespace
}  // namespace authcore
