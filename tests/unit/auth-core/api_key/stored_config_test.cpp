#include "authcore/stored_client_config.hpp"
#include "key_world.hpp"

namespace authcore::test {
namespace {

/// Configurations of clients without OIDC, kept as objects with a stored copy.
class StoredKeyConfig : public KeyWorld {
 protected:
  oidc::Status saved(const Json& config) {
    return StoredObject{clock_, client_config_rule(), {storage_, "auth_client.json"}, config}.save();
  }
};

TEST_F(StoredKeyConfig, IsSavedAndReadAsItIs) {
  for (const Json& config :
       {Json{{"client_type", "static_apikey"}, {"api_key", "k"}}, Json{{"client_type", "static_apikey"}},
        Json{{"client_type", "planet_legacy"}, {"legacy_auth_endpoint", "https://api.test/"}},
        Json{{"client_type", "none"}, {"colour", "red"}}}) {
    ASSERT_THAT(saved(config), IsOk()) << config;
    EXPECT_EQ(storage_->stored("auth_client.json"), config);
    StoredObject read{clock_, client_config_rule(), {storage_, "auth_client.json"}};
    ASSERT_THAT(read.load(), IsOk());
    EXPECT_EQ(read.data(), config);
  }
}

TEST_F(StoredKeyConfig, IsRefusedIfNoClientCouldBeMadeOfIt) {
  for (const Json& config : {Json{{"client_type", "static_apikey"}, {"api_key", 5}},
                             Json{{"client_type", "none"}, {"user_agent", 5}}, Json{{"client_type", "planet_legacy"}},
                             Json{{"client_type", "planet_legacy"}, {"legacy_auth_endpoint", "http://api.test/"}}}) {
    EXPECT_THAT(saved(config), FailsWith(Errc::kConfig)) << config;
  }
}

}  // namespace
}  // namespace authcore::test
