#include "authcore/profile.hpp"

#include "authcore/auth.hpp"
#include "authcore/memory_storage.hpp"
#include "client_world.hpp"
#include "judges.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::judges;

class Profile : public test::ClientWorld {
 protected:
  ProfileKeys keys(const std::string& name) { return profile_keys(name, *storage_).value(); }

  std::shared_ptr<MemoryStorage> storage_ = std::make_shared<MemoryStorage>();
};

TEST_F(Profile, LiesInTheUsersDirectoryUnderItsNameInLowerCase) {
  judges({"GUIDE-006", "GUIDE-008"});
  EXPECT_EQ(keys("Staging").client_config, ".planet/staging/auth_client.json");
  EXPECT_EQ(keys("Staging").token, ".planet/staging/token.json");
  EXPECT_STREQ(kUserConfigKey, ".planet.json");
}

TEST_F(Profile, PrefersWhatIsEncrypted) {
  judges({"GUIDE-008"});
  storage_->save(".planet/me/token.json", Json::object()).value();
  storage_->save(".planet/me/token.sops.json", Json::object()).value();
  EXPECT_EQ(keys("me").token, ".planet/me/token.sops.json");
  EXPECT_EQ(keys("me").client_config, ".planet/me/auth_client.json");
  storage_->save(".planet/me/auth_client.sops.json", Json::object()).value();
  EXPECT_EQ(keys("me").client_config, ".planet/me/auth_client.sops.json");
}

TEST_F(Profile, HasANameThatStaysInTheDirectory) {
  for (const char* name : {"", ".", "..", "../other", "a/b", "/etc", ".hidden", "a b", "\xC3\xA4"}) {
    EXPECT_THAT(profile_keys(name, *storage_), FailsWith(Errc::kInvalidArgument)) << name;
  }
}

TEST_F(Profile, MakesAContext) {
  judges({"GUIDE-006", "FACT-004", "AUTH-007"});
  storage_->save(".planet/me/auth_client.json", {{"client_type", "static_apikey"}, {"api_key", "k"}}).value();
  const ProfileKeys place = keys("ME");
  const auto auth = Auth::from_config_file(place.client_config,
                                           {.location = {storage_, place.token}, .profile_name = "me"}, environment())
                        .value();
  EXPECT_EQ(auth->request_authenticator().authorization_header().value(), "Bearer k");
  EXPECT_EQ(auth->profile_name(), "me");
  EXPECT_EQ(auth->config_key(), place.client_config);
}

TEST(ProfileVariables, AreReadFromWhatIsGivenAndFromNowhereElse) {
  judges({"GUIDE-007", "D-24"});
  const ProfileVariables none = read_profile_variables({});
  EXPECT_EQ(none.profile + none.client_id + none.client_secret + none.api_key, "");
  const ProfileVariables all = read_profile_variables({{"PL_AUTH_PROFILE", "p"},
                                                       {"PL_AUTH_CLIENT_ID", "i"},
                                                       {"PL_AUTH_CLIENT_SECRET", "s"},
                                                       {"PL_AUTH_API_KEY", "k"},
                                                       {"PL_API_KEY", "other"}});
  EXPECT_EQ(all.profile, "p");
  EXPECT_EQ(all.client_id, "i");
  EXPECT_EQ(all.client_secret, "s");
  EXPECT_EQ(all.api_key, "k");
  EXPECT_EQ(read_profile_variables({{"PL_API_KEY", "k2"}}).api_key, "k2");
}

TEST(ProfileVariables, MakeAClientConfiguration) {
  judges({"GUIDE-007"});
  const std::string server = "https://as.test";
  EXPECT_EQ(client_config_from({.client_id = "i", .client_secret = "s", .api_key = "k"}, server).value(),
            (Json{{"client_type", "oidc_client_credentials_secret"},
                  {"auth_server", server},
                  {"client_id", "i"},
                  {"client_secret", "s"}}));
  EXPECT_EQ(client_config_from({.api_key = "k"}, server).value(),
            (Json{{"client_type", "static_apikey"}, {"api_key", "k"}}));
  EXPECT_THAT(client_config_from({.profile = "me"}, server), FailsWith(Errc::kNotFound));
  EXPECT_THAT(client_config_from({.client_id = "i"}, server), FailsWith(Errc::kConfig));
  EXPECT_THAT(client_config_from({.client_secret = "s"}, server), FailsWith(Errc::kConfig));
}

}  // namespace
}  // namespace authcore
