#include "authcore/token_validator.hpp"
#include "client_world.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::make_token;
using oidc::test::SigningKey;

/// Tokens that don't say which key signed them (OIDC Core §10.1).
class NamelessKey : public test::ClientWorld {
 protected:
  void publish(const std::vector<Json>& keys) { answer_json(200, {{"keys", keys}}); }
  oidc::Result<Json> validate(const SigningKey& key, const Json& header = {{"alg", "RS256"}}) {
    const auto now = oidc::epoch_seconds(clock_.now()).count();
    Json claims{{"iss", test::kServer}, {"aud", "api"}, {"sub", "alice"}, {"exp", now + 60}};
    return validator_.validate(make_token(key, "RS256", header, claims), {.issuer = test::kServer, .audience = "api"});
  }

  const SigningKey& right_ = SigningKey::rsa();
  const SigningKey& wrong_ = SigningKey::other_rsa();
  JwksCache keys_{test::kServer + "/jwks", environment()};
  TokenValidator validator_{keys_, clock_};
};

TEST_F(NamelessKey, IsTheOnlyOneOfItsKind) {
  judges({"RFC7517-4.5-KID-ABSENT-SINGLE"});
  publish({right_.jwk("rsa"), SigningKey::p256().jwk("ec")});
  for (const Json& header : {Json{{"alg", "RS256"}}, Json{{"alg", "RS256"}, {"kid", ""}}}) {
    EXPECT_THAT(validate(right_, header), IsOk()) << header;
    EXPECT_THAT(validate(wrong_, header), FailsWith(Errc::kBadSignature)) << header;
  }
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(NamelessKey, IsNotGuessedAmongSeveral) {
  publish({right_.jwk("a"), wrong_.jwk("b")});
  EXPECT_THAT(validate(right_), FailsWith(Errc::kUnknownKey));
  EXPECT_THAT(validate(right_, {{"alg", "RS256"}, {"kid", "a"}}), IsOk());
}

TEST_F(NamelessKey, IsAskedForAgainOnceItNoLongerFits) {
  publish({wrong_.jwk("")});
  EXPECT_THAT(validate(right_), FailsWith(Errc::kBadSignature));
  clock_.advance(300s);
  EXPECT_THAT(validate(right_), FailsWith(Errc::kBadSignature)) << "too early to ask";
  clock_.advance(1ms);
  publish({right_.jwk("")});
  EXPECT_THAT(validate(right_), IsOk());
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(NamelessKey, IsUnknownOnceThereAreSeveral) {
  publish({wrong_.jwk("")});
  EXPECT_THAT(validate(right_), FailsWith(Errc::kBadSignature));
  clock_.advance(301s);
  publish({right_.jwk("a"), wrong_.jwk("b")});
  EXPECT_THAT(validate(right_), FailsWith(Errc::kUnknownKey));
}

TEST_F(NamelessKey, IsNoWayAroundTheNamesOfOthers) {
  publish({right_.jwk("")});
  EXPECT_THAT(validate(right_, {{"alg", "RS256"}, {"kid", "other"}}), FailsWith(Errc::kUnknownKey));
}

}  // namespace
}  // namespace authcore
