#include <cstdio>
#include <fstream>

#include "client_world.hpp"
#include "flows/loopback_listener.hpp"
#include "flows/pkce.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "oidc/http_client.hpp"
#include "oidc/url.hpp"
#include "private_key_texts.hpp"
#include "token_maker.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Form;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::json_reply;
using oidc::test::judges;
using oidc::test::SigningKey;
using testing::HasSubstr;

class AuthorizationCodeTest : public test::ClientWorld {
 protected:
  AuthorizationCodeTest() {
    options_.allow_open_browser = true;
    options_.open_browser = [this](const std::string& url) { return browse(url); };
  }

  /// The user's browser: visits the authorization URL and brings the answer back.
  oidc::Status browse(const std::string& url) {
    visited_ = url;
    asked_ = oidc::parse_form(oidc::parse_url(url).value().query).value();
    Form answer{{"state", asked_.value_or_empty("state")}, {"code", "code-1"}};
    if (change_answer_) {
      change_answer_(answer);
    }
    const std::string redirect = asked_.value_or_empty("redirect_uri");
    page_ = browser_.send({"GET", oidc::append_query(redirect, answer.encode()), {}, ""}).value().body;
    return oidc::Done{};
  }
  oidc::Result<Credential> login() { return client(config_)->login(options_); }

  void answer_tokens() {
    answer_metadata();
    answer_json(200, test::token_response());
  }
  /// A token response with an ID token that answers the request, changed by `claims`.
  void answer_id_token(const Json& claims, bool with_keys = true) {
    config_["scopes"] = Json::array({"openid"});
    answer_metadata();
    http_.answer_with([this, claims](const oidc::HttpRequest&) {
      Json all{{"iss", test::kServer}, {"sub", "alice"}, {"aud", "id"}, {"nonce", asked_.value_or_empty("nonce")}};
      all["iat"] = oidc::epoch_seconds(test::kStart).count();
      all["exp"] = oidc::epoch_seconds(test::kStart).count() + 60;
      all["at_hash"] = access_token_hash("ES256", "at-1").value();
      all.update(claims);
      Json response = test::token_response();
      response["id_token"] = oidc::test::make_token(SigningKey::p256(), "ES256", {{"alg", "ES256"}, {"kid", "k"}}, all);
      return json_reply(200, response);
    });
    if (with_keys) {
      answer_json(200, {{"keys", Json::array({SigningKey::p256().jwk("k")})}});
    }
  }

  Json config_{{"client_type", "oidc_auth_code"},
               {"auth_server", test::kServer},
               {"client_id", "id"},
               {"redirect_uri", "http://127.0.0.1:0/cb"}};
  LoginOptions options_;
  std::function<void(Form&)> change_answer_;
  std::string visited_;
  Form asked_;
  std::string page_;
  oidc::HttpClient browser_;
};

TEST_F(AuthorizationCodeTest, ExchangesTheCodeOfTheRedirect) {
  judges({"AUTHZ-003", "AUTHZ-006", "ACC-001", "ACC-003", "TOK-002"});
  answer_tokens();
  const auto credential = login();
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->access_token(), "at-1");
  const Form form = http_.form(1);
  EXPECT_EQ(form.size(), 5U);
  EXPECT_EQ(form.get("grant_type"), "authorization_code");
  EXPECT_EQ(form.get("code"), "code-1");
  EXPECT_EQ(form.get("client_id"), "id");
  EXPECT_EQ(form.get("redirect_uri"), asked_.get("redirect_uri"));
  EXPECT_EQ(s256_challenge(form.value_or_empty("code_verifier")), asked_.get("code_challenge"));
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(AuthorizationCodeTest, AsksWithPkceStateAndNonce) {
  judges({"AUTHZ-001", "AUTHZ-002", "AUTHZ-003", "W-32"});
  config_["scopes"] = Json::array({"planet", "x"});
  config_["audiences"] = Json::array({"api"});
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(oidc::parse_url(visited_).value().path, "/authorize");
  EXPECT_EQ(asked_.get("response_type"), "code");
  EXPECT_EQ(asked_.get("client_id"), "id");
  EXPECT_EQ(asked_.get("code_challenge_method"), "S256");
  EXPECT_EQ(asked_.get("scope"), "planet x");
  EXPECT_EQ(asked_.get("audience"), "api");
  EXPECT_GE(oidc::base64url_decode(asked_.value_or_empty("state")).value().size(), 16U);
  EXPECT_GE(oidc::base64url_decode(asked_.value_or_empty("nonce")).value().size(), 16U);
  EXPECT_EQ(asked_.size(), 9U);
}

TEST_F(AuthorizationCodeTest, AsksAnewEachTime) {
  judges({"AUTHZ-002"});
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  const Form first = asked_;
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  for (const char* name : {"state", "nonce", "code_challenge"}) {
    EXPECT_NE(asked_.get(name), first.get(name)) << name;
  }
}

TEST_F(AuthorizationCodeTest, PutsTheRealPortIntoTheRedirectUri) {
  judges({"ACC-003", "A-14"});
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  const oidc::Url redirect = oidc::parse_url(asked_.value_or_empty("redirect_uri")).value();
  EXPECT_EQ(redirect.host, "127.0.0.1");
  EXPECT_NE(redirect.port, 80);
  EXPECT_EQ(redirect.path, "/cb");
}

TEST_F(AuthorizationCodeTest, LetsNoExtraOverrideTheProtocolNorCarryASecret) {
  judges({"AUTHZ-001", "AUTHZ-004", "ACC-005"});
  config_["client_type"] = "oidc_auth_code_secret";
  config_["client_secret"] = "secret";
  options_.extra = {
      {"state", "fixed"}, {"code_challenge_method", "plain"}, {"client_secret", "secret"}, {"prompt", "login"}};
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(asked_.count("state"), 1U);
  EXPECT_NE(asked_.get("state"), "fixed");
  EXPECT_EQ(asked_.get("code_challenge_method"), "S256");
  EXPECT_EQ(asked_.get("prompt"), "login");
  EXPECT_THAT(visited_, testing::Not(HasSubstr("secret")));
  EXPECT_FALSE(http_.form(1).contains("prompt")) << "extras go to the authorization request only";
}

TEST_F(AuthorizationCodeTest, JoinsAnEndpointThatHasAQuery) {
  judges({"AUTHZ-005", "W-34"});
  config_["authorization_endpoint"] = test::kServer + "/authorize?tenant=1";
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(asked_.get("tenant"), "1");
  EXPECT_EQ(std::count(visited_.begin(), visited_.end(), '?'), 1);
}

TEST_F(AuthorizationCodeTest, ProvesItselfWithBasicIfItHasASecret) {
  judges({"ACC-001", "AUTHZ-003"});
  config_["client_type"] = "oidc_auth_code_secret";
  config_["client_secret"] = "secret";
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(http_.request(1).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:secret"));
  EXPECT_TRUE(http_.form(1).contains("code_verifier"));
}

TEST_F(AuthorizationCodeTest, ProvesItselfWithAnAssertionIfItHasAKeyPair) {
  judges({"ACC-001", "AUTHZ-003", "AUTHZ-004"});
  config_["client_type"] = "oidc_auth_code_pubkey";
  config_["client_privkey"] = oidc::test::pkcs8_pem(SigningKey::rsa().handle());
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_FALSE(asked_.contains("client_assertion"));
  const Form form = http_.form(1);
  EXPECT_EQ(form.get("grant_type"), "authorization_code");
  EXPECT_TRUE(form.contains("client_assertion"));
  EXPECT_EQ(s256_challenge(form.value_or_empty("code_verifier")), asked_.get("code_challenge"));
}

TEST_F(AuthorizationCodeTest, MayHaveARedirectUriThatIsElsewhere) {
  config_["local_redirect_uri"] = "http://localhost:0/local";
  config_["redirect_uri"] = "https://app.test/cb";
  answer_metadata();
  options_.open_browser = [this](const std::string& url) {
    asked_ = oidc::parse_form(oidc::parse_url(url).value().query).value();
    stop_.request_stop();
    return oidc::Status{oidc::Done{}};
  };
  EXPECT_THAT(login(), FailsWith(Errc::kCancelled));
  EXPECT_EQ(asked_.get("redirect_uri"), "https://app.test/cb");
}

TEST_F(AuthorizationCodeTest, NeedsABrowserOrATerminalThatItMayUse) {
  options_.allow_open_browser = false;
  EXPECT_THAT(login(), FailsWith(Errc::kInteractionRequired));
  options_.allow_tty_prompt = true;
  EXPECT_THAT(login(), FailsWith(Errc::kInteractionRequired)) << "there is nothing to prompt with";
  options_.allow_open_browser = true;
  options_.open_browser = nullptr;
  EXPECT_THAT(login(), FailsWith(Errc::kInteractionRequired));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthorizationCodeTest, RefusesARedirectToAnotherMachineBeforeAnythingIsOpened) {
  judges({"AUTHZ-008"});
  config_["redirect_uri"] = "http://app.test:8080/cb";
  EXPECT_THAT(make_client(config_, environment()), FailsWith(Errc::kConfig, HasSubstr("redirect_uri")));
  EXPECT_EQ(visited_, "");
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthorizationCodeTest, ListensOnTheIpv6LoopbackAddressIfToldTo) {
  judges({"AUTHZ-008", "A-14"});
  config_["redirect_uri"] = "http://[::1]:0/cb";
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(oidc::parse_url(asked_.value_or_empty("redirect_uri")).value().host, "::1");
  EXPECT_EQ(http_.form(1).get("redirect_uri"), asked_.get("redirect_uri"));
}

TEST_F(AuthorizationCodeTest, NamesAPortThatIsInUseAndOpensNoBrowser) {
  judges({"AUTHZ-016", "W-13"});
  const auto holder = LoopbackListener::open({.redirect = {"127.0.0.1", 0, "/"}, .state = "s", .page = ""}).value();
  const std::string port = std::to_string(holder->port());
  config_["redirect_uri"] = "http://127.0.0.1:" + port + "/cb";
  answer_metadata();
  EXPECT_THAT(login(), FailsWith(Errc::kConfig, HasSubstr(port)));
  EXPECT_EQ(visited_, "");
}

TEST_F(AuthorizationCodeTest, RedeemsNothingWhenTheRedirectHasNoCode) {
  judges({"AUTHZ-014"});
  answer_metadata();
  change_answer_ = [](Form& answer) { answer.remove("code"); };
  EXPECT_THAT(login(), FailsWith(Errc::kAuthorizationResponse));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(AuthorizationCodeTest, PassesOnThatTheBrowserDidNotOpen) {
  answer_metadata();
  options_.open_browser = [](const std::string&) { return oidc::Status{oidc::Error{Errc::kUnknown, "no browser"}}; };
  EXPECT_THAT(login(), FailsWith(Errc::kUnknown));
}

TEST_F(AuthorizationCodeTest, WaitsAMinuteForTheRedirect) {
  judges({"AUTHZ-011", "A-13"});
  answer_metadata();
  options_.open_browser = [](const std::string&) { return oidc::Status{oidc::Done{}}; };
  EXPECT_THAT(login(), FailsWith(Errc::kTimeout));
  EXPECT_EQ(elapsed(), 60s);
}

TEST_F(AuthorizationCodeTest, SendsNoTokenRequestForAnAnswerThatIsNotOurs) {
  judges({"AUTHZ-014"});
  answer_metadata();
  change_answer_ = [](Form& answer) { answer.set("state", "other"); };
  EXPECT_THAT(login(), FailsWith(Errc::kTimeout)) << "a stray does not end the wait";
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(AuthorizationCodeTest, ReportsThatTheUserSaidNo) {
  judges({"AUTHZ-013"});
  answer_metadata();
  change_answer_ = [](Form& answer) { answer.set("error", "access_denied"); };
  EXPECT_THAT(login(), FailsWith(Errc::kAccessDenied));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(AuthorizationCodeTest, RefusesTheCodeOfAnotherIssuer) {
  answer_metadata();
  change_answer_ = [](Form& answer) { answer.set("iss", "https://evil.test"); };
  EXPECT_THAT(login(), FailsWith(Errc::kResponseIssuerMismatch));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(AuthorizationCodeTest, NeedsAnIssuerThatTheMetadataPromises) {
  Json metadata = test::metadata();
  metadata["authorization_response_iss_parameter_supported"] = true;
  answer_json(200, metadata);
  EXPECT_THAT(login(), FailsWith(Errc::kResponseIssuerMismatch));
  answer_json(200, metadata);
  answer_json(200, test::token_response());
  change_answer_ = [](Form& answer) { answer.set("iss", test::kServer); };
  EXPECT_THAT(login(), IsOk());
}

TEST_F(AuthorizationCodeTest, NeverSendsACodeTwiceIfItMayHaveArrived) {
  judges({"RFC6749-4.1.2-CODE-ONCE"});
  answer_metadata();
  http_.answer(oidc::test::lost_reply());
  EXPECT_THAT(login(), FailsWith(Errc::kNetwork));
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(AuthorizationCodeTest, ChecksTheIdTokenItAskedFor) {
  judges({"A-12", "IDT-007"});
  answer_id_token(Json::object());
  EXPECT_THAT(login(), IsOk());
}

TEST_F(AuthorizationCodeTest, CountsTheLifetimeFromTheReplyHoweverLongTheKeysTake) {
  judges({"CRED-009"});
  answer_id_token(Json::object(), /*with_keys=*/false);
  http_.answer_with([this](const oidc::HttpRequest&) {
    clock_.sleep_for(20s);
    return json_reply(200, {{"keys", Json::array({SigningKey::p256().jwk("k")})}});
  });
  const auto credential = login();
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->expires_at(), test::kStart + 3600s);
}

TEST_F(AuthorizationCodeTest, NeedsTheIdTokenItAskedFor) {
  config_["scopes"] = Json::array({"openid"});
  answer_tokens();
  EXPECT_THAT(login(), FailsWith(Errc::kMalformedResponse, HasSubstr("id_token")));
}

struct IdTokenCase {
  const char* name;
  Json claims;
  Errc expected;
};
void PrintTo(const IdTokenCase& c, std::ostream* out) {
  *out << c.name;
}
class WrongIdToken : public AuthorizationCodeTest, public testing::WithParamInterface<IdTokenCase> {};

TEST_P(WrongIdToken, EndsTheLogin) {
  judges({"A-12", "IDT-007", "W-06", "OIDCC-3.1.3.7-ISS", "OIDCC-3.1.3.7-AUD", "OIDCC-3.1.3.7-NONCE"});
  answer_id_token(GetParam().claims);
  EXPECT_THAT(login(), FailsWith(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(W06, WrongIdToken,
                         testing::Values(IdTokenCase{"nonce", {{"nonce", "other"}}, Errc::kBadNonce},
                                         IdTokenCase{"no_nonce", {{"nonce", nullptr}}, Errc::kBadNonce},
                                         IdTokenCase{"audience", {{"aud", "other"}}, Errc::kBadAudience},
                                         IdTokenCase{"issuer", {{"iss", "https://evil.test"}}, Errc::kBadIssuer},
                                         IdTokenCase{"expired", {{"exp", 1'893'456'000}}, Errc::kTokenExpired},
                                         IdTokenCase{
                                             "at_hash", {{"at_hash", "AAAAAAAAAAAAAAAAAAAAAA"}}, Errc::kBadClaim}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(AuthorizationCodeTest, TrustsOnlyTheConfiguredAlgorithmsForIdTokens) {
  config_["id_token_signing_algs"] = Json::array({"RS256"});
  answer_id_token(Json::object(), /*with_keys=*/false);
  EXPECT_THAT(login(), FailsWith(Errc::kAlgorithmNotAllowed));
}

TEST_F(AuthorizationCodeTest, ChecksAnIdTokenItDidNotAskForToo) {
  answer_id_token(Json::object());
  config_["scopes"] = Json::array({"planet"});
  EXPECT_THAT(login(), IsOk());
  answer_id_token({{"aud", "other"}});
  config_["scopes"] = Json::array({"planet"});
  EXPECT_THAT(login(), FailsWith(Errc::kBadAudience));
}

TEST_F(AuthorizationCodeTest, TakesAnEmptyIdTokenForNone) {
  Json response = test::token_response();
  response["id_token"] = "";
  for (const auto& [scope, is_asked_for] : {std::pair{"planet", false}, std::pair{"openid", true}}) {
    config_["scopes"] = Json::array({scope});
    answer_metadata();
    answer_json(200, response);
    const auto credential = login();
    EXPECT_EQ(credential.has_value(), !is_asked_for);
    EXPECT_TRUE(credential || credential.error().code == Errc::kMalformedResponse);
  }
}

TEST_F(AuthorizationCodeTest, ShowsTheConfiguredPageAndPrefersTheLiteral) {
  judges({"CFG-008"});
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_THAT(page_, HasSubstr("You can close this window"));
  const std::string path = testing::TempDir() + "authorization_code_test_page.html";
  std::ofstream{path} << "<p>from file</p>";
  config_["authorization_callback_acknowledgement_file"] = path;
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(page_, "<p>from file</p>");
  config_["authorization_callback_acknowledgement"] = "<p>literal</p>";
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(page_, "<p>literal</p>");
  std::remove(path.c_str());
}

}  // namespace
}  // namespace authcore
