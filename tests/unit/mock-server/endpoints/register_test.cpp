// RFC 7591 and RFC 7592: dynamic client registration.

#include "../assertion_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class RegisterTest : public IssuerTest {
 protected:
  void SetUp() override { start({{"registration", true}}); }

  Reply enrol(const oidc::Json& metadata) {
    return send("POST", "/register", {{"Content-Type", "application/json"}}, oidc::to_text(metadata));
  }
  Reply manage(const std::string& method, const oidc::Json& client, const oidc::Json& metadata = oidc::Json{}) {
    const std::string url = client.at("registration_client_uri");
    return issuer_->handle({method,
                            url,
                            {{"Authorization", "Bearer " + client.at("registration_access_token").get<std::string>()},
                             {"Content-Type", "application/json"}},
                            metadata.is_null() ? "" : oidc::to_text(metadata)});
  }
  static oidc::Json web_app(const oidc::Json& patch = oidc::Json::object()) {
    oidc::Json metadata = {{"client_name", "Web app"},
                           {"redirect_uris", {"https://app.test/cb"}},
                           {"grant_types", {"authorization_code", "refresh_token", "client_credentials"}},
                           {"scope", "openid api"}};
    metadata.merge_patch(patch);
    return metadata;
  }
  static void expect_error(const Reply& reply, const std::string& error) {
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_EQ(error_of(reply), error) << reply.response.body;
  }
  Reply token_of(const oidc::Json& client) {
    return post("/token", {{"grant_type", "client_credentials"}},
                {{"Authorization", basic(client.at("client_id"), client.at("client_secret"))}});
  }
};

TEST_F(RegisterTest, AClientGetsAnIdASecretAndWhatItRegistered) {
  const auto reply = enrol(web_app());
  ASSERT_EQ(reply.response.status, 201) << reply.response.body;
  EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
  const auto client = body_of(reply);
  EXPECT_EQ(client.at("client_name"), "Web app");
  EXPECT_EQ(client.at("token_endpoint_auth_method"), "client_secret_basic") << "the default";
  EXPECT_EQ(client.at("client_secret_expires_at"), 0);
  EXPECT_EQ(client.at("client_id_issued_at"), oidc::epoch_seconds(kStart).count());
  const auto token = token_of(client);
  ASSERT_EQ(token.response.status, 200) << token.response.body;
  EXPECT_EQ(body_of(token).at("scope"), "api");
}

TEST_F(RegisterTest, TwoClientsDiffer) {
  const auto first = body_of(enrol(web_app()));
  const auto second = body_of(enrol(web_app()));
  EXPECT_NE(first.at("client_id"), second.at("client_id"));
  EXPECT_NE(first.at("client_secret"), second.at("client_secret"));
}

TEST_F(RegisterTest, APublicClientHasNoSecretAndLogsIn) {
  const auto client = body_of(enrol({{"token_endpoint_auth_method", "none"}, {"redirect_uris", {kCallback}}}));
  EXPECT_FALSE(client.contains("client_secret"));
  auto form = authorization("openid");
  form.set("client_id", client.at("client_id"));
  auto request = redemption(code(form));
  request.set("client_id", client.at("client_id"));
  EXPECT_EQ(claims_of(body_of(post("/token", request)), "id_token").at("aud"), client.at("client_id"));
}

TEST_F(RegisterTest, AClientOfKeysRegistersThem) {
  const AssertionMaker keys{"ES256"};
  const auto client = body_of(enrol({{"token_endpoint_auth_method", "private_key_jwt"},
                                     {"grant_types", {"client_credentials"}},
                                     {"jwks", {{"keys", {keys.public_jwk()}}}}}));
  const std::string id = client.at("client_id");
  const auto now = oidc::epoch_seconds(clock_.now()).count();
  const auto reply = post(
      "/token",
      {{"grant_type", "client_credentials"},
       {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
       {"client_assertion", keys.make({{"iss", id}, {"sub", id}, {"aud", kBase}, {"exp", now + 60}, {"jti", "1"}})}});
  EXPECT_EQ(reply.response.status, 200) << reply.response.body;
}

struct BadMetadata {
  const char* name;
  oidc::Json patch;
  const char* error;
};
class BadMetadataTest : public RegisterTest, public testing::WithParamInterface<BadMetadata> {};

TEST_P(BadMetadataTest, IsRefused) {
  expect_error(enrol(web_app(GetParam().patch)), GetParam().error);
}
INSTANTIATE_TEST_SUITE_P(
    Rfc7591Section322, BadMetadataTest,
    testing::Values(
        BadMetadata{"NoRedirectUri", {{"redirect_uris", nullptr}}, "invalid_redirect_uri"},
        BadMetadata{"RelativeUri", {{"redirect_uris", {"/cb"}}}, "invalid_redirect_uri"},
        BadMetadata{"Fragment", {{"redirect_uris", {"https://app.test/#x"}}}, "invalid_redirect_uri"},
        BadMetadata{"EmptyFragment", {{"redirect_uris", {"https://app.test/#"}}}, "invalid_redirect_uri"},
        BadMetadata{"UriIsNoString", {{"redirect_uris", {7}}}, "invalid_redirect_uri"},
        BadMetadata{"UnknownMethod", {{"token_endpoint_auth_method", "tls"}}, "invalid_client_metadata"},
        BadMetadata{"UnknownGrant", {{"grant_types", {"implicit"}}}, "invalid_client_metadata"},
        BadMetadata{"GrantsAreNoArray", {{"grant_types", "authorization_code"}}, "invalid_client_metadata"},
        BadMetadata{"UnknownResponseType", {{"response_types", {"token"}}}, "invalid_client_metadata"},
        BadMetadata{"UnknownScope", {{"scope", "admin"}}, "invalid_client_metadata"},
        BadMetadata{"ScopeIsNoString", {{"scope", {"api"}}}, "invalid_client_metadata"},
        BadMetadata{"UnknownAlgorithm", {{"id_token_signed_response_alg", "none"}}, "invalid_client_metadata"},
        BadMetadata{"KeysByReference", {{"jwks_uri", "https://app.test/jwks"}}, "invalid_client_metadata"},
        BadMetadata{"SoftwareStatement", {{"software_statement", "a.b.c"}}, "invalid_client_metadata"},
        BadMetadata{"KeysMissing", {{"token_endpoint_auth_method", "private_key_jwt"}}, "invalid_client_metadata"},
        BadMetadata{"PublicClientCredentials", {{"token_endpoint_auth_method", "none"}}, "invalid_client_metadata"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST_F(RegisterTest, TheErrorSpeaksTheNamesOfTheMetadata) {
  const auto reply = enrol(web_app({{"token_endpoint_auth_method", "tls"}}));
  EXPECT_THAT(body_of(reply).at("error_description").get<std::string>(),
              testing::StartsWith("token_endpoint_auth_method"));
}

TEST_F(RegisterTest, WhatIsNoJsonObjectIsInvalidMetadata) {
  expect_error(send("POST", "/register", {{"Content-Type", "application/json"}}, "[]"), "invalid_client_metadata");
  expect_error(send("POST", "/register", {{"Content-Type", "application/json"}}, "{"), "invalid_client_metadata");
  expect_error(post("/register", {{"client_name", "x"}}), "invalid_client_metadata");
}

// RFC 7591 section 3.2.1: the reply says what was registered.
TEST_F(RegisterTest, UnknownScopesBesideOpenidAreLeftOut) {
  EXPECT_EQ(body_of(enrol(web_app({{"scope", "openid api admin"}}))).at("scope"), "openid api");
}

TEST_F(RegisterTest, UnknownMetadataIsLeftOut) {
  EXPECT_FALSE(body_of(enrol(web_app({{"favourite_colour", "red"}}))).contains("favourite_colour"));
}

TEST_F(RegisterTest, TheClientReadsReplacesAndDeletesItself) {
  const auto client = body_of(enrol(web_app()));
  EXPECT_EQ(body_of(manage("GET", client)), client);

  oidc::Json changed = web_app({{"client_name", "Renamed"}, {"scope", nullptr}});
  changed["client_id"] = client.at("client_id");
  const auto updated = manage("PUT", client, changed);
  ASSERT_EQ(updated.response.status, 200) << updated.response.body;
  EXPECT_EQ(body_of(updated).at("client_name"), "Renamed");
  EXPECT_EQ(body_of(updated).at("client_secret"), client.at("client_secret"));
  EXPECT_EQ(body_of(token_of(client)).at("scope"), "api");

  EXPECT_EQ(manage("DELETE", client).response.status, 204);
  EXPECT_EQ(manage("GET", client).response.status, 401);
  EXPECT_EQ(error_of(token_of(client)), "invalid_client");
}

TEST_F(RegisterTest, AnUpdateMustBeAboutTheClientAndSayNothingThatIsNotIts) {
  const auto client = body_of(enrol(web_app()));
  expect_error(manage("PUT", client, web_app()), "invalid_client_metadata");
  expect_error(manage("PUT", client, web_app({{"client_id", "another"}})), "invalid_client_metadata");
  oidc::Json own = web_app({{"client_id", client.at("client_id")}});
  own["client_secret"] = "chosen";
  expect_error(manage("PUT", client, own), "invalid_client_metadata");
  own.erase("client_secret");
  own["client_id_issued_at"] = 1;
  expect_error(manage("PUT", client, own), "invalid_client_metadata");
}

TEST_F(RegisterTest, OnlyTheRegistrationAccessTokenOpensIt) {
  auto client = body_of(enrol(web_app()));
  const auto other = body_of(enrol(web_app()));
  const std::string path = "/register/" + client.at("client_id").get<std::string>();
  EXPECT_EQ(header_of(get(path), "WWW-Authenticate"), "Bearer realm=\"" + kBase + "\"");
  client["registration_access_token"] = other.at("registration_access_token");
  for (const char* method : {"GET", "PUT", "DELETE"}) {
    const auto reply = manage(method, client, web_app());
    EXPECT_EQ(reply.response.status, 401) << method;
    EXPECT_THAT(header_of(reply, "WWW-Authenticate"), testing::HasSubstr("error=\"invalid_token\""));
  }
}

TEST_F(RegisterTest, MethodsAreThoseOfThePlace) {
  EXPECT_EQ(get("/register").response.status, 405);
  EXPECT_EQ(header_of(get("/register"), "Allow"), "POST, OPTIONS");
  const auto reply = send("POST", "/register/somebody", {{"Content-Type", "application/json"}}, "{}");
  EXPECT_EQ(reply.response.status, 405);
  EXPECT_EQ(header_of(reply, "Allow"), "GET, PUT, DELETE, OPTIONS");
}

TEST_F(RegisterTest, SecretAndTokenAreNowhereInTheJournal) {
  const auto client = body_of(enrol(web_app()));
  manage("GET", client);
  token_of(client);
  for (const auto& exchange : issuer_->journal().exchanges()) {
    for (const char* name : {"client_secret", "registration_access_token"}) {
      const std::string secret = client.at(name);
      EXPECT_EQ(exchange.reply_body.find(secret), std::string::npos);
      EXPECT_NE(exchange.headers.get("Authorization"), "Bearer " + secret);
    }
  }
}

TEST_F(RegisterTest, ItIsClosedUnlessOpened) {
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("registration_endpoint"), kBase + "/register");
  start(oidc::Json::object());
  EXPECT_EQ(enrol(web_app()).response.status, 404);
  EXPECT_FALSE(body_of(get("/.well-known/openid-configuration")).contains("registration_endpoint"));
}

TEST_F(RegisterTest, WhatADeletedClientGotIsWorthNothing) {
  const auto client = body_of(enrol(web_app()));
  const auto other = body_of(enrol(web_app()));
  const auto token = body_of(token_of(client)).at("access_token");
  const auto stays = body_of(token_of(other)).at("access_token");
  ASSERT_TRUE(active(token));
  ASSERT_EQ(manage("DELETE", client).response.status, 204);
  EXPECT_FALSE(active(token)) << "RFC 7592 section 2.3";
  EXPECT_TRUE(active(stays));
}

TEST_F(RegisterTest, SubjectsMayBePairwise) {
  const auto client = body_of(enrol(web_app({{"subject_type", "pairwise"}})));
  EXPECT_EQ(client.at("subject_type"), "pairwise");
  const auto session = issuer_->mint_session({.client = client.at("client_id"), .issued_at = kStart}).value();
  EXPECT_NE(claims_of(session, "id_token").at("sub"), "user-1");
  expect_error(enrol(web_app({{"subject_type", "secret"}})), "invalid_client_metadata");
}

TEST_F(RegisterTest, IdTokensMayBeEncrypted) {
  oidc::Json key = AssertionMaker{"RS256"}.public_jwk();
  key["use"] = "enc";
  const oidc::Json wish = {{"jwks", {{"keys", {key}}}}, {"id_token_encrypted_response_alg", "RSA-OAEP"}};
  const auto client = body_of(enrol(web_app(wish)));
  EXPECT_EQ(client.at("id_token_encrypted_response_alg"), "RSA-OAEP");
  EXPECT_EQ(client.at("id_token_encrypted_response_enc"), "A256GCM") << "what the client will get is told";
  const auto session = issuer_->mint_session({.client = client.at("client_id"), .issued_at = kStart}).value();
  EXPECT_EQ(jwt_part(session.at("id_token"), 0).at("alg"), "RSA-OAEP");
  EXPECT_EQ(jwt_part(session.at("id_token"), 0).at("enc"), "A256GCM");

  const auto refused = [&](const oidc::Json& patch) {
    oidc::Json metadata = web_app(wish);
    metadata.merge_patch(patch);
    const auto reply = enrol(metadata);
    expect_error(reply, "invalid_client_metadata");
    return body_of(reply).value("error_description", "");
  };
  EXPECT_THAT(refused({{"id_token_encrypted_response_enc", "A128CBC-HS256"}}),
              testing::StartsWith("id_token_encrypted_response_enc"));
  EXPECT_THAT(refused({{"id_token_encrypted_response_alg", "RSA1_5"}}),
              testing::StartsWith("id_token_encrypted_response_alg"));
  EXPECT_THAT(refused({{"jwks", nullptr}}), testing::StartsWith("id_token_encrypted_response_alg"));
  EXPECT_THAT(refused({{"id_token_encrypted_response_alg", nullptr}, {"id_token_encrypted_response_enc", "A256GCM"}}),
              testing::StartsWith("id_token_encrypted_response_enc"));
}

}  // namespace
}  // namespace mockserver::test
