#include "authcore/jwks_cache.hpp"

#include <thread>

#include "client_world.hpp"
#include "judges.hpp"
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

class JwksCacheTest : public test::ClientWorld {
 protected:
  void answer_keys(const std::vector<Json>& keys) { answer_json(200, {{"keys", keys}}); }

  JwksCache cache_{test::kServer + "/jwks", environment()};
  const Json old_ = SigningKey::p256().jwk("old");
  const Json new_ = SigningKey::p384().jwk("new");
};

TEST_F(JwksCacheTest, FetchesAtTheFirstUseOnly) {
  judges({"JWK-003"});
  EXPECT_EQ(http_.count(), 0U);
  answer_keys({old_});
  ASSERT_THAT(cache_.key("old"), IsOk());
  EXPECT_EQ(cache_.key("old").value()->jwk.crv, "P-256");
  EXPECT_EQ(http_.count(), 1U);
  EXPECT_EQ(http_.request(0).method, "GET");
}

TEST_F(JwksCacheTest, FetchesForAnUnknownKidOnlyAfterTheInterval) {
  judges({"JWK-004"});
  answer_keys({old_});
  ASSERT_THAT(cache_.key("old"), IsOk());
  clock_.advance(300s);
  EXPECT_THAT(cache_.key("new"), FailsWith(Errc::kUnknownKey));
  EXPECT_EQ(http_.count(), 1U);
  clock_.advance(1ms);
  answer_keys({new_});
  EXPECT_THAT(cache_.key("new"), IsOk());
}

TEST_F(JwksCacheTest, StartsANewIntervalWithEachFetch) {
  judges({"JWK-004", "JWK-005"});
  answer_keys({old_});
  EXPECT_THAT(cache_.key("x"), FailsWith(Errc::kUnknownKey));
  clock_.advance(301s);
  answer_keys({old_});
  EXPECT_THAT(cache_.key("x"), FailsWith(Errc::kUnknownKey));
  clock_.advance(299s);
  EXPECT_THAT(cache_.key("x"), FailsWith(Errc::kUnknownKey));
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(JwksCacheTest, ForgetsRemovedKeysWithARefetch) {
  judges({"JWK-006"});
  answer_keys({old_});
  ASSERT_THAT(cache_.key("old"), IsOk());
  clock_.advance(301s);
  answer_keys({new_});
  ASSERT_THAT(cache_.key("new"), IsOk());
  EXPECT_THAT(cache_.key("old"), FailsWith(Errc::kUnknownKey));
}

TEST_F(JwksCacheTest, TrustsAKnownKidUntilTheMaximumAge) {
  judges({"JWK-003", "A-09", "W-09"});
  answer_keys({old_});
  ASSERT_THAT(cache_.key("old"), IsOk());
  clock_.advance(24h - 1ms);
  ASSERT_THAT(cache_.key("old"), IsOk());
  EXPECT_EQ(http_.count(), 1U);
  clock_.advance(1ms);
  answer_keys({new_});
  EXPECT_THAT(cache_.key("old"), FailsWith(Errc::kUnknownKey));
}

TEST_F(JwksCacheTest, ThrottlesFailedFetchesAndSaysWhyTheyFailed) {
  judges({"JWK-007", "W-10"});
  http_.answer(oidc::test::lost_reply());
  EXPECT_THAT(cache_.key("old"), FailsWith(Errc::kNetwork));
  clock_.advance(300s);
  EXPECT_THAT(cache_.key("old"), FailsWith(Errc::kNetwork));
  EXPECT_EQ(http_.count(), 1U);
  clock_.advance(1ms);
  answer_keys({old_});
  EXPECT_THAT(cache_.key("old"), IsOk());
}

TEST_F(JwksCacheTest, FetchesNothingForAnyNumberOfUnknownKidsWithinTheInterval) {
  judges({"JWK-005"});
  answer_keys({old_});
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(cache_.key("x" + std::to_string(i)), FailsWith(Errc::kUnknownKey));
  }
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(JwksCacheTest, KeepsOldKeysWhenAFetchFails) {
  answer_keys({old_});
  ASSERT_THAT(cache_.key("old"), IsOk());
  clock_.advance(24h);
  answer_json(500, Json::object());
  EXPECT_THAT(cache_.key("old"), IsOk());
  EXPECT_THAT(cache_.key("new"), FailsWith(Errc::kServerError));
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(JwksCacheTest, CountsNoCancelledFetchAsATry) {
  http_.answer_with([this](const oidc::HttpRequest&) {
    stop_.request_stop();
    return oidc::HttpResponse{429, {}, ""};
  });
  EXPECT_THAT(cache_.key("old"), FailsWith(Errc::kCancelled));
  EXPECT_THAT(cache_.key("old"), FailsWith(Errc::kCancelled));
}

TEST_F(JwksCacheTest, SkipsKeysThatAreOfNoUse) {
  judges({"JWK-008", "JWK-009", "JWK-010", "W-23", "W-25"});
  Json nameless = SigningKey::p256().jwk("x");
  nameless.erase("kid");
  Json encryption = SigningKey::p256().jwk("enc");
  encryption["use"] = "enc";
  answer_keys({nameless, encryption, Json{{"kty", "oct"}, {"kid", "hmac"}, {"k", "c2VjcmV0"}}, Json(7),
               SigningKey::weak_rsa().jwk("weak"), old_});
  EXPECT_THAT(cache_.key("old"), IsOk());
  for (const char* kid : {"", "enc", "hmac", "weak"}) {
    EXPECT_THAT(cache_.key(kid), FailsWith(Errc::kUnknownKey)) << kid;
  }
}

TEST_F(JwksCacheTest, FindsTheOnlyKeyOfAnAlgorithmAlsoWithoutAKid) {
  Json nameless = SigningKey::p256().jwk("x");
  nameless.erase("kid");
  Json encryption = SigningKey::p256().jwk("enc");
  encryption["use"] = "enc";
  answer_keys({nameless, encryption, new_, SigningKey::rsa().jwk("rsa")});
  EXPECT_EQ(cache_.only_key("ES256", nullptr).value()->jwk.kid, "");
  EXPECT_EQ(cache_.only_key("ES384", nullptr).value()->jwk.kid, "new");
  EXPECT_EQ(cache_.only_key("RS512", nullptr).value()->jwk.kid, "rsa");
  EXPECT_THAT(cache_.only_key("EdDSA", nullptr), FailsWith(Errc::kUnknownKey));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(JwksCacheTest, GuessesNotBetweenTwoKeysOfAnAlgorithm) {
  answer_keys({SigningKey::rsa().jwk("a"), SigningKey::other_rsa().jwk("b")});
  EXPECT_THAT(cache_.only_key("RS256", nullptr), FailsWith(Errc::kUnknownKey));
  EXPECT_THAT(cache_.key("a"), IsOk());
}

TEST_F(JwksCacheTest, AsksForAnotherOnlyKeyIfOneWasRefusedButNotMoreOftenThanForAnUnknownKid) {
  answer_keys({old_});
  const auto old = cache_.only_key("ES256", nullptr).value();
  clock_.advance(300s);
  EXPECT_EQ(cache_.only_key("ES256", old.get()).value(), old) << "it is too early to ask";
  EXPECT_EQ(http_.count(), 1U);
  clock_.advance(1ms);
  answer_keys({SigningKey::p256().jwk("newer")});
  EXPECT_EQ(cache_.only_key("ES256", old.get()).value()->jwk.kid, "newer");
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(JwksCacheTest, KeepsARefusedOnlyKeyWhenAFetchFails) {
  answer_keys({old_});
  const auto old = cache_.only_key("ES256", nullptr).value();
  clock_.advance(301s);
  http_.answer(oidc::test::lost_reply());
  EXPECT_EQ(cache_.only_key("ES256", old.get()).value(), old);
}

TEST_F(JwksCacheTest, RefusesADocumentWithoutKeys) {
  judges({"JWK-002"});
  for (const Json& document : {Json{{"keys", Json::array()}}, Json{{"keys", 1}}, Json{{"key", Json::array({old_})}}}) {
    JwksCache cache{test::kServer + "/jwks", environment()};
    answer_json(200, document);
    EXPECT_THAT(cache.key("old"), FailsWith(Errc::kMalformedResponse));
  }
}

TEST_F(JwksCacheTest, ServesKnownKeysWhileItAsksForAnother) {
  answer_keys({old_});
  ASSERT_THAT(cache_.key("old"), IsOk());
  clock_.advance(301s);
  http_.answer_with([&](const oidc::HttpRequest&) {
    EXPECT_THAT(cache_.key("old"), IsOk()) << "and did not wait for this request, or the test would hang";
    return oidc::test::json_reply(200, Json{{"keys", Json::array({old_, new_})}});
  });
  EXPECT_THAT(cache_.key("new"), IsOk());
}

TEST_F(JwksCacheTest, ServesKeysThatAreTooOldWhileSomebodyFetchesNewOnes) {
  judges({"A-09"});
  answer_keys({old_});
  ASSERT_THAT(cache_.key("old"), IsOk());
  clock_.advance(24h);
  http_.answer_with([&](const oidc::HttpRequest&) {
    EXPECT_THAT(cache_.key("old"), IsOk()) << "and did not wait for this request, or the test would hang";
    return oidc::test::json_reply(200, Json{{"keys", Json::array({new_})}});
  });
  EXPECT_THAT(cache_.key("old"), FailsWith(Errc::kUnknownKey));
}

TEST(JwksClientTest, ReturnsTheDocumentAsItIsEveryTime) {
  judges({"JWK-001"});
  oidc::VirtualClock clock{test::kStart};
  oidc::SeededRandom random{1};
  oidc::test::FakeTransport http{&clock};
  const JwksClient client{test::kServer + "/jwks", {.clock = clock, .random = random, .http = http}};
  const Json document{{"keys", Json::array({Json{{"kty", "odd"}}})}, {"more", 1}};
  http.answer(oidc::test::json_reply(200, document));
  EXPECT_EQ(client.jwks().value(), document);
  http.answer(oidc::test::json_reply(200, document));
  EXPECT_EQ(client.jwks_keys().value(), document["keys"]);
  ASSERT_EQ(http.count(), 2U);
  EXPECT_FALSE(http.request(0).headers.get("Authorization"));
  http.answer(oidc::test::json_reply(404, Json{{"keys", Json::array()}}));
  EXPECT_THAT(client.jwks_keys(), FailsWith(Errc::kServer));
}

TEST_F(JwksCacheTest, TakesTheJwkSetContentType) {
  judges({"JWK-011", "W-26", "A-22"});
  http_.answer(oidc::HttpResponse{
      200, {{"Content-Type", "application/jwk-set+json"}}, oidc::to_text(Json{{"keys", Json::array({old_})}})});
  EXPECT_THAT(cache_.key("old"), IsOk());
}

TEST_F(JwksCacheTest, SharesOneFetchBetweenThreads) {
  http_.answer_with([&](const oidc::HttpRequest&) {
    clock_.sleep_for(5s);
    return oidc::test::json_reply(200, Json{{"keys", Json::array({old_})}});
  });
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const oidc::VirtualClock::Actor actor{clock_};
      EXPECT_THAT(cache_.key("old"), IsOk());
    });
  }
  const oidc::WaitScope waiting{clock_};
  threads.clear();
  EXPECT_EQ(http_.count(), 1U);
}

}  // namespace
}  // namespace authcore
