#include <functional>
#include <ostream>

#include "authcore/events.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "token_maker.hpp"

/// Introspection, revocation, userinfo and what the metadata tells.
namespace authcore {
namespace {

using oidc::Errc;
using oidc::Form;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Well formed, so that the keys are asked for.
std::string token_of_unknown_key() {
  return oidc::base64url_encode(R"({"alg":"RS256","kid":"k"})") + "." + oidc::base64url_encode("{}") + "." +
         oidc::base64url_encode("x");
}

std::string id_token_about(const Json& claims) {
  return oidc::base64url_encode("{}") + "." + oidc::base64url_encode(claims.dump()) + "." + oidc::base64url_encode("x");
}

class ServerQuestionsTest : public test::ClientWorld {
 protected:
  std::unique_ptr<AuthClient> client_of(const std::string& type = "oidc_device_code") {
    return client(
        {{"client_type", type}, {"auth_server", test::kServer}, {"client_id", "id"}, {"client_secret", "secret"}});
  }
  void answer_with(int status, const std::string& type, const std::string& body) {
    http_.answer(oidc::HttpResponse{status, {{"Content-Type", type}}, body});
  }
  void answer_metadata_without(const std::string& name) {
    Json changed = test::metadata();
    changed.erase(name);
    answer_json(200, changed);
  }
};

struct TokenCase {
  const char* name;
  const char* hint;
  oidc::Result<Json> (*validate)(AuthClient& client, const std::string& token);
};
void PrintTo(const TokenCase& c, std::ostream* out) {
  *out << c.name;
}
class IntrospectionTest : public ServerQuestionsTest, public testing::WithParamInterface<TokenCase> {
 protected:
  oidc::Result<Json> validate(AuthClient& client, const std::string& token = "tok en") {
    return GetParam().validate(client, token);
  }
};
INSTANTIATE_TEST_SUITE_P(
    Rfc7662, IntrospectionTest,
    testing::Values(
        TokenCase{"access_token", "access_token",
                  [](AuthClient& c, const std::string& token) { return c.validate_access_token_remote(token); }},
        TokenCase{"id_token", "id_token",
                  [](AuthClient& c, const std::string& token) { return c.validate_id_token_remote(token); }},
        TokenCase{"refresh_token", "refresh_token",
                  [](AuthClient& c, const std::string& token) { return c.validate_refresh_token_remote(token); }}),
    [](const auto& tested) { return tested.param.name; });

TEST_P(IntrospectionTest, AsksAboutTheTokenAndReturnsTheReplyAsItIs) {
  judges({"INTR-001", "INTR-002", "CAUTH-001"});
  answer_metadata();
  answer_json(200, {{"active", true}, {"exp", 7}, {"anything", "else"}});
  const auto reply = validate(*client_of());
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(*reply, (Json{{"active", true}, {"exp", 7}, {"anything", "else"}}));
  EXPECT_EQ(http_.request(1).method, "POST");
  EXPECT_EQ(http_.request(1).url, test::kServer + "/introspect");
  EXPECT_EQ(http_.form(1), (Form{{"token", "tok en"}, {"token_type_hint", GetParam().hint}, {"client_id", "id"}}));
}

TEST_P(IntrospectionTest, SaysThatATokenIsNotActive) {
  judges({"INTR-003", "D-32"});
  answer_metadata();
  answer_json(200, {{"active", false}, {"exp", 7}});
  const auto reply = validate(*client_of());
  EXPECT_THAT(reply, FailsWith(Errc::kIntrospectionRejected));
  EXPECT_TRUE(oidc::is_kind_of(reply.error().code, Errc::kInvalidToken));
  EXPECT_EQ(event_of(reply.error().code), AuthEvent::kTokenInvalidIntrospectionRejection);
}

TEST_P(IntrospectionTest, NeedsABooleanInTheReply) {
  judges({"INTR-004"});
  answer_metadata();
  const auto under_test = client_of();
  for (const Json& active : {Json("true"), Json(1), Json(nullptr)}) {
    answer_json(200, {{"active", active}});
    EXPECT_THAT(validate(*under_test), FailsWith(Errc::kMalformedResponse, HasSubstr("active"))) << active;
  }
  answer_json(200, {{"exp", 7}});
  EXPECT_THAT(validate(*under_test), FailsWith(Errc::kMalformedResponse, HasSubstr("active")));
}

TEST_P(IntrospectionTest, SendsNothingForAnEmptyToken) {
  EXPECT_THAT(validate(*client_of(), ""), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_P(IntrospectionTest, NeverShowsTheToken) {
  answer_metadata();
  answer_json(401, {{"error", "invalid_client"}, {"error_description", "no tok en for you"}});
  EXPECT_THAT(validate(*client_of()), FailsWith(Errc::kOAuthError, Not(HasSubstr("tok en"))));
}

TEST_F(ServerQuestionsTest, SecretClientsAskAndRevokeWithBasic) {
  judges({"CAUTH-002", "CAUTH-003"});
  for (const char* type : {"oidc_device_code_secret", "oidc_client_credentials_secret"}) {
    const std::size_t before = http_.count();
    answer_metadata();
    answer_json(200, {{"active", true}});
    http_.answer(oidc::HttpResponse{200, {}, ""});
    const auto under_test = client_of(type);
    ASSERT_THAT(under_test->validate_access_token_remote("at"), IsOk());
    ASSERT_THAT(under_test->revoke_refresh_token("rt"), IsOk());
    for (const std::size_t request : {before + 1, before + 2}) {
      EXPECT_EQ(http_.request(request).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:secret"));
      EXPECT_EQ(http_.form(request).size(), 2U);
    }
  }
}

TEST_F(ServerQuestionsTest, RevokesBothKindsOfToken) {
  judges({"REV-001", "REV-002", "CAUTH-001"});
  answer_metadata();
  http_.answer(oidc::HttpResponse{200, {}, ""});
  http_.answer(oidc::HttpResponse{200, {}, ""});
  const auto under_test = client_of();
  EXPECT_THAT(under_test->revoke_access_token("at"), IsOk());
  EXPECT_THAT(under_test->revoke_refresh_token("rt"), IsOk());
  EXPECT_EQ(http_.request(1).method, "POST");
  EXPECT_EQ(http_.request(1).url, test::kServer + "/revoke");
  EXPECT_EQ(http_.form(1), (Form{{"token", "at"}, {"token_type_hint", "access_token"}, {"client_id", "id"}}));
  EXPECT_EQ(http_.form(2), (Form{{"token", "rt"}, {"token_type_hint", "refresh_token"}, {"client_id", "id"}}));
}

TEST_F(ServerQuestionsTest, TakesAnySuccessForARevocationButOneThatHoldsAnError) {
  judges({"REV-003"});
  answer_metadata();
  const auto under_test = client_of();
  answer_with(200, "text/html", "<p>done</p>");
  EXPECT_THAT(under_test->revoke_access_token("at"), IsOk());
  answer_with(204, "application/json", "");
  EXPECT_THAT(under_test->revoke_access_token("at"), IsOk());
  answer_with(200, "application/json", "[1]");
  EXPECT_THAT(under_test->revoke_access_token("at"), IsOk());
  answer_json(200, {{"error", "unsupported_token_type"}});
  EXPECT_THAT(under_test->revoke_access_token("at"), FailsWith(Errc::kOAuthError));
  answer_with(500, "text/html", "");
  EXPECT_THAT(under_test->revoke_access_token("at"), FailsWith(Errc::kServerError));
  answer_with(302, "text/html", "");
  EXPECT_THAT(under_test->revoke_access_token("at"), FailsWith(Errc::kServer));
  EXPECT_THAT(under_test->revoke_access_token(""), FailsWith(Errc::kInvalidArgument));
}

TEST_F(ServerQuestionsTest, AsksForUserinfoWithTheTokenAndNothingElse) {
  judges({"UINF-001", "UINF-002", "CAUTH-009"});
  answer_metadata();
  answer_json(200, {{"sub", "alice"}, {"email", "a@b.test"}});
  const auto claims = client_of("oidc_device_code_secret")->userinfo("at-1");
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(*claims, (Json{{"sub", "alice"}, {"email", "a@b.test"}}));
  EXPECT_EQ(http_.request(1).method, "GET");
  EXPECT_EQ(http_.request(1).url, test::kServer + "/userinfo");
  EXPECT_EQ(http_.request(1).headers.get("Authorization"), "Bearer at-1");
  EXPECT_EQ(http_.request(1).body, "");
}

TEST_F(ServerQuestionsTest, UsesUserinfoOfNobodyButTheSubjectOfTheIdToken) {
  judges({"OIDCC-5.3.2-SUB-MATCH", "OIDCC-5.3.2-SUB-MISSING"});
  const auto login_with = [](const Json& id_token) {
    return Credential::from_json(CredentialKind::kOidc, {{"access_token", "at-1"}, {"id_token", id_token}},
                                 test::kStart)
        .value();
  };
  const Credential alice = login_with(id_token_about({{"sub", "alice"}}));
  const auto ask = [this](const Credential& login, const Json& claims) {
    answer_metadata();
    answer_json(200, claims);
    return client_of()->userinfo(login);
  };
  EXPECT_EQ(ask(alice, {{"sub", "alice"}, {"email", "a"}}).value(), (Json{{"sub", "alice"}, {"email", "a"}}));
  for (const Json& sub : {Json("bob"), Json("Alice"), Json("alice "), Json(""), Json(7), Json()}) {
    EXPECT_THAT(ask(alice, {{"sub", sub}, {"email", "b"}}), FailsWith(Errc::kBadClaim, HasSubstr("userinfo"))) << sub;
  }
  EXPECT_THAT(ask(alice, {{"email", "b"}}), FailsWith(Errc::kBadClaim));
  EXPECT_THAT(ask(login_with(id_token_about(Json::object())), {{"sub", "alice"}}), FailsWith(Errc::kBadClaim));
  EXPECT_THAT(ask(login_with("opaque"), {{"sub", "alice"}}), FailsWith(Errc::kMalformedToken));
  EXPECT_THAT(ask(login_with(nullptr), {{"email", "b"}}), IsOk()) << "there is nothing to compare with";
}

TEST_F(ServerQuestionsTest, PutsOnlyATokenIntoTheHeader) {
  for (const char* token : {"", "a b", "a\r\nX: y"}) {
    EXPECT_THAT(client_of()->userinfo(token), FailsWith(Errc::kInvalidArgument));
  }
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(ServerQuestionsTest, SaysWhyThereIsNoUserinfoWithoutShowingTheToken) {
  judges({"UINF-001"});
  answer_metadata();
  const auto under_test = client_of();
  answer_json(401, {{"error", "invalid_token"}, {"error_description", "at-secret has expired"}});
  EXPECT_THAT(under_test->userinfo("at-secret"), FailsWith(Errc::kOAuthError, Not(HasSubstr("at-secret"))));
  answer_with(200, "application/jwt", "e30.e30.");
  EXPECT_THAT(under_test->userinfo("at-secret"), FailsWith(Errc::kMalformedResponse));
}

TEST_F(ServerQuestionsTest, RepeatsWhatTheChallengeOfUserinfoSays) {
  answer_metadata();
  const auto under_test = client_of();
  const std::string challenge = R"(Bearer error="insufficient_scope", scope="openid")";
  http_.answer(oidc::HttpResponse{403, {{"WWW-Authenticate", challenge}}, ""});
  const auto refused = under_test->userinfo("at-secret");
  EXPECT_THAT(refused,
              FailsWith(Errc::kOAuthError, HasSubstr("HTTP 403, insufficient_scope (it needs the scope openid)")));
  EXPECT_EQ(refused.error().oauth_error, "insufficient_scope");
  http_.answer(oidc::HttpResponse{401, {{"WWW-Authenticate", "Bearer error=\"at-secret\""}}, ""});
  EXPECT_THAT(under_test->userinfo("at-secret"), FailsWith(Errc::kServer, Not(HasSubstr("at-secret"))));
}

TEST_F(ServerQuestionsTest, ProvesNothingToMetadataAndKeys) {
  judges({"CAUTH-009"});
  answer_metadata();
  answer_json(200, {{"keys", Json::array({SigningKey::p256().jwk("other")})}});
  Json config{{"client_type", "oidc_client_credentials_secret"},
              {"auth_server", test::kServer},
              {"client_id", "id"},
              {"client_secret", "secret"},
              {"audiences", Json::array({"api"})}};
  EXPECT_THAT(client(config)->validate_access_token_local(token_of_unknown_key(), {}), FailsWith(Errc::kUnknownKey));
  for (const std::size_t request : {0U, 1U}) {
    EXPECT_EQ(http_.request(request).method, "GET");
    EXPECT_EQ(http_.request(request).body, "");
    EXPECT_FALSE(http_.request(request).headers.contains("Authorization"));
  }
}

TEST_F(ServerQuestionsTest, ReturnsTheMetadata) {
  judges({"DISC-006"});
  Json metadata = test::metadata();
  metadata["scopes_supported"] = Json::array({"a", "b"});
  answer_json(200, metadata);
  const auto under_test = client_of();
  EXPECT_EQ(under_test->oidc_discovery().value(), metadata);
  EXPECT_THAT(under_test->get_scopes().value(), ElementsAre("a", "b"));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(ServerQuestionsTest, KnowsNoScopesIfTheServerNamesNone) {
  judges({"D-20", "DISC-007", "W-13"});
  answer_metadata();
  EXPECT_THAT(client_of()->get_scopes().value(), IsEmpty());
  for (const Json& scopes : {Json("a b"), Json::array({7})}) {
    Json metadata = test::metadata();
    metadata["scopes_supported"] = scopes;
    answer_json(200, metadata);
    EXPECT_THAT(client_of()->get_scopes(), FailsWith(Errc::kMalformedResponse, HasSubstr("scopes_supported")));
  }
}

struct EndpointCase {
  const char* name;
  std::function<oidc::Status(AuthClient& client)> use;
};
void PrintTo(const EndpointCase& c, std::ostream* out) {
  *out << c.name;
}
template <typename T>
oidc::Status status_of(const oidc::Result<T>& result) {
  return result ? oidc::Status{oidc::Done{}} : oidc::Status{result.error()};
}
class EndpointTest : public ServerQuestionsTest, public testing::WithParamInterface<EndpointCase> {
 protected:
  oidc::Status use() { return GetParam().use(*client_of()); }
};

TEST_P(EndpointTest, IsNamedIfTheServerHasNone) {
  judges({"DISC-007", "W-13"});
  answer_metadata_without(GetParam().name);
  EXPECT_THAT(use(), FailsWith(Errc::kUnsupportedByServer, HasSubstr(GetParam().name)));
}

INSTANTIATE_TEST_SUITE_P(
    Metadata, EndpointTest,
    testing::Values(
        EndpointCase{"introspection_endpoint",
                     [](AuthClient& c) { return status_of(c.validate_access_token_remote("t")); }},
        EndpointCase{"revocation_endpoint", [](AuthClient& c) { return c.revoke_access_token("t"); }},
        EndpointCase{"userinfo_endpoint", [](AuthClient& c) { return status_of(c.userinfo("t")); }},
        EndpointCase{"device_authorization_endpoint",
                     [](AuthClient& c) { return status_of(c.device_login_initiate({})); }},
        EndpointCase{
            "token_endpoint",
            [](AuthClient& c) {
              return status_of(c.refresh(
                  Credential::from_json(CredentialKind::kOidc, {{"refresh_token", "r"}}, test::kStart).value()));
            }},
        EndpointCase{"jwks_uri",
                     [](AuthClient& c) {
                       return status_of(c.validate_access_token_local(token_of_unknown_key(), {.audience = "a"}));
                     }}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(ServerQuestionsTest, GoesToConfiguredEndpointsWithoutMetadata) {
  judges({"CFG-006", "CFG-007"});
  http_.answer(oidc::HttpResponse{200, {}, ""});
  answer_json(200, {{"active", true}});
  answer_json(200, {{"sub", "a"}});
  answer_json(200, test::token_response());
  answer_json(200, {{"keys", Json::array({SigningKey::p256().jwk("other")})}});
  const auto under_test = client({{"client_type", "oidc_client_credentials_secret"},
                                  {"auth_server", test::kServer},
                                  {"client_id", "id"},
                                  {"client_secret", "s"},
                                  {"issuer", "https://issuer.test"},
                                  {"revocation_endpoint", "https://a.test/r"},
                                  {"introspection_endpoint", "https://a.test/i"},
                                  {"userinfo_endpoint", "https://a.test/u"},
                                  {"token_endpoint", "https://a.test/t"},
                                  {"jwks_endpoint", "https://a.test/k"}});
  EXPECT_THAT(under_test->revoke_access_token("t"), IsOk());
  EXPECT_THAT(under_test->validate_access_token_remote("t"), IsOk());
  EXPECT_THAT(under_test->userinfo("t"), IsOk());
  EXPECT_THAT(under_test->login({}), IsOk());
  EXPECT_THAT(under_test->validate_access_token_local(token_of_unknown_key(), {.audience = "a"}),
              FailsWith(Errc::kUnknownKey));
  for (const auto& [request, path] : {std::pair{0, "r"}, {1, "i"}, {2, "u"}, {3, "t"}, {4, "k"}}) {
    EXPECT_EQ(http_.request(static_cast<std::size_t>(request)).url, "https://a.test/" + std::string{path});
  }
}

}  // namespace
}  // namespace authcore
