#include "mockserver/testing.hpp"

#include <gtest/gtest-spi.h>

#include "oidc/form.hpp"

namespace mockserver {
namespace {

/// The same claims of both fixtures.
template <typename Fixture>
class FixtureTest : public Fixture {
 protected:
  oidc::Json config() const override { return {{"lifetimes", {{"access", 60}}}}; }

  oidc::HttpResponse log_in() {
    const oidc::Form form{
        {"grant_type", "client_credentials"}, {"client_id", "service-post"}, {"client_secret", "s3cr3t:/%\xc3\xa9+"}};
    return this->transport()
        .send({.method = "POST",
               .url = this->url() + "/token",
               .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
               .body = form.encode()})
        .value();
  }
};

using Fixtures = ::testing::Types<IssuerTest, ServedIssuerTest>;
TYPED_TEST_SUITE(FixtureTest, Fixtures);

TYPED_TEST(FixtureTest, AnswersAsConfigured) {
  const auto reply = this->log_in();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(oidc::parse_json(reply.body).value().at("expires_in"), 60);
}

TYPED_TEST(FixtureTest, MisbehavesOnce) {
  this->misbehave({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  EXPECT_EQ(this->log_in().status, 503);
  EXPECT_EQ(this->log_in().status, 200);
  EXPECT_EQ(this->requests("token").size(), 2U);
  EXPECT_TRUE(this->requests("jwks").empty());
}

TYPED_TEST(FixtureTest, ADelayTakesNoRealTime) {
  const auto before = this->clock().now();
  this->misbehave({{"do", {{"delay", 86'400}}}});
  EXPECT_EQ(this->log_in().status, 200);
  EXPECT_EQ(this->clock().now() - before, std::chrono::hours{24});
}

TYPED_TEST(FixtureTest, AStepThatNobodyUsedFailsTheTest) {
  this->misbehave({{"id", "unused"}, {"do", {{"status", 503}}}});
  EXPECT_NONFATAL_FAILURE(TypeParam::TearDown(), "unused");
  this->issuer().script().clear();
}

TYPED_TEST(FixtureTest, AStepThatIsNoneIsToldAtOnce) {
  EXPECT_THROW(this->misbehave({{"do", {{"explode", true}}}}), oidc::Failure);
}

}  // namespace
}  // namespace mockserver
