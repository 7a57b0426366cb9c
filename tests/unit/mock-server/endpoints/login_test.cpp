#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

/// What an authorization request may say about the login, at an issuer that asks nobody.
class LoginTest : public IssuerTest {
 protected:
  void SetUp() override {
    start(
        {{"users",
          {{{"sub", "ann"}, {"claims", {{"email", "ann@example.test"}}}, {"acr", "urn:gold"}, {"amr", {"hwk", "pin"}}},
           {{"sub", "bob"}},
           {{"sub", "nay"}, {"denies", true}}}}});
  }
  static oidc::Form with(const oidc::Form& more) {
    auto form = authorization();
    for (const auto& [name, value] : more) {
      form.set(name, value);
    }
    return form;
  }
  oidc::Json id_claims(const oidc::Form& more) { return claims_of(body_of(redeem(code(with(more)))), "id_token"); }
  std::string refused(const oidc::Form& more) {
    const auto reply = authorize(with(more));
    EXPECT_EQ(reply.response.status, 302);
    return redirect_of(reply).value_or_empty("error");
  }
};

TEST_F(LoginTest, LoginHintChoosesTheUserByNameOrEmail) {
  EXPECT_EQ(id_claims({}).at("sub"), "ann");
  EXPECT_EQ(id_claims({{"login_hint", "bob"}}).at("sub"), "bob");
  EXPECT_EQ(id_claims({{"login_hint", "ann@example.test"}}).at("sub"), "ann");
  EXPECT_EQ(id_claims({{"login_hint", "a stranger"}}).at("sub"), "ann") << "a hint is no demand";
}

TEST_F(LoginTest, TheIdTokenSaysWhenAndHowTheUserLoggedIn) {
  const auto gold = id_claims({{"acr_values", "urn:gold urn:silver"}});
  EXPECT_EQ(gold.at("acr"), "urn:gold");
  EXPECT_EQ(gold.at("amr"), (oidc::Json{"hwk", "pin"}));
  EXPECT_EQ(gold.at("auth_time"), 1893456000);
  clock_.advance(100s);
  EXPECT_EQ(id_claims({{"max_age", "10"}}).at("auth_time"), 1893456100);
  const auto plain = id_claims({{"login_hint", "bob"}, {"acr_values", "urn:gold"}});
  EXPECT_FALSE(plain.contains("acr")) << "acr_values is voluntary (OIDC Core section 5.5.1.1)";
  EXPECT_FALSE(plain.contains("amr"));
}

TEST_F(LoginTest, DiscoveryListsTheAcrsOfTheUsers) {
  const auto metadata = body_of(get("/.well-known/openid-configuration"));
  EXPECT_EQ(metadata.at("acr_values_supported"), oidc::Json::array({"urn:gold"}));
  EXPECT_EQ(metadata.at("prompt_values_supported"), (oidc::Json{"none", "login", "consent", "select_account"}));
}

TEST_F(LoginTest, AUserWhoDeniesGivesAccessDenied) {
  EXPECT_EQ(refused({{"login_hint", "nay"}}), "access_denied");
}

TEST_F(LoginTest, AnIdTokenHintChoosesItsUser) {
  const auto bob = body_of(redeem(code(with({{"login_hint", "bob"}})))).at("id_token").get<std::string>();
  EXPECT_EQ(id_claims({{"id_token_hint", bob}}).at("sub"), "bob");
  clock_.advance(7200s);
  EXPECT_EQ(id_claims({{"id_token_hint", bob}, {"prompt", "none"}}).at("sub"), "bob") << "expired hints are hints";
  EXPECT_EQ(refused({{"id_token_hint", bob + "x"}}), "invalid_request");
}

TEST_F(LoginTest, PromptAndMaxAgeAreChecked) {
  for (const char* good : {"none", "login", "consent", "select_account", "login consent"}) {
    EXPECT_EQ(refused({{"prompt", good}}), "") << good;
  }
  for (const char* bad : {"none login", "login none", "create", "Login"}) {
    EXPECT_EQ(refused({{"prompt", bad}}), "invalid_request") << bad;
  }
  EXPECT_EQ(refused({{"max_age", "0"}}), "");
  for (const char* bad : {"-1", "soon", "1.5", "99999999999999999999"}) {
    EXPECT_EQ(refused({{"max_age", bad}}), "invalid_request") << bad;
  }
}

}  // namespace
}  // namespace mockserver::test
