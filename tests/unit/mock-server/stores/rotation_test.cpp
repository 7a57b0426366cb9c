// When keys come into the JWKS, sign and leave.

#include "../jwt_check.hpp"

namespace mockserver::test {
namespace {

class KeyRotationTest : public KeysTest {
 protected:
  std::string signing_kid() { return jwt_part(body_of(service_token()).at("access_token"), 0).at("kid"); }
  bool is_published(const std::string& kid) {
    const auto kids = published_kids();
    return std::ranges::find(kids, kid) != kids.end();
  }
  std::string state_of(const std::string& kid) {
    for (const auto& key : issuer_->keys()) {
      if (key.at("kid") == kid) {
        return key.at("state");
      }
    }
    return "(none)";
  }
};

TEST_F(KeyRotationTest, APrepublishedKeyIsInTheJwksBeforeItSigns) {
  const std::string old = signing_kid();
  const std::string next = issuer_->rotate_keys(true, "before");
  EXPECT_EQ(signing_kid(), old);
  EXPECT_TRUE(is_published(next));
  EXPECT_EQ(state_of(next), "next");
  EXPECT_EQ(issuer_->rotate_keys(true), next);
  EXPECT_EQ(signing_kid(), next);
  EXPECT_TRUE(is_published(old));
  EXPECT_EQ(state_of(old), "previous");
}

TEST_F(KeyRotationTest, ALateKeyIsInTheJwksFromItsSecondFetchOn) {
  const std::string late = issuer_->rotate_keys(true, "after");
  EXPECT_EQ(signing_kid(), late);
  EXPECT_FALSE(is_published(late));
  EXPECT_TRUE(is_published(late));
}

TEST_F(KeyRotationTest, AWithheldKeySignsAndIsNeverPublished) {
  const std::string withheld = issuer_->rotate_keys(true, "never");
  EXPECT_EQ(signing_kid(), withheld);
  EXPECT_FALSE(is_published(withheld));
  EXPECT_FALSE(is_published(withheld));
}

TEST_F(KeyRotationTest, WithoutOverlapThePreviousKeysRetireAtOnce) {
  const std::string old = signing_kid();
  issuer_->rotate_keys(false);
  EXPECT_FALSE(is_published(old));
  EXPECT_EQ(state_of(old), "retired");
}

TEST_F(KeyRotationTest, APreviousKeyRetiresWhenItIsTold) {
  const std::string old = signing_kid();
  issuer_->rotate_keys(true);
  EXPECT_TRUE(issuer_->retire_key(old));
  EXPECT_FALSE(is_published(old));
  EXPECT_EQ(issuer_->retire_key(old).error().code, oidc::Errc::kNotFound);
}

TEST_F(KeyRotationTest, TheKeyThatSignsDoesNotRetire) {
  EXPECT_EQ(issuer_->retire_key(signing_kid()).error().code, oidc::Errc::kInvalidArgument);
  EXPECT_TRUE(is_published(signing_kid()));
}

TEST_F(KeyRotationTest, TokensMayBeSignedWithTheNextKeyAndWithTheRetiredOne) {
  const std::string next = jwt_part(issuer_->mint_token({.sign = "next"}).value(), 0).at("kid");
  EXPECT_FALSE(is_published(next));
  const std::string old = signing_kid();
  EXPECT_EQ(issuer_->rotate_keys(false), next);
  EXPECT_EQ(jwt_part(issuer_->mint_token({.sign = "retired"}).value(), 0).at("kid"), old);
}

TEST_F(KeyRotationTest, ARetiredKeyIsThereAlsoBeforeTheFirstRotation) {
  const std::string kid = jwt_part(issuer_->mint_token({.sign = "retired"}).value(), 0).at("kid");
  EXPECT_FALSE(is_published(kid));
  EXPECT_NE(kid, jwt_part(issuer_->mint_token({.sign = "unpublished"}).value(), 0).at("kid"));
}

TEST_F(KeyRotationTest, KeysOfClientsAlgorithmsRotateAsWell) {
  start({{"clients", {{{"id", "app"}, {"redirect_uris", {kCallback}}, {"id_token_alg", "ES384"}}}}});
  const std::string before = jwt_part(login().at("id_token"), 0).at("kid");
  issuer_->rotate_keys(true);
  const std::string after = login().at("id_token");
  EXPECT_NE(jwt_part(after, 0).at("kid"), before);
  EXPECT_TRUE(verifies(after, key_of(after)));
}

TEST_F(KeyRotationTest, GeneratedKeysAreNotTheBuiltInOnes) {
  const std::string built_in = signing_kid();
  start({{"keys", {{"generate", true}}}});
  const std::string generated = signing_kid();
  EXPECT_NE(generated, built_in);
  start({{"keys", {{"generate", true}}}});
  EXPECT_NE(signing_kid(), generated);
}

TEST_F(KeyRotationTest, AllKeysAreToldWithTheirStates) {
  issuer_->rotate_keys(true);
  issuer_->rotate_keys(true, "before");
  std::vector<std::string> states;
  for (const auto& key : issuer_->keys()) {
    states.push_back(key.at("state"));
  }
  EXPECT_THAT(states, testing::ElementsAre("next", "active", "previous", "spare"));
}

}  // namespace
}  // namespace mockserver::test
