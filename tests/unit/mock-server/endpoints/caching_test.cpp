// What clients may keep of keys and metadata.

#include "../jwt_check.hpp"

namespace mockserver::test {
namespace {

using CachingTest = KeysTest;

TEST_F(CachingTest, NothingIsSaidUnlessConfigured) {
  for (const char* path : {"/jwks", "/.well-known/openid-configuration"}) {
    const auto reply = get(path);
    EXPECT_EQ(header_of(reply, "Cache-Control"), "(absent)");
    EXPECT_EQ(header_of(reply, "ETag"), "(absent)");
  }
}

TEST_F(CachingTest, JwksAndDiscoveryHaveTheConfiguredHeaderAndAnEntityTag) {
  start({{"keys", {{"jwks_cache_control", "max-age=600"}}}});
  for (const char* path : {"/jwks", "/.well-known/openid-configuration"}) {
    const auto reply = get(path);
    EXPECT_EQ(header_of(reply, "Cache-Control"), "max-age=600");
    const std::string etag = header_of(reply, "ETag");
    const auto same = get(path, {{"If-None-Match", "\"other\", W/" + etag}});
    EXPECT_EQ(same.response.status, 304);
    EXPECT_EQ(same.response.body, "");
    EXPECT_EQ(header_of(same, "ETag"), etag);
    EXPECT_EQ(get(path, {{"If-None-Match", "*"}}).response.status, 304);
    EXPECT_EQ(get(path, {{"If-None-Match", "\"other\""}}).response.status, 200);
  }
}

TEST_F(CachingTest, RotationChangesTheEntityTag) {
  start({{"keys", {{"jwks_cache_control", "max-age=600"}}}});
  const std::string before = header_of(get("/jwks"), "ETag");
  issuer_->rotate_keys(true);
  EXPECT_EQ(get("/jwks", {{"If-None-Match", before}}).response.status, 200);
  EXPECT_NE(header_of(get("/jwks"), "ETag"), before);
}

TEST_F(CachingTest, AScriptedDocumentHasAnEntityTagOfItsOwn) {
  start({{"keys", {{"jwks_cache_control", "max-age=600"}}}});
  const std::string right = header_of(get("/.well-known/openid-configuration"), "ETag");
  for (const oidc::Json& action :
       {oidc::Json{{"patch", {{"token_endpoint", "https://other.test"}}}}, oidc::Json{{"issuer_mismatch", true}},
        oidc::Json{{"omit", {"jwks_uri"}}}, oidc::Json{{"duplicate_field", {{"issuer", "https://other.test"}}}}}) {
    script({{"do", action}});
    const std::string wrong = header_of(get("/.well-known/openid-configuration"), "ETag");
    EXPECT_NE(wrong, right) << action;
    EXPECT_EQ(get("/.well-known/openid-configuration", {{"If-None-Match", wrong}}).response.status, 200)
        << "else a client would keep it for ever";
  }
}

TEST_F(CachingTest, TheTypeOfTheJwksIsSwitchable) {
  EXPECT_EQ(header_of(get("/jwks"), "Content-Type"), "application/json");
  start({{"keys", {{"jwks_content_type", "application/jwk-set+json"}}}});
  EXPECT_EQ(header_of(get("/jwks"), "Content-Type"), "application/jwk-set+json");
}

}  // namespace
}  // namespace mockserver::test
