#include "client_options.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "status_matchers.hpp"

namespace authctl {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ClientConfigTest : public testing::Test {
 protected:
  ClientConfigTest() { unsetenv("CLIENT_SECRET"); }
  ~ClientConfigTest() override { unsetenv("CLIENT_SECRET"); }

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = testing::TempDir() + "client_options_test_" + name;
    std::ofstream{path} << text;
    return path;
  }

  ClientOptions options_;
};

TEST_F(ClientConfigTest, IsTheFilesWithTheOptionsLaidOverIt) {
  options_.config_file = file("config", R"({"client_type": "oidc_device_code", "client_id": "a", "x": 1})");
  options_.client_id = "b";
  options_.scopes = {"openid", "api"};
  options_.audience = "https://api.test";
  const auto config = client_config(options_);
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(*config, Json({{"client_type", "oidc_device_code"},
                           {"client_id", "b"},
                           {"scopes", Json::array({"openid", "api"})},
                           {"audiences", Json::array({"https://api.test"})},
                           {"x", 1}}));
}

TEST_F(ClientConfigTest, NamesAFileThatIsNoJsonObjectAndQuotesNothing) {
  for (const char* text : {"{\"client_secret\": \"s3cr3t\"", "[]", ""}) {
    options_.config_file = file("broken", text);
    EXPECT_THAT(client_config(options_), FailsWith(Errc::kConfig, HasSubstr("broken")));
    EXPECT_THAT(client_config(options_), FailsWith(Errc::kConfig, Not(HasSubstr("s3cr3t"))));
  }
}

TEST_F(ClientConfigTest, TakesTheSecretFromTheFileBeforeTheEnvironment) {
  options_.client_type = "oidc_client_credentials_secret";
  setenv("CLIENT_SECRET", "of the environment", 1);
  EXPECT_EQ(client_config(options_).value().at("client_secret"), "of the environment");
  options_.client_secret_file = file("secret", "of the file\nmore\n");
  EXPECT_EQ(client_config(options_).value().at("client_secret"), "of the file");
  options_.client_secret_file = file("none", "\n");
  EXPECT_THAT(client_config(options_), FailsWith(Errc::kConfig, HasSubstr("the first line is empty")));
  options_.client_secret_file = file("none", "");
  EXPECT_THAT(client_config(options_), FailsWith(Errc::kConfig, HasSubstr("the file is empty")));
  options_.client_secret_file = testing::TempDir();  // a directory
  EXPECT_THAT(client_config(options_), FailsWith(Errc::kConfig, HasSubstr("cannot read")));
}

TEST_F(ClientConfigTest, GivesNoSecretToAClientThatHasNone) {
  options_.client_type = "oidc_device_code";
  setenv("CLIENT_SECRET", "of the environment", 1);
  EXPECT_FALSE(client_config(options_).value().contains("client_secret"));
}

TEST_F(ClientConfigTest, BringsTheBrowserBackToAnyFreePortUnlessTold) {
  options_.client_type = "oidc_auth_code";
  EXPECT_EQ(client_config(options_).value().at("redirect_uri"), "http://127.0.0.1:0/callback");
  options_.redirect_uri = "http://127.0.0.1:8080/";
  EXPECT_EQ(client_config(options_).value().at("redirect_uri"), "http://127.0.0.1:8080/");
}

TEST(Completeness, NamesTheOptionBesideTheKey) {
  Json config = Json::object();
  EXPECT_THAT(check_complete(config),
              FailsWith(Errc::kConfig, AllOf(HasSubstr("client_type: "), HasSubstr("--client-type"),
                                             HasSubstr("--config"), HasSubstr("oidc_device_code, "))));
  config["client_type"] = "oidc_client_credentials_secret";
  const std::pair<const char*, const char*> keys[] = {{"auth_server", "--auth-server"},
                                                      {"client_id", "--client-id"},
                                                      {"client_secret", "--client-secret-file, $CLIENT_SECRET"}};
  for (const auto& [key, option] : keys) {
    EXPECT_THAT(check_complete(config), FailsWith(Errc::kConfig, AllOf(testing::StartsWith(key), HasSubstr(option))));
    config[key] = "x";
  }
  EXPECT_THAT(check_complete(config), IsOk());
}

TEST(Completeness, LeavesASlipToTheLibraryAndAKeyToItsOtherForm) {
  EXPECT_THAT(check_complete({{"client_typ", "oidc_device_code"}}), IsOk());
  Json config{{"client_type", "oidc_client_credentials_pubkey"}, {"auth_server", "x"}, {"client_id", "x"}};
  EXPECT_THAT(check_complete(config), FailsWith(Errc::kConfig, HasSubstr("--client-key-file")));
  config["client_privkey"] = "x";
  EXPECT_THAT(check_complete(config), IsOk());
  EXPECT_THAT(check_complete({{"client_type", "none"}}), IsOk());
}

TEST(AnyPort, IsThatOfALoginByCodeAlone) {
  EXPECT_TRUE(leaves_port_open({{"client_type", "oidc_auth_code"}, {"redirect_uri", "http://127.0.0.1:0/callback"}}));
  EXPECT_TRUE(leaves_port_open({{"client_type", "oidc_auth_code"}, {"local_redirect_uri", "http://[::1]:0"}}));
  EXPECT_FALSE(leaves_port_open({{"client_type", "oidc_auth_code"}, {"redirect_uri", "http://127.0.0.1:80/callback"}}));
  EXPECT_FALSE(leaves_port_open({{"client_type", "oidc_device_code"}}));
}

TEST(StorageKey, IsAnotherForEachClientAndUserAtEachServer) {
  const Json one{{"client_type", "t"}, {"auth_server", "https://a.test"}, {"client_id", "1"}};
  Json other = one;
  EXPECT_EQ(default_storage_key(one), default_storage_key(other));
  for (const char* name :
       {"client_type", "auth_server", "client_id", "legacy_auth_endpoint", "username", "user_name"}) {
    other = one;
    other[name] = "else";
    EXPECT_NE(default_storage_key(one), default_storage_key(other)) << name;
  }
  EXPECT_THAT(default_storage_key(one), testing::StartsWith(".config/authctl/"));
}

}  // namespace
}  // namespace authctl
