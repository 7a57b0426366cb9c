// The token endpoint's request rules and client authentication, whatever the grant.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class TokenEndpointTest : public IssuerTest {
 protected:
  static constexpr const char* kForm = "application/x-www-form-urlencoded";
  static void expect_error(const Reply& reply, int status, const std::string& error) {
    EXPECT_EQ(reply.response.status, status) << reply.response.body;
    EXPECT_EQ(error_of(reply), error) << reply.response.body;
    EXPECT_EQ(header_of(reply, "Content-Type"), "application/json");
  }
  const oidc::Form client_credentials_{{"grant_type", "client_credentials"}};
  const oidc::Headers service_{{"Authorization", basic("service", kSecret)}};
};

TEST_F(TokenEndpointTest, RepeatedParameterIsInvalidRequest) {
  expect_error(service_token({{"scope", "api"}, {"scope", "api"}}), 400, "invalid_request");
}

TEST_F(TokenEndpointTest, ParametersInTheQueryAreRefused) {
  expect_error(send("POST", "/token?grant_type=client_credentials",
                    {{"Authorization", basic("service", kSecret)}, {"Content-Type", kForm}}),
               400, "invalid_request");
}

TEST_F(TokenEndpointTest, JsonBodyIsRefused) {
  expect_error(
      send("POST", "/token", {{"Authorization", basic("service", kSecret)}, {"Content-Type", "application/json"}},
           R"({"grant_type":"client_credentials"})"),
      400, "invalid_request");
}

TEST_F(TokenEndpointTest, BrokenEscapeIsInvalidRequest) {
  expect_error(send("POST", "/token", {{"Content-Type", kForm}}, "grant_type=%zz"), 400, "invalid_request");
}

TEST_F(TokenEndpointTest, MissingAndEmptyGrantTypeAreInvalidRequest) {
  expect_error(post("/token", {{"client_id", "app"}}), 400, "invalid_request");
  expect_error(post("/token", {{"client_id", "app"}, {"grant_type", ""}}), 400, "invalid_request");
}

TEST_F(TokenEndpointTest, UnknownGrantIsUnsupported) {
  expect_error(post("/token", {{"grant_type", "urn:example:unknown"}}, service_), 400, "unsupported_grant_type");
}

TEST_F(TokenEndpointTest, GrantThatTheClientMayNotUseIsUnauthorizedClient) {
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_id", "app"}}), 400,
               "unauthorized_client");
}

TEST_F(TokenEndpointTest, WrongSecretInTheHeaderIsChallenged) {
  const auto reply = post("/token", client_credentials_, {{"Authorization", basic("service", "wrong")}});
  expect_error(reply, 401, "invalid_client");
  EXPECT_EQ(header_of(reply, "WWW-Authenticate"), "Basic realm=\"" + kBase + "\"");
}

TEST_F(TokenEndpointTest, AnotherSchemeInTheHeaderIsChallengedToo) {
  const auto reply = post("/token", client_credentials_, {{"Authorization", "Bearer x"}});
  expect_error(reply, 401, "invalid_client");
  EXPECT_EQ(header_of(reply, "WWW-Authenticate"), "Basic realm=\"" + kBase + "\"");
}

TEST_F(TokenEndpointTest, AScripted401IsChallengedWhoeverAsks) {
  script({{"do", {{"error", {{"code", "invalid_client"}, {"status", 401}}}}}});
  const auto reply =
      post("/token", {{"grant_type", "client_credentials"}, {"client_id", "service-post"}, {"client_secret", kSecret}});
  expect_error(reply, 401, "invalid_client");
  EXPECT_TRUE(reply.response.headers.contains("WWW-Authenticate"));
}

// RFC 6749 section 5.2 leaves the choice; RFC 9110 section 15.5.2 wants a challenge in every 401.
TEST_F(TokenEndpointTest, WrongSecretInTheBodyIs400WithoutChallenge) {
  const auto reply =
      post("/token", {{"grant_type", "client_credentials"}, {"client_id", "service-post"}, {"client_secret", "x"}});
  expect_error(reply, 400, "invalid_client");
  EXPECT_FALSE(reply.response.headers.contains("WWW-Authenticate"));
}

TEST_F(TokenEndpointTest, UnknownOrMissingClientIsInvalidClient) {
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_id", "nobody"}}), 400, "invalid_client");
  expect_error(post("/token", client_credentials_), 400, "invalid_client");
}

TEST_F(TokenEndpointTest, TwoMechanismsAtOnceAreInvalidRequest) {
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_secret", kSecret}}, service_), 400,
               "invalid_request");
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_assertion", "x"}}, service_), 400,
               "invalid_request");
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_id", "app"}}, service_), 400,
               "invalid_request");
}

TEST_F(TokenEndpointTest, TheSameClientIdBesideBasicIsFine) {
  EXPECT_EQ(service_token({{"client_id", "service"}}).response.status, 200);
}

TEST_F(TokenEndpointTest, BothHalvesOfBasicAreFormDecoded) {
  start({{"clients", {{{"id", "a b+c"}, {"auth", "client_secret_basic"}, {"secret", kSecret}}}}});
  EXPECT_EQ(post("/token", client_credentials_, {{"Authorization", basic("a b+c", kSecret)}}).response.status, 200);
  const std::string plain = "Basic " + oidc::base64_encode("a b+c:" + kSecret);
  expect_error(post("/token", client_credentials_, {{"Authorization", plain}}), 400,
               "invalid_request");  // "%\xc3" is no escape
}

TEST_F(TokenEndpointTest, SchemeNamesHaveNoCase) {
  const std::string lower = "basic" + basic("service", kSecret).substr(5);
  EXPECT_EQ(post("/token", client_credentials_, {{"Authorization", lower}}).response.status, 200);
}

TEST_F(TokenEndpointTest, MalformedBasicIsInvalidRequest) {
  for (const std::string value : {"Basic !!!", "Basic bm9jb2xvbg==", "Basic "}) {
    expect_error(post("/token", client_credentials_, {{"Authorization", value}}), 400, "invalid_request");
  }
}

TEST_F(TokenEndpointTest, OtherMethodThanTheRegisteredOneIsInvalidClient) {
  expect_error(
      post("/token", {{"grant_type", "client_credentials"}, {"client_id", "service"}, {"client_secret", kSecret}}), 400,
      "invalid_client");
  expect_error(post("/token", client_credentials_, {{"Authorization", basic("service-post", kSecret)}}), 401,
               "invalid_client");
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_id", "service"}}), 400, "invalid_client");
}

TEST_F(TokenEndpointTest, PublicClientThatSendsASecretIsRefused) {
  expect_error(
      post("/token",
           {{"grant_type", "refresh_token"}, {"client_id", "app"}, {"client_secret", "guess"}, {"refresh_token", "x"}}),
      400, "invalid_client");
}

/// RFC 6749 section 3.2: a parameter without a value is one that was left out.
TEST_F(TokenEndpointTest, AnEmptySecretIsNone) {
  expect_error(
      post("/token",
           {{"grant_type", "refresh_token"}, {"client_id", "app"}, {"client_secret", ""}, {"refresh_token", "x"}}),
      400, "invalid_grant");
}

TEST_F(TokenEndpointTest, SecretInTheBodyWorksForWhoIsRegisteredForIt) {
  EXPECT_EQ(
      post("/token", {{"grant_type", "client_credentials"}, {"client_id", "service-post"}, {"client_secret", kSecret}})
          .response.status,
      200);
}

TEST_F(TokenEndpointTest, RequestThatFailsItsChecksEatsNoStep) {
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  expect_error(post("/token", client_credentials_, {{"Authorization", basic("service", "wrong")}}), 401,
               "invalid_client");
  expect_error(post("/token", {{"grant_type", "urn:example:unknown"}}, service_), 400, "unsupported_grant_type");
  EXPECT_EQ(service_token().response.status, 503);
}

}  // namespace
}  // namespace mockserver::test
