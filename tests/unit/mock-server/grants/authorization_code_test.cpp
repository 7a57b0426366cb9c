#include "../issuer_fixture.hpp"
#include "oidc/openssl.hpp"

namespace mockserver::test {
namespace {

class AuthorizationCodeTest : public IssuerTest {
 protected:
  std::string refused(const oidc::Form& form) {
    const auto reply = post("/token", form);
    EXPECT_EQ(reply.response.status, 400) << reply.response.body;
    return error_of(reply);
  }
  static oidc::Form with(oidc::Form form, const std::string& name, const std::string& value) {
    form.set(name, value);
    return form;
  }
  static oidc::Form without(oidc::Form form, const std::string& name) {
    form.remove(name);
    return form;
  }
};

TEST_F(AuthorizationCodeTest, GivesTheThreeTokensOfRfc7636AppendixB) {
  const auto reply = redeem(code());
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  EXPECT_TRUE(body_of(reply).contains("access_token"));
  EXPECT_TRUE(body_of(reply).contains("refresh_token"));
  EXPECT_TRUE(body_of(reply).contains("id_token"));
}

TEST_F(AuthorizationCodeTest, IdTokenSaysWhoForWhomAndForWhichRequest) {
  const auto tokens = login();
  const auto claims = claims_of(tokens, "id_token");
  EXPECT_EQ(claims.at("sub"), "user-1");
  EXPECT_EQ(claims.at("aud"), "app");  // a string when single
  EXPECT_EQ(claims.at("nonce"), "n-1");
  EXPECT_EQ(claims.at("auth_time"), oidc::epoch_seconds(kStart).count());
  EXPECT_EQ(claims.at("name"), "User One");
  EXPECT_FALSE(claims_of(tokens, "access_token").contains("nonce"));
}

TEST_F(AuthorizationCodeTest, AtHashIsThatOfTheAccessTokenBesideIt) {
  const auto tokens = login();
  const std::string digest = oidc::sha256(tokens.at("access_token").get<std::string>());
  EXPECT_EQ(claims_of(tokens, "id_token").at("at_hash"), oidc::base64url_encode(digest.substr(0, 16)));
}

TEST_F(AuthorizationCodeTest, RefreshTokenComesOnlyWithOfflineAccess) {
  EXPECT_FALSE(login("openid api").contains("refresh_token"));
  EXPECT_FALSE(login("api offline_access").contains("id_token"));
}

TEST_F(AuthorizationCodeTest, AClientThatMayNotRefreshGetsNoRefreshToken) {
  start({{"clients", {{{"id", "app"}, {"redirect_uris", {kCallback}}, {"grants", {"authorization_code"}}}}}});
  const auto tokens = login();
  EXPECT_TRUE(tokens.contains("access_token"));
  EXPECT_FALSE(tokens.contains("refresh_token"));
}

TEST_F(AuthorizationCodeTest, SecondUseIsRefusedAndRevokesWhatTheFirstGave) {
  const std::string value = code();
  const auto tokens = body_of(redeem(value));
  EXPECT_TRUE(active(tokens.at("access_token")));
  EXPECT_EQ(refused(redemption(value)), "invalid_grant");
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
}

TEST_F(AuthorizationCodeTest, SecondUseRevokesAlsoOnceTheCodeIsExpired) {
  const std::string value = code();
  const auto tokens = body_of(redeem(value));
  clock_.advance(61s);
  EXPECT_EQ(refused(redemption(value)), "invalid_grant");
  EXPECT_FALSE(active(tokens.at("access_token")));
}

TEST_F(AuthorizationCodeTest, AVerifierHasAtMost128Characters) {
  const auto redeemed = [&](std::size_t length) {
    const std::string verifier(length, 'v');
    auto form = authorization();
    form.set("code_challenge", oidc::base64url_encode(oidc::sha256(verifier)));
    return post("/token", with(redemption(code(form)), "code_verifier", verifier)).response.status;
  };
  EXPECT_EQ(redeemed(128), 200);
  EXPECT_EQ(redeemed(129), 400) << "RFC 7636 section 4.1";
  EXPECT_EQ(redeemed(43), 200);
  EXPECT_EQ(redeemed(42), 400);
}

TEST_F(AuthorizationCodeTest, IsGoodUntilItsLifetimeEnds) {
  const std::string early = code();
  const std::string late = code();
  clock_.advance(60s - 1ms);
  EXPECT_EQ(redeem(early).response.status, 200);
  clock_.advance(1ms);
  EXPECT_EQ(refused(redemption(late)), "invalid_grant");
}

TEST_F(AuthorizationCodeTest, BindingIsToClientRedirectUriAndVerifier) {
  const std::string value = code();
  const auto good = redemption(value);
  EXPECT_EQ(refused(with(good, "redirect_uri", "http://127.0.0.1:9999/callback")), "invalid_grant");
  EXPECT_EQ(refused(without(good, "redirect_uri")), "invalid_grant");
  EXPECT_EQ(refused(with(good, "code_verifier", std::string(43, 'a'))), "invalid_grant");
  EXPECT_EQ(refused(with(good, "code_verifier", "short")), "invalid_grant");
  EXPECT_EQ(refused(with(good, "code_verifier", kChallenge)), "invalid_grant");  // as if "plain"
  EXPECT_EQ(refused(without(good, "code_verifier")), "invalid_grant");
  EXPECT_EQ(refused(with(good, "code", "unknown")), "invalid_grant");
  EXPECT_EQ(refused(without(good, "code")), "invalid_request");
  auto foreign = without(good, "client_id");
  EXPECT_EQ(error_of(post("/token", foreign, {{"Authorization", basic("service", kSecret)}})), "invalid_grant");
  EXPECT_EQ(redeem(value).response.status, 200) << "a wrong guess must not use the code up";
}

TEST_F(AuthorizationCodeTest, VerifierWithoutChallengeIsRefused) {
  auto form = without(without(authorization(), "code_challenge"), "code_challenge_method");
  form.set("client_id", "service");
  auto request = without(redemption(code(form)), "client_id");
  const oidc::Headers service{{"Authorization", basic("service", kSecret)}};
  EXPECT_EQ(error_of(post("/token", request, service)), "invalid_grant");
  EXPECT_EQ(post("/token", without(request, "code_verifier"), service).response.status, 200);
}

TEST_F(AuthorizationCodeTest, AWrongTargetDoesNotUseTheCodeUp) {
  const std::string value = code();
  auto form = redemption(value);
  form.set("resource", "https://unknown.test");
  EXPECT_EQ(error_of(post("/token", form)), "invalid_target");
  EXPECT_EQ(redeem(value).response.status, 200);
  EXPECT_EQ(error_of(post("/token", form)), "invalid_grant") << "a used code is reused, whatever else is wrong";
  EXPECT_FALSE(active(issuer_->ledger().value_of("at#1").value()));
}

}  // namespace
}  // namespace mockserver::test
