#include "client_auth/client_authentication.hpp"

#include "fake_transport.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using testing::HasSubstr;

struct Proof {
  oidc::Form form{{"client_id", "from-extra"}, {"client_secret", "from-extra"}, {"grant_type", "x"}};
  oidc::Headers headers;
};

Proof prove(ClientAuthMethod method, const std::string& id, const std::string& secret) {
  Proof proof;
  oidc::VirtualClock clock{oidc::TimePoint{}};
  oidc::SeededRandom random{1};
  oidc::test::FakeTransport http;
  const auto authentication = make_client_authentication(method, {id, secret}, {clock, random, http});
  EXPECT_THAT(authentication->apply("https://as.test/token", proof.form, proof.headers), IsOk());
  return proof;
}

TEST(ClientAuthentication, NamesAPublicClientInTheBody) {
  judges({"CAUTH-001"});
  const Proof proof = prove(ClientAuthMethod::kNone, "id", "");
  EXPECT_EQ(proof.form.get("client_id"), "id");
  EXPECT_FALSE(proof.headers.contains("Authorization"));
}

TEST(ClientAuthentication, FormEncodesBothHalvesOfBasic) {
  judges({"CAUTH-004", "W-41"});
  const Proof proof = prove(ClientAuthMethod::kSecretBasic, "a:b", "s /%+\xc3\xa9");
  const std::string header = proof.headers.get("Authorization").value();
  ASSERT_EQ(header.substr(0, 6), "Basic ");
  EXPECT_EQ(oidc::base64_decode(header.substr(6)).value(), "a%3Ab:s+%2F%25%2B%C3%A9");
}

TEST(ClientAuthentication, LeavesNoSecondMethodInTheBodyBesideBasic) {
  judges({"CAUTH-002", "TOK-008"});
  const Proof proof = prove(ClientAuthMethod::kSecretBasic, "id", "secret");
  EXPECT_EQ(proof.form, (oidc::Form{{"grant_type", "x"}}));
}

TEST(ClientAuthentication, PostsIdAndSecretOverWhatTheCallerAdded) {
  judges({"CAUTH-003", "TOK-008", "D-12"});
  const Proof proof = prove(ClientAuthMethod::kSecretPost, "id", "secret");
  EXPECT_EQ(proof.form.count("client_id"), 1U);
  EXPECT_EQ(proof.form.get("client_id"), "id");
  EXPECT_EQ(proof.form.get("client_secret"), "secret");
  EXPECT_FALSE(proof.headers.contains("Authorization"));
}

TEST(ClientAuthMethodName, IsReadOrCorrected) {
  judges({"A-19"});
  EXPECT_EQ(parse_client_auth_method("none").value(), ClientAuthMethod::kNone);
  EXPECT_EQ(parse_client_auth_method("client_secret_basic").value(), ClientAuthMethod::kSecretBasic);
  EXPECT_EQ(parse_client_auth_method("client_secret_post").value(), ClientAuthMethod::kSecretPost);
  EXPECT_EQ(parse_client_auth_method("private_key_jwt").value(), ClientAuthMethod::kPrivateKeyJwt);
  EXPECT_THAT(parse_client_auth_method("client_secret_pots"),
              FailsWith(Errc::kConfig, HasSubstr("did you mean \"client_secret_post\"")));
}

}  // namespace
}  // namespace authcore
