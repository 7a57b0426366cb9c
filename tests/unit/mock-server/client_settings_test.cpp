// What a client has of its own: lifetimes, formats, audience, algorithms.

#include <openssl/hmac.h>

#include "jwt_check.hpp"

namespace mockserver::test {
namespace {

class ClientSettingsTest : public KeysTest {
 protected:
  /// The issuer with the public client "app", which has these settings, and "service" as ever.
  void start_with(const oidc::Json& settings, const oidc::Json& overlay = oidc::Json::object()) {
    oidc::Json app = {{"id", "app"}, {"redirect_uris", {kCallback}}};
    app.update(settings);
    oidc::Json config = overlay;
    config["clients"] = {app, {{"id", "service"}, {"auth", "client_secret_basic"}, {"secret", kSecret}}};
    start(config);
  }
  std::int64_t claim(const oidc::Json& tokens, const char* token, const char* name) {
    return claims_of(tokens, token).at(name).get<std::int64_t>();
  }
};

TEST_F(ClientSettingsTest, LifetimesOfAClientLieOverTheIssuers) {
  start_with({{"lifetimes", {{"access", 60}}}}, {{"lifetimes", {{"access", 600}, {"id", 300}}}});
  const auto tokens = login();
  EXPECT_EQ(tokens.at("expires_in"), 60);
  EXPECT_EQ(claim(tokens, "access_token", "exp") - claim(tokens, "access_token", "iat"), 60);
  EXPECT_EQ(claim(tokens, "id_token", "exp") - claim(tokens, "id_token", "iat"), 300);
  EXPECT_EQ(body_of(service_token()).at("expires_in"), 600);
  clock_.advance(60s);
  EXPECT_FALSE(active(tokens.at("access_token")));
}

TEST_F(ClientSettingsTest, RefreshTokensEndWithTheSessionHoweverOftenTheyRotate) {
  start_with({{"lifetimes", {{"refresh", 100}, {"session", 250}}}});
  oidc::Json tokens = login();
  for (int i = 0; i < 3; ++i) {
    clock_.advance(80s);
    tokens = body_of(refresh(tokens));
    ASSERT_TRUE(tokens.contains("refresh_token")) << i;
  }
  clock_.advance(10s - 1ms);
  EXPECT_EQ(introspect(tokens.at("refresh_token")).at("exp"), oidc::epoch_seconds(kStart + 250s).count());
  clock_.advance(1ms);
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
}

TEST_F(ClientSettingsTest, OneClientHasOpaqueTokensAndTheOtherJwts) {
  start_with({{"access_token", "opaque"}});
  const std::string opaque = login().at("access_token");
  EXPECT_EQ(opaque.find('.'), std::string::npos);
  EXPECT_EQ(introspect(opaque).at("aud"), "https://api.test");
  EXPECT_EQ(jwt_part(body_of(service_token()).at("access_token"), 0).at("typ"), "at+jwt");
}

TEST_F(ClientSettingsTest, OneClientHasJwtsAndTheOtherOpaqueTokens) {
  start_with({{"access_token", "jwt"}}, {{"access_token", "opaque"}});
  EXPECT_EQ(jwt_part(login().at("access_token"), 0).at("typ"), "at+jwt");
  EXPECT_EQ(body_of(service_token()).at("access_token").get<std::string>().find('.'), std::string::npos);
}

TEST_F(ClientSettingsTest, AudienceIsTheClientsOwnAsAStringOrAnArray) {
  start_with({{"audience", {"https://one.test", "https://two.test"}}});
  const std::string token = login().at("access_token");
  const oidc::Json both = {"https://one.test", "https://two.test"};
  EXPECT_EQ(jwt_part(token, 1).at("aud"), both);
  EXPECT_EQ(introspect(token).at("aud"), both);
  EXPECT_EQ(claims_of(body_of(service_token()), "access_token").at("aud"), "https://api.test");
}

TEST_F(ClientSettingsTest, AnArrayOfOneStaysAnArray) {
  start_with(oidc::Json::object(), {{"audience", oidc::Json::array({"https://one.test"})}});
  EXPECT_EQ(claims_of(login(), "access_token").at("aud"), oidc::Json::array({"https://one.test"}));
}

class IdTokenAlgTest : public ClientSettingsTest, public testing::WithParamInterface<const char*> {};

TEST_P(IdTokenAlgTest, IdTokensAreSignedAsTheClientIsRegistered) {
  start_with({{"id_token_alg", GetParam()}}, {{"signing_alg", "ES256"}});
  const auto tokens = login();
  const std::string id_token = tokens.at("id_token");
  EXPECT_EQ(jwt_part(id_token, 0).at("alg"), GetParam());
  EXPECT_TRUE(verifies(id_token, key_of(id_token)));
  EXPECT_EQ(jwt_part(tokens.at("access_token"), 0).at("alg"), "ES256");
  EXPECT_THAT(body_of(get("/.well-known/openid-configuration")).at("id_token_signing_alg_values_supported"),
              testing::Contains(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Rfc7518, IdTokenAlgTest,
                         testing::Values("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                                         "ES512", "EdDSA"),
                         [](const auto& test) { return std::string{test.param}; });

struct HmacCase {
  const char* alg;
  const EVP_MD* (*digest)();
};
class HmacTest : public ClientSettingsTest, public testing::WithParamInterface<HmacCase> {};

TEST_P(HmacTest, IdTokensAreKeyedWithTheClientsSecretAndHaveNoKid) {
  start_with({{"auth", "client_secret_post"}, {"secret", kSecret}, {"id_token_alg", GetParam().alg}});
  oidc::Form form = redemption(code());
  form.add("client_secret", kSecret);
  const std::string jwt = body_of(post("/token", form)).at("id_token");
  EXPECT_EQ(jwt_part(jwt, 0), (oidc::Json{{"alg", GetParam().alg}, {"typ", "JWT"}}));
  const std::string input = jwt.substr(0, jwt.rfind('.'));
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  HMAC(GetParam().digest(), kSecret.data(), static_cast<int>(kSecret.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), reinterpret_cast<unsigned char*>(mac.data()),
       &size);
  EXPECT_EQ(jwt.substr(jwt.rfind('.') + 1), oidc::base64url_encode(mac.substr(0, size)));
}
INSTANTIATE_TEST_SUITE_P(Rfc7518, HmacTest,
                         testing::Values(HmacCase{"HS256", EVP_sha256}, HmacCase{"HS384", EVP_sha384},
                                         HmacCase{"HS512", EVP_sha512}),
                         [](const auto& test) { return std::string{test.param.alg}; });

TEST_F(ClientSettingsTest, KeysOfClientsAlgorithmsArePublishedFromTheStart) {
  start_with({{"id_token_alg", "ES512"}, {"userinfo_alg", "PS384"}});
  std::vector<std::string> algs;
  for (const auto& key : keys()) {
    algs.push_back(key.at("alg"));
  }
  EXPECT_THAT(algs, testing::UnorderedElementsAre("RS256", "ES256", "ES512", "PS384"));
}

TEST_F(ClientSettingsTest, UserinfoIsASignedJwtForAClientThatWantsOne) {
  start_with({{"userinfo_alg", "ES384"}});
  const auto reply = userinfo(login("openid email").at("access_token"));
  EXPECT_EQ(header_of(reply, "Content-Type"), "application/jwt");
  const std::string jwt = reply.response.body;
  EXPECT_EQ(jwt_part(jwt, 0).at("alg"), "ES384");
  EXPECT_TRUE(verifies(jwt, key_of(jwt)));
  const auto claims = jwt_part(jwt, 1);
  EXPECT_EQ(claims.at("sub"), "user-1");
  EXPECT_EQ(claims.at("iss"), kBase);
  EXPECT_EQ(claims.at("aud"), "app");
  EXPECT_EQ(claims.at("email"), "user-1@example.test");
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("userinfo_signing_alg_values_supported"),
            oidc::Json::array({"ES384"}));
}

TEST_F(ClientSettingsTest, PairwiseSubjectsDifferBySectorAndAreTheSameEverywhereInOne) {
  const auto client = [](const char* id, const char* uri) {
    return oidc::Json{{"id", id}, {"redirect_uris", {uri}}, {"subject_type", "pairwise"}};
  };
  start({{"clients",
          {client("one", "https://a.test/cb"),
           client("two", "https://a.test/other"),
           client("three", "https://b.test/cb"),
           {{"id", "app"}, {"redirect_uris", {kCallback}}},
           {{"id", "service"}, {"auth", "client_secret_basic"}, {"secret", kSecret}}}}});
  const auto tokens = [&](const char* id) {
    return issuer_->mint_session({.client = id, .issued_at = kStart}).value();
  };
  const auto one = tokens("one");
  const std::string sub = claims_of(one, "id_token").at("sub");
  EXPECT_NE(sub, "user-1");
  EXPECT_EQ(claims_of(one, "access_token").at("sub"), sub);
  EXPECT_EQ(body_of(userinfo(one.at("access_token"))).at("sub"), sub);
  EXPECT_EQ(introspect(one.at("access_token")).at("sub"), sub);
  EXPECT_EQ(claims_of(tokens("two"), "id_token").at("sub"), sub);
  EXPECT_NE(claims_of(tokens("three"), "id_token").at("sub"), sub);
  EXPECT_EQ(claims_of(tokens("app"), "id_token").at("sub"), "user-1");
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("subject_types_supported"),
            (oidc::Json{"public", "pairwise"}));
}

TEST_F(ClientSettingsTest, IdTokensAreEncryptedForAClientThatWantsIt) {
  // The key of the default client "service-jwt".
  oidc::Json key = to_json(parse_issuer_config(oidc::Json::object()).value().clients.back().keys.front());
  key["use"] = "enc";
  key.erase("alg");
  start_with({{"jwks", {{"keys", oidc::Json::array({key})}}}, {"id_token_encryption", {{"alg", "RSA-OAEP-256"}}}});
  const std::string token = login().at("id_token");
  EXPECT_EQ(std::ranges::count(token, '.'), 4) << "five parts (RFC 7516 section 3.1)";
  EXPECT_EQ(jwt_part(token, 0).at("enc"), "A256GCM");
  EXPECT_EQ(jwt_part(token, 0).at("cty"), "JWT");
  EXPECT_THAT(body_of(get("/.well-known/openid-configuration")).at("id_token_encryption_alg_values_supported"),
              testing::Contains("RSA-OAEP-256"));
  const auto without =
      parse_issuer_config({{"clients", {{{"id", "app"}, {"id_token_encryption", {{"alg", "RSA-OAEP"}}}}}}});
  EXPECT_THAT(without.error().message, testing::StartsWith("/clients/0/id_token_encryption: "));
}

TEST_F(ClientSettingsTest, RefreshPolicyIsTheClientsOwn) {
  start_with({{"refresh", "omit"}});
  const auto first = login();
  const auto second = body_of(refresh(first));
  EXPECT_FALSE(second.contains("refresh_token"));
  EXPECT_NE(second.at("access_token"), first.at("access_token"));
  EXPECT_EQ(refresh(first).response.status, 200) << "the old one stays good";
}

TEST_F(ClientSettingsTest, DeviceCodesLiveAsLongAsTheClientsDo) {
  start_with({{"lifetimes", {{"device", 30}}}});
  const auto grant = device();
  EXPECT_EQ(grant.at("expires_in"), 30);
  clock_.advance(30s);
  EXPECT_EQ(error_of(poll(grant)), "expired_token");
}

TEST_F(ClientSettingsTest, APairwiseSubjectIsUnderstoodWhereItComesBack) {
  start_with({{"subject_type", "pairwise"}}, {{"users", {{{"sub", "ann"}}, {{"sub", "bob"}}}}});
  auto form = authorization();
  form.set("login_hint", "bob");
  const auto bob = body_of(redeem(code(form)));
  form.set("login_hint", "ann");
  form.set("id_token_hint", bob.at("id_token"));
  form.set("prompt", "none");
  EXPECT_EQ(claims_of(body_of(redeem(code(form))), "id_token").at("sub"), claims_of(bob, "id_token").at("sub"));
  const auto exchanged = post("/token",
                              {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                               {"subject_token", bob.at("id_token")},
                               {"subject_token_type", "urn:ietf:params:oauth:token-type:id_token"}},
                              {{"Authorization", basic("service", kSecret)}});
  EXPECT_EQ(claims_of(body_of(exchanged), "access_token").at("sub"), "bob") << "the service sees public subjects";
}

}  // namespace
}  // namespace mockserver::test
