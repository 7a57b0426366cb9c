#include "flows/authorization_response.hpp"

#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::judges;
using testing::HasSubstr;
using testing::Not;

const ExpectedResponse kExpected{.state = "state-1", .issuer = "https://as.test"};
const ExpectedResponse kExpectedWithIssuer{.state = "state-1", .issuer = "https://as.test", .requires_issuer = true};

TEST(AuthorizationResponse, GivesTheCode) {
  EXPECT_EQ(read_authorization_response({{"state", "state-1"}, {"code", "c"}}, kExpected).value(), "c");
}

TEST(AuthorizationResponse, NeedsTheRightStateBeforeAnythingElseIsBelieved) {
  judges({"AUTHZ-013", "AUTHZ-014", "W-36"});
  for (const oidc::Form& form : {oidc::Form{{"code", "c"}}, oidc::Form{{"state", "state-2"}, {"code", "c"}},
                                 oidc::Form{{"state", "state-2"}, {"error", "access_denied"}},
                                 oidc::Form{{"state", "state-1"}, {"state", "state-1"}, {"code", "c"}}}) {
    EXPECT_THAT(read_authorization_response(form, kExpected),
                FailsWith(Errc::kStateMismatch, Not(HasSubstr("state-1"))));
  }
}

TEST(AuthorizationResponse, RefusesRepeatedParameters) {
  EXPECT_THAT(read_authorization_response({{"state", "state-1"}, {"code", "a"}, {"code", "b"}}, kExpected),
              FailsWith(Errc::kAuthorizationResponse));
}

TEST(AuthorizationResponse, ComparesAnIssuerThatIsPresent) {
  EXPECT_EQ(
      read_authorization_response({{"state", "state-1"}, {"code", "c"}, {"iss", "https://as.test"}}, kExpected).value(),
      "c");
  for (const char* issuer : {"https://as.test/", "https://evil.test", ""}) {
    EXPECT_THAT(read_authorization_response({{"state", "state-1"}, {"code", "c"}, {"iss", issuer}}, kExpected),
                FailsWith(Errc::kResponseIssuerMismatch))
        << issuer;
  }
}

TEST(AuthorizationResponse, NeedsAnIssuerIfTheMetadataPromisesOne) {
  EXPECT_THAT(read_authorization_response({{"state", "state-1"}, {"code", "c"}}, kExpectedWithIssuer),
              FailsWith(Errc::kResponseIssuerMismatch));
}

TEST(AuthorizationResponse, BelievesNoErrorOfAnotherIssuer) {
  EXPECT_THAT(read_authorization_response(
                  {{"state", "state-1"}, {"error", "access_denied"}, {"iss", "https://evil.test"}}, kExpected),
              FailsWith(Errc::kResponseIssuerMismatch));
}

TEST(AuthorizationResponse, ReportsTheServersError) {
  judges({"AUTHZ-013"});
  EXPECT_THAT(read_authorization_response({{"state", "state-1"}, {"error", "access_denied"}, {"code", "c"}}, kExpected),
              FailsWith(Errc::kAccessDenied));
  const auto result = read_authorization_response(
      {{"state", "state-1"}, {"error", "server_error"}, {"error_description", "oh \x1b no: state-1"}}, kExpected);
  EXPECT_THAT(result, FailsWith(Errc::kOAuthError, Not(HasSubstr("state-1"))));
  EXPECT_EQ(result.error().oauth_error, "server_error");
}

TEST(AuthorizationResponse, NeedsACode) {
  judges({"AUTHZ-014"});
  EXPECT_THAT(read_authorization_response({{"state", "state-1"}}, kExpected), FailsWith(Errc::kAuthorizationResponse));
  EXPECT_THAT(read_authorization_response({{"state", "state-1"}, {"code", ""}}, kExpected),
              FailsWith(Errc::kAuthorizationResponse));
}

}  // namespace
}  // namespace authcore
