#include <ostream>

#include "client_world.hpp"
#include "token_maker.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;

class RefreshedIdToken : public test::ClientWorld {
 protected:
  static std::string id_token(const Json& changes = Json::object(), const SigningKey& key = SigningKey::p256()) {
    Json claims{{"iss", test::kServer}, {"sub", "alice"}, {"aud", "id"}};
    claims["iat"] = oidc::epoch_seconds(test::kStart).count();
    claims["exp"] = oidc::epoch_seconds(test::kStart).count() + 60;
    claims["at_hash"] = access_token_hash("ES256", "at-1").value();
    claims.update(changes);
    return oidc::test::make_token(key, "ES256", {{"alg", "ES256"}, {"kid", "k"}}, claims);
  }
  void answer_refresh(const std::string& token) {
    Json response = test::token_response();
    response["refresh_token"] = "rt-2";
    response["id_token"] = token;
    answer_metadata();
    answer_json(200, response);
  }
  void answer_keys(const std::string& kid = "k") {
    answer_json(200, {{"keys", Json::array({SigningKey::p256().jwk(kid)})}});
  }
  oidc::Result<Credential> refresh(const std::string& held) {
    const Json stored{{"access_token", "at-0"}, {"refresh_token", "rt-1"}, {"id_token", held}};
    Environment outside = environment();
    outside.log = oidc::Log{clock_, [this](oidc::LogLevel level, std::string_view event, const Json&) {
                              warned_ =
                                  warned_ || (level == oidc::LogLevel::kWarning && event == "id_token.not_verified");
                            }};
    const Json config{{"client_type", "oidc_device_code"},
                      {"auth_server", test::kServer},
                      {"client_id", "id"},
                      {"max_retry_after_s", max_retry_after_s_}};
    return make_client(config, outside)
        .value()
        ->refresh(Credential::from_json(CredentialKind::kOidc, stored, test::kStart).value());
  }
  void expect_new_tokens_but(const oidc::Result<Credential>& refreshed, const std::string& id_token) {
    ASSERT_THAT(refreshed, IsOk());
    EXPECT_EQ(refreshed->access_token(), "at-1");
    EXPECT_EQ(refreshed->refresh_token(), "rt-2");
    EXPECT_EQ(refreshed->id_token(), id_token);
    EXPECT_TRUE(warned_);
  }

  const std::string held_ = id_token({{"at_hash", nullptr}});
  int max_retry_after_s_ = 60;
  bool warned_ = false;
};

TEST_F(RefreshedIdToken, ReplacesTheHeldOneWhenItIsRight) {
  const std::string fresh = id_token();
  answer_refresh(fresh);
  answer_keys();
  const auto refreshed = refresh(held_);
  ASSERT_THAT(refreshed, IsOk());
  EXPECT_EQ(refreshed->id_token(), fresh);
  EXPECT_FALSE(warned_);
}

TEST_F(RefreshedIdToken, HasNobodyToBeComparedWithIfNoneIsHeldThatCanBeRead) {
  for (const char* held : {"", "opaque"}) {
    answer_refresh(id_token({{"sub", "bob"}}));
    answer_keys();
    EXPECT_THAT(refresh(held), IsOk()) << held;
  }
}

TEST_F(RefreshedIdToken, MayGoWithoutTheNonceOfTheLoginOrRepeatIt) {
  judges({"OIDCC-12.2-NONCE-SAME"});
  for (const Json& nonce : {Json(), Json("n-1")}) {
    answer_refresh(id_token({{"nonce", nonce}}));
    answer_keys();
    EXPECT_THAT(refresh(id_token({{"nonce", "n-1"}})), IsOk()) << nonce;
  }
}

TEST_F(RefreshedIdToken, OfAnotherLoginIsRefusedWithOrWithoutKeys) {
  judges({"OIDCC-12.2-NONCE-SAME"});
  const std::string held = id_token({{"nonce", "n-1"}});
  answer_refresh(id_token({{"nonce", "n-2"}}));
  answer_keys();
  EXPECT_THAT(refresh(held), FailsWith(Errc::kBadNonce));
  answer_refresh(id_token({{"nonce", "n-2"}}));
  http_.answer(oidc::test::lost_reply());
  EXPECT_THAT(refresh(held), FailsWith(Errc::kBadNonce));
}

struct WrongCase {
  const char* name;
  Json claims;
  Errc expected;
};
void PrintTo(const WrongCase& c, std::ostream* out) {
  *out << c.name;
}
class WrongRefreshedIdToken : public RefreshedIdToken, public testing::WithParamInterface<WrongCase> {};

TEST_P(WrongRefreshedIdToken, RefusesTheWholeReply) {
  judges({"OIDCC-12.2-SUB-SAME"});
  answer_refresh(id_token(GetParam().claims));
  answer_keys();
  const auto refreshed = refresh(held_);
  ASSERT_THAT(refreshed, FailsWith(GetParam().expected));
  EXPECT_FALSE(refreshed.error().definite) << "the refresh token is spent";
}

INSTANTIATE_TEST_SUITE_P(OidcCoreSection122, WrongRefreshedIdToken,
                         testing::Values(WrongCase{"issuer", {{"iss", "https://evil.test"}}, Errc::kBadIssuer},
                                         WrongCase{"audience", {{"aud", "other"}}, Errc::kBadAudience},
                                         WrongCase{"party", {{"azp", "other"}}, Errc::kBadAuthorizedParty},
                                         WrongCase{"expired", {{"exp", 1'893'456'000}}, Errc::kTokenExpired},
                                         WrongCase{"at_hash", {{"at_hash", "AAAA"}}, Errc::kBadClaim},
                                         WrongCase{"subject", {{"sub", "bob"}}, Errc::kBadClaim},
                                         WrongCase{"no_subject", {{"sub", nullptr}}, Errc::kMissingClaim}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(RefreshedIdToken, RefusesTheWholeReplyForABadSignature) {
  static const SigningKey forger{EVP_EC_gen("P-256")};
  answer_refresh(id_token(Json::object(), forger));
  answer_keys();
  EXPECT_THAT(refresh(held_), FailsWith(Errc::kBadSignature));
}

TEST_F(RefreshedIdToken, LeavesTheOldOneAndLosesNoTokenWhileKeysAreOutOfReach) {
  answer_refresh(id_token());
  http_.answer(oidc::test::lost_reply());
  expect_new_tokens_but(refresh(held_), held_);
}

TEST_F(RefreshedIdToken, LeavesTheOldOneWhileItsKeyIsUnknown) {
  answer_refresh(id_token());
  answer_keys("other");
  expect_new_tokens_but(refresh(held_), held_);
}

TEST_F(RefreshedIdToken, LeavesTheOldOneWhileItIsNotYetValidByOurClock) {
  answer_refresh(id_token({{"iat", oidc::epoch_seconds(test::kStart).count() + 11}}));
  answer_keys();
  expect_new_tokens_but(refresh(held_), held_);
}

TEST_F(RefreshedIdToken, OfAnotherSubjectIsRefusedWithoutKeysToo) {
  answer_refresh(id_token({{"sub", "bob"}}));
  http_.answer(oidc::test::lost_reply());
  EXPECT_THAT(refresh(held_), FailsWith(Errc::kBadClaim));
}

TEST_F(RefreshedIdToken, WaitsForKeysNoLongerThanTheConfigurationPermits) {
  max_retry_after_s_ = 2;
  answer_refresh(id_token());
  http_.answer(oidc::test::with_header({429, {}, ""}, "Retry-After", "3"));
  expect_new_tokens_but(refresh(held_), held_);
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(RefreshedIdToken, CountsLivesFromTheReplyNotFromTheKeys) {
  answer_refresh(id_token());
  http_.answer(oidc::test::with_header({429, {}, ""}, "Retry-After", "30"));
  answer_keys();
  const auto refreshed = refresh(held_);
  ASSERT_THAT(refreshed, IsOk());
  EXPECT_EQ(refreshed->expires_at(), test::kStart + 1h);
}

}  // namespace
}  // namespace authcore
