#include "exchange_facts.hpp"

#include <gmock/gmock.h>

#include "rules_world.hpp"

namespace scenarios {
namespace {

using mockserver::Exchange;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Parameters, WithoutAValueAreLeftOut) {
  const Exchange sent = made::exchange("token", "", {{"a", ""}, {"b", "1"}, {"b", ""}, {"b", "2"}});
  EXPECT_THAT(values_of(sent.form, "a"), IsEmpty());
  EXPECT_THAT(values_of(sent.form, "b"), ElementsAre("1", "2"));
  EXPECT_EQ(parameter(sent, "a"), std::nullopt);
  EXPECT_EQ(parameter(sent, "b"), "1");
  EXPECT_EQ(parameter(sent, "c"), std::nullopt);
}

Exchange with_authorization(const char* value, oidc::Form form = {}) {
  Exchange sent = made::exchange("token", "", std::move(form));
  sent.headers.add("Authorization", value);
  return sent;
}

TEST(Authentications, AreCountedByWhatIsPutForward) {
  EXPECT_EQ(authentications(made::exchange("token", "", {{"client_id", "app"}})), 0U);
  EXPECT_EQ(authentications(made::exchange("token", "", {{"client_secret", ""}})), 0U);
  EXPECT_EQ(authentications(with_authorization("Bearer at#1")), 0U);
  EXPECT_EQ(authentications(with_authorization("Basic app:secret#1", {{"client_id", "app"}})), 1U);
  EXPECT_EQ(authentications(with_authorization("Basic app:", {{"client_secret", "secret#1"}})), 2U);
  EXPECT_EQ(authentications(made::exchange("token", "", {{"client_assertion", "x"}, {"client_secret", "y"}})), 2U);
}

Exchange refused(const char* error, int status = 401) {
  Exchange made = made::exchange("token", "refresh_token", {}, status);
  made.reply_body = std::string{R"({"error":")"} + error + "\"}";
  return made;
}

TEST(AttemptToAuthenticate, IsWhatTheIssuerItselfRefusedForNotKnowingWhoAsks) {
  EXPECT_TRUE(is_attempt_to_authenticate(refused("invalid_client")));
  EXPECT_TRUE(is_attempt_to_authenticate(refused("invalid_client", 400)));
  EXPECT_FALSE(is_attempt_to_authenticate(refused("invalid_grant", 400)));
  EXPECT_FALSE(is_attempt_to_authenticate(refused("invalid_client", 200)));
  EXPECT_FALSE(is_attempt_to_authenticate(made::exchange("token", "", {}, 401)));
  Exchange scripted = refused("invalid_client");
  scripted.steps = {"refused"};
  EXPECT_FALSE(is_attempt_to_authenticate(scripted)) << "the scenario refused it, whoever asked";
}

}  // namespace
}  // namespace scenarios
