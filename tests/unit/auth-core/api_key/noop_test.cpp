#include "key_world.hpp"

namespace authcore::test {
namespace {

using ::testing::IsEmpty;

using Noop = KeyWorld;

TEST_F(Noop, IsReadyAndLeavesRequestsAsTheyAre) {
  judges({"NOOP-001", "RA-003", "RA-005"});
  const auto auth = context({{"client_type", "none"}, {"planet_app", "tool-1"}});
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  oidc::HttpRequest request;
  request.headers.set("Authorization", "Basic mine");
  ASSERT_THAT(auth->request_authenticator().authenticate(request), IsOk());
  EXPECT_EQ(request.headers.get("Authorization"), "Basic mine");
  EXPECT_EQ(request.headers.get("X-Planet-App"), "tool-1");
  EXPECT_EQ(header_of(*auth), "nothing");
  EXPECT_EQ(auth->request_authenticator().authorization_header().value(), "");
}

TEST_F(Noop, LogsInToNothingAndStoresNothing) {
  judges({"NOOP-002", "FACT-011"});
  const auto auth = context({{"client_type", "none"}});
  EXPECT_TRUE(auth->client().can_login_unattended());
  const auto credential = auth->login({});
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->kind(), CredentialKind::kNone);
  EXPECT_FALSE(credential->is_expiring());
  ASSERT_THAT(auth->client().refresh(*credential), IsOk());
  EXPECT_EQ(auth->request_authenticator().credential().value().value().json(), Json::object());
  EXPECT_THAT(auth->logout(), IsOk());
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  // A logout looks whether something is stored; nothing ever is.
  for (const std::string& operation : storage_->take_operations()) {
    EXPECT_NE(operation, "save");
  }
}

TEST_F(Noop, FindsEverythingValidAndRevokesNothing) {
  judges({"NOOP-002"});
  const auto owned = make_client({{"client_type", "none"}}, environment_).value();
  AuthClient& client = *owned;
  EXPECT_EQ(client.validate_access_token_local("t", {}).value(), Json::object());
  EXPECT_EQ(client.validate_id_token_local("t").value(), Json::object());
  EXPECT_EQ(client.validate_access_token_remote("t").value(), Json::object());
  EXPECT_EQ(client.validate_id_token_remote("t").value(), Json::object());
  EXPECT_EQ(client.validate_refresh_token_remote("t").value(), Json::object());
  EXPECT_THAT(client.revoke_access_token("t"), IsOk());
  EXPECT_THAT(client.revoke_refresh_token("t"), IsOk());
  EXPECT_THAT(client.get_scopes().value(), IsEmpty());
  EXPECT_THAT(client.userinfo("t"), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(client.oidc_discovery(), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(client.device_login_initiate({}), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(client.device_login_complete({}), FailsWith(Errc::kUnsupportedByClient));
}

TEST_F(Noop, TakesNoCredential) {
  judges({"RA-010"});
  const auto auth = context({{"client_type", "none"}});
  auto& authenticator = auth->request_authenticator();
  EXPECT_THAT(authenticator.update_credential(credential_of(tokens("A0", 100))), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(authenticator.update_credential_data(tokens("A0", 100)), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(authenticator.update_credential(Credential::none()), IsOk());
  EXPECT_EQ(header_of(*auth), "nothing");
}

}  // namespace
}  // namespace authcore::test
