// Tokens whose times make no sense must not cost one refresh a call.
#include "oidc/base64url.hpp"
#include "session_fixture.hpp"

namespace authcore::test {
namespace {

using OddLifetimesTest = SessionTest;

std::string jwt(oidc::TimePoint issued, seconds lifetime) {
  const Json claims = {{"iat", oidc::epoch_seconds(issued).count()},
                       {"exp", oidc::epoch_seconds(issued + lifetime).count()}};
  return oidc::base64url_encode(R"({"alg":"RS256"})") + "." + oidc::base64url_encode(claims.dump()) + ".c2ln";
}

TEST_F(OddLifetimesTest, RefreshesAShortLivedTokenOncePerLifetime) {
  const auto session = refreshing();
  session->update_credential(credential_of(tokens("A0", 30, "R0"))).value();
  for (int round = 1; round <= 10; ++round) {
    client_.will_refresh(tokens("A" + std::to_string(round), 30));
  }
  for (int call = 0; call < 200; ++call) {
    EXPECT_EQ(token_of(*session).at(0), 'A');
    clock_.advance(milliseconds{500});
  }
  EXPECT_EQ(client_.shown().size(), 4U) << "after 23, 46, 69 and 92 s of 100";
}

TEST_F(OddLifetimesTest, NeverHandsOutATokenThatWasIssuedExpired) {
  judges({"TOK-010"});
  const std::pair<const char*, Json> cases[] = {
      {"zero", {{"access_token", "A1"}, {"expires_in", 0}}},
      {"negative", {{"access_token", "A1"}, {"expires_in", -5}}},
      {"exp at iat", {{"access_token", jwt(kStart, seconds{0})}}},
      {"exp at iat of another clock", {{"access_token", jwt(kStart - hours{2}, seconds{0})}, {"expires_in", 0}}},
  };
  for (const auto& [name, answer] : cases) {
    FakeClient client{clock_};
    const auto session = make_refreshing_authenticator(client, environment_, {});
    session->update_credential(credential_of({{"refresh_token", "R0"}})).value();
    client.will_refresh(answer);
    EXPECT_EQ(token_of(*session), "error token_expired") << name;
  }
}

TEST_F(OddLifetimesTest, RefreshesEveryTenSecondsAtMostWhileTokensAreIssuedExpired) {
  judges({"TOK-010"});
  const auto session = refreshing();
  session->update_credential(credential_of(tokens("A0", 100, "R0"))).value();
  client_.will_refresh(tokens("A1", 0, "R1"));
  client_.will_refresh(tokens("A2", 0, "R2"));
  client_.will_refresh(tokens("A3", 100, "R3"));
  clock_.advance(seconds{76});
  for (int call = 0; call < 20; ++call) {
    EXPECT_EQ(token_of(*session), "error token_expired") << "A0 is replaced, and was the last that is good";
    clock_.advance(seconds{1});
  }
  EXPECT_EQ(token_of(*session), "A3");
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R1", "R2"));
  EXPECT_EQ(storage_->stored(kKey)["refresh_token"], "R3");
}

TEST_F(OddLifetimesTest, HandsOutNoLoginThatWasIssuedExpired) {
  judges({"TOK-010"});
  const auto by_itself = relogin();
  client_.will_log_in(tokens("A1", 0));
  EXPECT_EQ(token_of(*by_itself), "error token_expired");
  EXPECT_EQ(token_of(*by_itself), "error token_expired");
  EXPECT_EQ(client_.login_count(), 1);
  storage_->remove(kKey).value();
  const auto by_a_person = refreshing();
  by_a_person->accept_login(credential_of(tokens("A2", 0))).value();
  EXPECT_EQ(token_of(*by_a_person), "error no_credential") << "log in again";
}

TEST_F(OddLifetimesTest, LeavesTheServerAloneWhenARefreshGainsLittle) {
  // The server hands out one JWT until it has 300 s left; its expires_in says what is left.
  const std::string shared = jwt(kStart - seconds{3300}, seconds{3600});
  const auto session = refreshing();
  session->update_credential(credential_of({{"access_token", shared}, {"refresh_token", "R0"}})).value();
  for (int left = 300; left > 0; --left) {
    client_.will_refresh(Json{{"access_token", shared}, {"expires_in", left}});
  }
  for (int call = 0; call < 2000; ++call) {
    token_of(*session);
    clock_.advance(milliseconds{100});
  }
  EXPECT_LT(client_.shown().size(), 8U);
}

TEST_F(OddLifetimesTest, TrustsAJustObtainedTokenWhenTheLocalClockIsFast) {
  judges({"A-08"});
  const auto session = refreshing();
  session->update_credential(credential_of({{"refresh_token", "R0"}})).value();
  const std::string token = jwt(kStart - hours{2}, hours{1});
  client_.will_refresh(Json{{"access_token", token}, {"expires_in", 3600}});
  client_.will_refresh(Json{{"access_token", "A2"}, {"expires_in", 3600}});
  for (int call = 0; call < 20; ++call) {
    EXPECT_EQ(token_of(*session), token);
    clock_.advance(minutes{2});
  }
  EXPECT_EQ(client_.shown().size(), 1U);
  clock_.advance(minutes{6});
  EXPECT_EQ(token_of(*session), "A2") << "at three quarters of expires_in, counted from when it came";
}

TEST_F(OddLifetimesTest, RefreshesEveryTenSecondsAtMostWhenTheSkewCannotBeTold) {
  const auto session = refreshing();
  session->update_credential(credential_of({{"refresh_token", "R0"}})).value();
  for (int round = 0; round < 50; ++round) {
    client_.will_refresh(Json{{"access_token", jwt(kStart - hours{2}, hours{1})}});
  }
  for (int call = 0; call < 200; ++call) {
    EXPECT_NE(token_of(*session).substr(0, 5), "error");
    clock_.advance(milliseconds{500});
  }
  EXPECT_EQ(client_.shown().size(), 10U);
}

TEST_F(OddLifetimesTest, DoesNotBelieveASlowClock) {
  const auto session = refreshing();
  session->update_credential(credential_of({{"refresh_token", "R0"}})).value();
  client_.will_refresh(Json{{"access_token", jwt(kStart + minutes{10}, minutes{5})}, {"expires_in", 300}});
  client_.will_refresh(tokens("A2", 300));
  token_of(*session);
  clock_.advance(seconds{226});
  EXPECT_EQ(token_of(*session), "A2");
}

TEST_F(OddLifetimesTest, CountsAShortDelayOfTheReply) {
  const auto session = refreshing();
  session->update_credential(credential_of({{"refresh_token", "R0"}})).value();
  // Issued 40 s before it arrived: 60 s of life, of which 20 are left.
  client_.will_refresh(Json{{"access_token", jwt(kStart - seconds{40}, seconds{60})}, {"expires_in", 60}});
  client_.will_refresh(tokens("A2", 60));
  token_of(*session);
  clock_.advance(seconds{20});
  EXPECT_EQ(token_of(*session), "A2");
}

TEST_F(OddLifetimesTest, SeesTheExpiryAfterTheMachineSlept) {
  seed(credential_of(tokens("A0", 3600, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  client_.will_refresh(tokens("A1", 3600, "R1"));
  clock_.step_wall(hours{3});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(OddLifetimesTest, SeesTheExpiryAfterTheClockWasSetBack) {
  seed(credential_of(tokens("A0", 3600, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  client_.will_refresh(tokens("A1", 3600, "R1"));
  clock_.step_wall(-hours{1});
  clock_.advance(seconds{2701});
  EXPECT_EQ(token_of(*session), "A1");
}

}  // namespace
}  // namespace authcore::test
