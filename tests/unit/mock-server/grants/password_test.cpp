#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class PasswordTest : public IssuerTest {
 protected:
  static inline const std::string kPassword = "p4ss:/%\xc3\xb6+ word";

  Reply log_in(const oidc::Form& changes = {}) {
    oidc::Form form{{"grant_type", "password"},
                    {"client_id", "app"},
                    {"username", "user-1"},
                    {"password", kPassword},
                    {"scope", "openid offline_access api"}};
    for (const auto& [name, value] : changes) {
      form.set(name, value);
    }
    return post("/token", form);
  }
};

TEST_F(PasswordTest, TheUsersTokensAreAsThoseOfAnyLogin) {
  const auto tokens = body_of(log_in());
  const auto access = claims_of(tokens, "access_token");
  EXPECT_EQ(access.at("sub"), "user-1");
  EXPECT_EQ(access.at("client_id"), "app");
  EXPECT_EQ(access.at("scope"), "openid offline_access api");
  EXPECT_EQ(claims_of(tokens, "id_token").at("sub"), "user-1");
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(PasswordTest, AWrongPasswordIsAnInvalidGrant) {
  for (const char* password : {"p4ss", "p4ss:/%\xc3\xb6  word", "P4SS:/%\xc3\xb6+ word"}) {
    const auto reply = log_in({{"password", password}});
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_EQ(error_of(reply), "invalid_grant");
  }
}

TEST_F(PasswordTest, AnUnknownUserIsToldTheSame) {
  EXPECT_EQ(log_in({{"username", "nobody"}}).response.body, log_in({{"password", "wrong"}}).response.body);
}

TEST_F(PasswordTest, AUserWithoutAPasswordCannotLogInLikeThis) {
  start({{"users", {{{"sub", "user-1"}}}}});
  EXPECT_EQ(error_of(log_in()), "invalid_grant");
}

TEST_F(PasswordTest, BothHalvesAreRequired) {
  EXPECT_EQ(error_of(log_in({{"password", ""}})), "invalid_request");
  EXPECT_EQ(error_of(log_in({{"username", ""}})), "invalid_request");
}

TEST_F(PasswordTest, ThePasswordIsNowhereInTheJournal) {
  log_in();
  log_in({{"password", "wrong-password"}});
  for (const auto& exchange : issuer_->journal().exchanges()) {
    EXPECT_EQ(exchange.form.value_or_empty("password").substr(0, 3), "fp:");
  }
}

TEST_F(PasswordTest, AClientMayBeKeptFromIt) {
  start({{"clients", {{{"id", "app"}, {"grants", {"authorization_code"}}}}}});
  EXPECT_EQ(error_of(log_in()), "unauthorized_client");
}

}  // namespace
}  // namespace mockserver::test
