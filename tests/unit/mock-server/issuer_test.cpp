// The issuer's own members: sessions and tokens out of thin air, revoking, the verdict,
// several threads at once.

#include <atomic>
#include <barrier>
#include <thread>

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

TEST_F(IssuerTest, MintedSessionIsALoginOfThatTime) {
  const auto tokens = issuer_->mint_session({.issued_at = kStart - 30min}).value();
  EXPECT_EQ(claims_of(tokens, "access_token").at("iat"), oidc::epoch_seconds(kStart - 30min).count());
  EXPECT_EQ(tokens.at("expires_in"), 3600);
  EXPECT_THAT(issuer_->live_tokens(), testing::ElementsAre("at#1", "rt#1"));
  EXPECT_EQ(issuer_->ledger().name_of(tokens.at("id_token").get<std::string>()), "id#1");
  EXPECT_TRUE(active(tokens.at("access_token")));
  clock_.advance(30min);
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(IssuerTest, MintedSessionWithoutOfflineAccessHasNoRefreshToken) {
  const auto tokens = issuer_->mint_session({.scopes = {"api"}, .issued_at = kStart}).value();
  EXPECT_FALSE(tokens.contains("refresh_token"));
  EXPECT_FALSE(tokens.contains("id_token"));
}

TEST_F(IssuerTest, MintingForSomebodyUnknownIsInvalidArgument) {
  EXPECT_EQ(issuer_->mint_session({.client = "nobody", .issued_at = kStart}).error().code,
            oidc::Errc::kInvalidArgument);
  EXPECT_EQ(issuer_->mint_session({.sub = "nobody", .issued_at = kStart}).error().code, oidc::Errc::kInvalidArgument);
  EXPECT_EQ(issuer_->mint_token({.client = "nobody"}).error().code, oidc::Errc::kInvalidArgument);
}

TEST_F(IssuerTest, MintedTokensArePatchedAndRightOnesAreLive) {
  EXPECT_TRUE(active(issuer_->mint_token({}).value()));
  const auto spec =
      parse_token_spec({{"claims", {{"aud", nullptr}, {"exp", 1}}}, {"header", {{"typ", "JWT"}}}}).value();
  const std::string jwt = issuer_->mint_token(spec).value();
  EXPECT_FALSE(jwt_part(jwt, 1).contains("aud"));
  EXPECT_EQ(jwt_part(jwt, 0).at("typ"), "JWT");
  EXPECT_FALSE(active(jwt));
  EXPECT_FALSE(active(issuer_->mint_token({.sign = "corrupt"}).value()));
  EXPECT_EQ(jwt_part(issuer_->mint_token({.kind = "id"}).value(), 1).at("aud"), "app");
  EXPECT_THAT(parse_token_spec({{"sing", "none"}}).error().message, testing::HasSubstr("\"sign\""));
}

TEST_F(IssuerTest, RevokeByNameTakesTheFamily) {
  const auto tokens = login();
  ASSERT_TRUE(issuer_->revoke("at#1"));
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  EXPECT_EQ(issuer_->revoke("at#9").error().code, oidc::Errc::kNotFound);
}

TEST_F(IssuerTest, ARevokedCodeGivesNothing) {
  const std::string value = code();
  ASSERT_TRUE(issuer_->revoke("code#1"));
  EXPECT_EQ(error_of(redeem(value)), "invalid_grant");
}

TEST_F(IssuerTest, ExpireByNameOrValueEndsOneToken) {
  const auto tokens = login();
  ASSERT_TRUE(issuer_->expire("at#1"));
  EXPECT_THAT(issuer_->live_tokens(), testing::ElementsAre("rt#1"));
  ASSERT_TRUE(issuer_->expire(tokens.at("refresh_token").get<std::string>()));
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty());
  EXPECT_EQ(issuer_->expire("rt#9").error().code, oidc::Errc::kNotFound);
}

TEST_F(IssuerTest, TellsWhenATokenExpiresOnItsClock) {
  start({{"lifetimes", {{"access", 300}, {"refresh", 900}}}, {"skew_s", 7}});
  login();
  clock_.advance(60s);
  service_token();
  EXPECT_EQ(issuer_->expiry_of("at#1"), kStart + 300s);
  EXPECT_EQ(issuer_->expiry_of(issuer_->ledger().newest("at")), kStart + 360s);
  EXPECT_EQ(issuer_->expiry_of("rt#1"), kStart + 900s);
  EXPECT_TRUE(issuer_->expire("at#1"));
  EXPECT_EQ(issuer_->expiry_of("at#1"), kStart + 60s);
  EXPECT_EQ(issuer_->expiry_of("at#9"), std::nullopt);
}

TEST_F(IssuerTest, ARefreshTokenOfADefaultIssuerNeverExpires) {
  login();
  EXPECT_EQ(issuer_->expiry_of("rt#1"), std::nullopt);
}

TEST_F(IssuerTest, VerdictNamesUndeliveredStepsAndRequestsToNowhere) {
  script({{"id", "never"}, {"when", {{"endpoint", "jwks"}}}, {"do", {{"status", 500}}}});
  get("/favicon.ico");
  const auto verdict = issuer_->verdict();
  EXPECT_EQ(verdict.at("as_expected"), false);
  EXPECT_EQ(verdict.at("undelivered_steps"), oidc::Json::array({"never"}));
  EXPECT_EQ(verdict.at("unmatched_requests").at(0).at("path"), "/favicon.ico");
  EXPECT_EQ(verdict.at("exchanges"), 1);
}

TEST_F(IssuerTest, VerdictIsAsExpectedOnceEverythingWasDelivered) {
  script({{"do", {{"status", 503}}}});
  service_token();
  EXPECT_EQ(issuer_->verdict().at("as_expected"), true);
}

/// Replies with status 200 when eight threads send the same thing at once.
template <typename Send>
int successes(const Send& send) {
  std::atomic<int> count{0};
  std::barrier together{8};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      count += send().response.status == 200 ? 1 : 0;
    });
  }
  threads.clear();
  return count;
}

TEST_F(IssuerTest, EightThreadsRedeemOneCodeOnce) {
  const std::string value = code();
  EXPECT_EQ(successes([&] { return redeem(value); }), 1);
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty()) << "the reuse revokes, whoever came first";
}

TEST_F(IssuerTest, EightThreadsRotateOneRefreshTokenOnce) {
  const auto tokens = login();
  EXPECT_EQ(successes([&] { return refresh(tokens); }), 1);
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty());
}

TEST_F(IssuerTest, EightThreadsGetOneDeviceGrantOnce) {
  start({{"device", {{"decision", "approve"}, {"interval", 0}}}});
  const auto grant = device();
  EXPECT_EQ(successes([&] { return poll(grant); }), 1);
}

TEST_F(IssuerTest, EightThreadsMeetOneSingleUseStepOnce) {
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  EXPECT_EQ(successes([&] { return service_token(); }), 7);
}

TEST_F(IssuerTest, KeysMayRotateWhileOthersSign) {
  std::jthread rotating{[&] {
    for (int i = 0; i < 20; ++i) {
      issuer_->rotate_keys(i % 2 == 0);
    }
  }};
  EXPECT_EQ(successes([&] { return service_token(); }), 8);
}

}  // namespace
}  // namespace mockserver::test
