// A whole issuer set back: by verbs, and by the control API's functions.

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class WorldStateTest : public IssuerTest {
 protected:
  bool refreshes(const oidc::Json& tokens) { return refresh(tokens).response.status == 200; }
};

TEST_F(WorldStateTest, TokensGoBackToWhatTheyWere) {
  const auto tokens = login();
  issuer_->checkpoint("logged-in");
  ASSERT_TRUE(refreshes(tokens));
  ASSERT_FALSE(refreshes(tokens)) << "used, and its family revoked";
  ASSERT_FALSE(active(tokens.at("access_token")));
  ASSERT_TRUE(issuer_->restore("logged-in"));
  EXPECT_TRUE(active(tokens.at("access_token")));
  EXPECT_TRUE(refreshes(tokens));
}

TEST_F(WorldStateTest, WhatWasIssuedLaterIsUnknown) {
  issuer_->checkpoint("before");
  const auto tokens = login();
  const std::string unused = code();
  const auto grant = device();
  ASSERT_TRUE(issuer_->restore("before"));
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  EXPECT_EQ(error_of(redeem(unused)), "invalid_grant");
  EXPECT_EQ(error_of(poll(grant)), "invalid_grant");
}

TEST_F(WorldStateTest, UsedCodesAndDecidedGrantsComeBackUnused) {
  const std::string value = code();
  const auto grant = device();
  issuer_->checkpoint("waiting");
  ASSERT_EQ(redeem(value).response.status, 200);
  ASSERT_TRUE(issuer_->decide_device("", Decision::kDeny));
  ASSERT_EQ(error_of(poll(grant)), "access_denied");
  ASSERT_TRUE(issuer_->restore("waiting"));
  EXPECT_EQ(redeem(value).response.status, 200);
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
}

TEST_F(WorldStateTest, KeysGoBackToo) {
  const auto before = get("/jwks").response.body;
  issuer_->rotate_keys(false);
  ASSERT_NE(get("/jwks").response.body, before);
  ASSERT_TRUE(issuer_->restore("first"));
  EXPECT_EQ(get("/jwks").response.body, before);
}

TEST_F(WorldStateTest, TokensIssuedAfterwardsAreNewOnes) {
  issuer_->checkpoint("then");
  const auto first = login();
  ASSERT_TRUE(issuer_->restore("then"));
  const auto second = login();
  EXPECT_NE(first.at("refresh_token"), second.at("refresh_token"));
  EXPECT_TRUE(active(second.at("access_token")));
  EXPECT_FALSE(active(first.at("access_token")));
}

TEST_F(WorldStateTest, TheTestsOwnRecordsStay) {
  script({{"id", "later"}, {"do", {{"delay", 1}}}});
  const auto exchanges = issuer_->journal().size();
  issuer_->checkpoint("then");
  login();
  ASSERT_TRUE(issuer_->restore("then"));
  EXPECT_GT(issuer_->journal().size(), exchanges);
  EXPECT_EQ(issuer_->script().states().at(0).delivered, 1U);
}

TEST_F(WorldStateTest, AnUnknownNameChangesNothing) {
  const auto tokens = login();
  EXPECT_EQ(issuer_->restore("never").error().code, oidc::Errc::kNotFound);
  EXPECT_TRUE(active(tokens.at("access_token")));
}

TEST_F(WorldStateTest, StepsKeepAndRestore) {
  script({{"when", {{"grant", "authorization_code"}}}, {"do", {{"checkpoint", "logged-in"}}}});
  script({{"when", {{"grant", "refresh_token"}, {"nth", 2}}}, {"do", {{"restore", "logged-in"}}}});
  const auto tokens = login();
  EXPECT_TRUE(refreshes(tokens));
  EXPECT_TRUE(refreshes(tokens)) << "the server was set back to before the rotation";
  EXPECT_TRUE(issuer_->verdict().at("as_expected"));
}

TEST_F(WorldStateTest, RestoringWhatWasNeverKeptIsNoDelivery) {
  script({{"do", {{"restore", "never"}}}});
  EXPECT_EQ(get("/jwks").response.status, 200);
  EXPECT_EQ(issuer_->script().states().at(0).delivered, 0U);
}

TEST_F(WorldStateTest, ARestartWithoutItsStateForgetsWhatWasIssued) {
  const auto tokens = login();
  script({{"do", {{"restart", {{"keep_state", false}, {"for", 3}}}}}});
  const auto lost = refresh(tokens);
  EXPECT_EQ(lost.delivery.fault, Fault::kReset);
  EXPECT_EQ(lost.delivery.refuse, 3s);
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  EXPECT_FALSE(active(tokens.at("access_token")));
}

TEST_F(WorldStateTest, ARestartWithItsStateLosesTheReplyOnly) {
  const auto tokens = login();
  script({{"do", {{"restart", {{"keep_state", true}}}}}});
  EXPECT_EQ(userinfo(tokens.at("access_token")).delivery.fault, Fault::kReset);
  EXPECT_TRUE(active(tokens.at("access_token")));
  EXPECT_TRUE(refreshes(tokens));
}

}  // namespace
}  // namespace mockserver::test
