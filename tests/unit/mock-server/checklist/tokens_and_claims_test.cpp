// The group "Tokens and claims" of the checklist of protocol traps: a test a line, named after it.

#include <atomic>
#include <barrier>
#include <thread>

#include "../jwt_check.hpp"

namespace mockserver::test {
namespace {

using ChecklistTokens = KeysTest;

TEST_F(ChecklistTokens, ExpiresInIsAnIntegerOfSecondsFromTheVirtualClockAndIsExpMinusIat) {
  start({{"lifetimes", {{"access", 1234}}}});
  clock_.advance(999ms);
  const auto tokens = login();
  const auto claims = claims_of(tokens, "access_token");
  EXPECT_TRUE(tokens.at("expires_in").is_number_integer());
  EXPECT_EQ(tokens.at("expires_in"), 1234);
  EXPECT_EQ(claims.at("exp").get<std::int64_t>() - claims.at("iat").get<std::int64_t>(), 1234);
  EXPECT_EQ(claims.at("iat"), oidc::epoch_seconds(kStart).count());
}

TEST_F(ChecklistTokens, JtiIsUniqueAlwaysSoThatTwoTokensInOneSecondDiffer) {
  std::set<std::string> ids;
  std::set<std::string> values;
  for (int i = 0; i < 50; ++i) {
    const std::string token = body_of(service_token()).at("access_token");
    ids.insert(jwt_part(token, 1).at("jti").get<std::string>());
    values.insert(token);
  }
  EXPECT_EQ(ids.size(), 50U);
  EXPECT_EQ(values.size(), 50U);
}

TEST_F(ChecklistTokens, AudIsAStringOrAnArrayAsConfiguredAndNotTheClientIdByDefault) {
  EXPECT_EQ(claims_of(login(), "access_token").at("aud"), "https://api.test");
  start({{"audience", {"https://one.test", "https://two.test"}}});
  EXPECT_EQ(claims_of(login(), "access_token").at("aud"), (oidc::Json{"https://one.test", "https://two.test"}));
}

TEST_F(ChecklistTokens, AtHashAndCHashAreRightOrAbsentNeverNull) {
  const std::string value = code();
  const auto tokens = body_of(redeem(value));
  const auto half = [](const std::string& text) { return oidc::base64url_encode(oidc::sha256(text).substr(0, 16)); };
  EXPECT_EQ(claims_of(tokens, "id_token").at("at_hash"), half(tokens.at("access_token")));
  EXPECT_EQ(claims_of(tokens, "id_token").at("c_hash"), half(value));
  const auto refreshed = body_of(refresh(tokens));
  EXPECT_EQ(claims_of(refreshed, "id_token").at("at_hash"), half(refreshed.at("access_token")));
  EXPECT_FALSE(claims_of(refreshed, "id_token").contains("c_hash"));
  EXPECT_FALSE(claims_of(tokens, "access_token").contains("at_hash"));
}

TEST_F(ChecklistTokens, NonceIsInTheIdTokenOnlyAndNoneIsInventedOnRefresh) {
  const auto tokens = login();
  EXPECT_EQ(claims_of(tokens, "id_token").at("nonce"), "n-1");
  EXPECT_FALSE(claims_of(tokens, "access_token").contains("nonce"));
  EXPECT_FALSE(claims_of(body_of(refresh(tokens)), "id_token").contains("nonce"));
  oidc::Form without = authorization();
  without.set("nonce", "");
  EXPECT_FALSE(claims_of(body_of(redeem(code(without))), "id_token").contains("nonce"));
}

TEST_F(ChecklistTokens, AccessTokensHaveTheTypeAtJwtAndAreNeverTheIdToken) {
  const auto tokens = login();
  EXPECT_EQ(jwt_part(tokens.at("access_token"), 0).at("typ"), "at+jwt");
  EXPECT_NE(jwt_part(tokens.at("id_token"), 0).at("typ"), "at+jwt");
  EXPECT_NE(tokens.at("access_token"), tokens.at("id_token"));
  EXPECT_EQ(userinfo(tokens.at("id_token")).response.status, 401);
}

TEST_F(ChecklistTokens, NothingIsValidLaterThanItWasIssued) {
  clock_.advance(1h);
  const auto tokens = login();
  for (const char* token : {"access_token", "id_token"}) {
    const auto claims = claims_of(tokens, token);
    EXPECT_EQ(claims.at("iat"), oidc::epoch_seconds(kStart + 1h).count());
    EXPECT_LE(claims.value("nbf", std::int64_t{0}), claims.at("iat").get<std::int64_t>());
  }
}

TEST_F(ChecklistTokens, TokenTypeIsBearerAndAnotherLetterCaseByScript) {
  EXPECT_EQ(body_of(service_token()).at("token_type"), "Bearer");
  script({{"do", {{"patch", {{"token_type", "bearer"}}}}}});
  EXPECT_EQ(body_of(service_token()).at("token_type"), "bearer");
}

TEST_F(ChecklistTokens, ScopeIsInTheReplyWheneverItDiffersFromTheRequest) {
  EXPECT_EQ(body_of(service_token({{"scope", "openid api"}})).at("scope"), "api");
  EXPECT_EQ(body_of(service_token()).at("scope"), "api") << "none was asked for";
}

TEST_F(ChecklistTokens, CodesAreOneTimeShortAndBoundAndASecondUseRevokesWhatTheFirstGave) {
  const auto refused = [&](const char* name, const std::string& value) {
    oidc::Form form = redemption(code());
    form.set(name, value);
    return error_of(post("/token", form));
  };
  EXPECT_EQ(refused("client_id", "service"), "invalid_client") << "a confidential client proves itself first";
  EXPECT_EQ(refused("redirect_uri", "http://127.0.0.1:8124/callback"), "invalid_grant");
  EXPECT_EQ(refused("code_verifier", std::string(43, 'x')), "invalid_grant");
  const std::string late = code();
  clock_.advance(60s);
  EXPECT_EQ(error_of(redeem(late)), "invalid_grant");
  const std::string value = code();
  Issuer other{parse_issuer_config(oidc::Json::object()).value(), "https://issuer.test/beta", clock_};
  const auto elsewhere = other.handle({"POST",
                                       "https://issuer.test/beta/token",
                                       {{"Content-Type", "application/x-www-form-urlencoded"}},
                                       redemption(value).encode()});
  EXPECT_EQ(error_of(elsewhere), "invalid_grant");
  const auto tokens = body_of(redeem(value));
  EXPECT_EQ(error_of(redeem(value)), "invalid_grant");
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
}

TEST_F(ChecklistTokens, PkceMatrix) {
  struct Case {
    const char* name;
    std::string challenge;  // of the authorization request
    std::string method;
    std::string verifier;  // of the token request
    std::string error;     // of whichever of them refuses
  };
  const std::string padded = kChallenge + "=";
  const Case cases[] = {
      {"right", kChallenge, "S256", kVerifier, "(none)"},
      {"challenge without verifier", kChallenge, "S256", "", "invalid_grant"},
      {"wrong verifier", kChallenge, "S256", std::string(43, 'a'), "invalid_grant"},
      {"no challenge of a public client", "", "", "", "invalid_request"},
      {"verifier without challenge", "", "", kVerifier, "invalid_request"},
      {"plain", kVerifier, "plain", kVerifier, "invalid_request"},
      {"method left out", kVerifier, "", kVerifier, "invalid_request"},
      {"challenge too short", kChallenge.substr(1), "S256", kVerifier, "invalid_request"},
      {"challenge with padding", padded, "S256", kVerifier, "invalid_request"},
      {"verifier of 42", kChallenge, "S256", kVerifier.substr(1), "invalid_grant"},
  };
  for (const Case& one : cases) {
    oidc::Form form = authorization();
    form.set("code_challenge", one.challenge);
    form.set("code_challenge_method", one.method);
    const auto redirect = redirect_of(authorize(form));
    if (const auto error = redirect.get("error")) {
      EXPECT_EQ(*error, one.error) << one.name;
      continue;
    }
    oidc::Form redeeming = redemption(redirect.value_or_empty("code"));
    redeeming.set("code_verifier", one.verifier);
    EXPECT_EQ(error_of(post("/token", redeeming)), one.error) << one.name;
  }
}

TEST_F(ChecklistTokens, AnUnknownRefreshTokenFailsAlsoWithAClaimChangeScripted) {
  script({{"when", {{"grant", "refresh_token"}}}, {"do", {{"claims", {{"access", {{"x", 1}}}}}}}});
  EXPECT_EQ(error_of(refresh({{"refresh_token", "unknown"}})), "invalid_grant");
}

TEST_F(ChecklistTokens, ReuseOfAConsumedRefreshTokenRevokesTheFamilyAtomically) {
  const auto tokens = login();
  std::atomic<int> good{0};
  std::barrier together{8};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      good += refresh(tokens).response.status == 200 ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(good, 1);
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty());
}

}  // namespace
}  // namespace mockserver::test
