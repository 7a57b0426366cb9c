#include <memory>
#include <ostream>

#include "client_world.hpp"
#include "http/reply.hpp"
#include "judges.hpp"
#include "token_maker.hpp"

/// The documented exceptions as codes: one base (`oidc::Failure`), kinds below kinds.
namespace authcore {
namespace {

using oidc::Errc;
using oidc::is_kind_of;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::judges;
using oidc::test::SigningKey;
using testing::HasSubstr;

std::vector<Errc> all_codes() {
  std::vector<Errc> codes;
  for (int i = 0; i <= static_cast<int>(Errc::kIntrospectionRejected); ++i) {
    codes.push_back(static_cast<Errc>(i));
  }
  return codes;
}

TEST(FailureKinds, OfRefusedTokensAreOneFamilyAndNothingElseBelongsToIt) {
  judges({"EXC-003"});
  for (const Errc code : all_codes()) {
    EXPECT_EQ(is_kind_of(code, Errc::kInvalidToken), code >= Errc::kInvalidToken) << oidc::to_string(code);
  }
  for (const Errc other : {Errc::kInvalidArgument, Errc::kConfig, Errc::kNetwork, Errc::kMalformedResponse}) {
    EXPECT_FALSE(is_kind_of(other, Errc::kInvalidToken)) << oidc::to_string(other);
  }
}

TEST(FailureKinds, FormTheDocumentedTree) {
  judges({"EXC-002"});
  const std::vector<std::pair<Errc, Errc>> tree{{Errc::kNotFound, Errc::kStorage},
                                                {Errc::kCorruptStorage, Errc::kStorage},
                                                {Errc::kRateLimited, Errc::kServer},
                                                {Errc::kServerError, Errc::kServer},
                                                {Errc::kMalformedResponse, Errc::kServer},
                                                {Errc::kOAuthError, Errc::kServer},
                                                {Errc::kTimeout, Errc::kNetwork},
                                                {Errc::kConnectFailed, Errc::kNetwork},
                                                {Errc::kTokenExpired, Errc::kInvalidToken},
                                                {Errc::kAlgorithmNotAllowed, Errc::kInvalidToken},
                                                {Errc::kUnknownKey, Errc::kInvalidToken},
                                                {Errc::kScopeNotGranted, Errc::kInvalidToken},
                                                {Errc::kBadIssuer, Errc::kInvalidToken},
                                                {Errc::kIntrospectionRejected, Errc::kInvalidToken},
                                                {Errc::kInvalidGrant, Errc::kReauthRequired}};
  for (const auto& [code, parent] : tree) {
    EXPECT_TRUE(is_kind_of(code, parent)) << oidc::to_string(code);
    EXPECT_FALSE(is_kind_of(parent, code)) << oidc::to_string(code);
  }
}

TEST(FailureKinds, HaveOneBaseThatTellsEverything) {
  judges({"EXC-001", "EXC-005", "D-17"});
  for (const Errc code : all_codes()) {
    oidc::Error error{code, "why"};
    error.cause = std::make_shared<const oidc::Error>(oidc::Error{Errc::kNetwork, "because"});
    try {
      static_cast<void>(oidc::Result<int>{error}.value());
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::exception& thrown) {
      const auto* failure = dynamic_cast<const oidc::Failure*>(&thrown);
      ASSERT_NE(failure, nullptr) << oidc::to_string(code);
      EXPECT_EQ(failure->error().code, code);
      EXPECT_STREQ(failure->what(), "why");
      EXPECT_EQ(failure->error().cause->message, "because");
    }
  }
}

struct OddReply {
  const char* name;
  oidc::Result<oidc::HttpResponse> metadata;
  oidc::Result<oidc::HttpResponse> keys;
};
void PrintTo(const OddReply& c, std::ostream* out) {
  *out << c.name;
}
oidc::HttpResponse json(const std::string& body) {
  return {200, {{"Content-Type", "application/json"}}, body};
}
oidc::HttpResponse good_metadata() {
  return oidc::test::json_reply(200, test::metadata());
}

/// What escaped as a foreign exception from the Python library (W-13).
class OddServer : public test::ClientWorld, public testing::WithParamInterface<OddReply> {};

TEST_P(OddServer, IsAFailureWithATextAndNotABlemishOfTheToken) {
  judges({"EXC-001", "EXC-003"});
  http_.answer(GetParam().metadata);
  if (GetParam().metadata && GetParam().metadata->body == good_metadata().body) {
    http_.answer(GetParam().keys);
  }
  const auto under_test = client({{"client_type", "oidc_device_code"},
                                  {"auth_server", test::kServer},
                                  {"client_id", "id"},
                                  {"audiences", {"api"}}});
  const std::string token =
      oidc::test::make_token(SigningKey::rsa(), "RS256", {{"alg", "RS256"}, {"kid", "k"}}, {{"iss", test::kServer}});
  oidc::Result<Json> result = Json();
  ASSERT_NO_THROW(result = under_test->validate_access_token_local(token, {}));
  ASSERT_FALSE(result);
  EXPECT_FALSE(result.error().message.empty());
  EXPECT_FALSE(is_kind_of(result.error().code, Errc::kInvalidToken)) << oidc::to_string(result.error().code);
  EXPECT_THROW(static_cast<void>(result.value()), oidc::Failure);
}

INSTANTIATE_TEST_SUITE_P(
    W13, OddServer,
    testing::Values(OddReply{"reset", oidc::test::lost_reply(), json("")},
                    OddReply{"no_json", json("<html>"), json("")}, OddReply{"json_list", json("[]"), json("")},
                    OddReply{"empty_object", json("{}"), json("")},
                    OddReply{"no_issuer", json(R"({"jwks_uri":"https://as.test/jwks"})"), json("")},
                    OddReply{"server_error", oidc::HttpResponse{500, {}, ""}, json("")},
                    OddReply{"keys_reset", good_metadata(), oidc::test::lost_reply()},
                    OddReply{"keys_no_json", good_metadata(), json("x")},
                    OddReply{"keys_a_number", good_metadata(), json(R"({"keys":7})")},
                    OddReply{"keys_none", good_metadata(), json(R"({"keys":[]})")}),
    [](const auto& tested) { return tested.param.name; });

class LostTexts : public test::ClientWorld {
 protected:
  std::unique_ptr<AuthClient> device_client() {
    return client({{"client_type", "oidc_device_code"}, {"auth_server", test::kServer}, {"client_id", "id"}});
  }
};

TEST_F(LostTexts, AreThereForAnEmptyJsonReply) {
  judges({"EXC-007", "W-27"});
  EXPECT_THAT(read_json({.response = json("{}"), .endpoint = "token endpoint", .received = test::kStart}),
              FailsWith(Errc::kMalformedResponse, HasSubstr("token endpoint")));
}

TEST_F(LostTexts, AreThereForAKeyWithoutPrefix) {
  judges({"EXC-007", "W-27"});
  const auto credential = Credential::from_json(CredentialKind::kApiKey, Json{{"api_key", "secret-key"}}, test::kStart);
  ASSERT_FALSE(credential);
  EXPECT_THAT(credential.error().message,
              testing::AllOf(HasSubstr("bearer_token_prefix"), testing::Not(HasSubstr("secret-key"))));
}

TEST_F(LostTexts, AreThereForBadMetadata) {
  judges({"EXC-007", "W-27"});
  http_.answer(json(R"({"error":"broken","error_description":"no metadata today"})"));
  EXPECT_THAT(device_client()->device_login_initiate({}), FailsWith(Errc::kOAuthError, HasSubstr("no metadata today")));
}

TEST_F(LostTexts, AreThereForABadDeviceAuthorization) {
  judges({"EXC-007", "W-27"});
  answer_metadata();
  http_.answer(json(R"({"device_code":"secret-device-code"})"));
  const auto result = device_client()->device_login_initiate({});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message,
              testing::AllOf(HasSubstr("user_code"), testing::Not(HasSubstr("secret-device-code"))));
}

}  // namespace
}  // namespace authcore
