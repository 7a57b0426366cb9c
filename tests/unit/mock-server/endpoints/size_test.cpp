// How much a request may say, and what is told to one that says more.

#include "../browser_fixture.hpp"
#include "limits.hpp"

namespace mockserver::test {
namespace {

class SizeTest : public IssuerTest {
 protected:
  static oidc::Form with_nonce(std::size_t size) {
    auto form = authorization();
    form.set("nonce", std::string(size, 'n'));
    return form;
  }
};

TEST_F(SizeTest, AnAuthorizationRequestIsKeptAndTakesNoMoreThanAUrl) {
  EXPECT_EQ(authorize(with_nonce(7000)).response.status, 302);
  for (const auto& refused : {authorize(with_nonce(kLongestRequest)), post("/authorize", with_nonce(1'900'000))}) {
    EXPECT_EQ(refused.response.status, 413);
    EXPECT_FALSE(refused.response.headers.contains("Location"));
    EXPECT_THAT(refused.response.body, testing::HasSubstr("invalid_request"));
  }
}

TEST_F(SizeTest, APushedOneMayTakeMoreAndADeviceAuthorizationMayNot) {
  EXPECT_EQ(post("/par", with_nonce(kLongestRequest)).response.status, 201);
  const auto pushed = post("/par", with_nonce(kLongestPushed));
  EXPECT_EQ(pushed.response.status, 413) << "RFC 9126 section 2.3";
  EXPECT_EQ(error_of(pushed), "invalid_request");
  const auto device = post("/device_authorization", {{"client_id", "app"}, {"x", std::string(kLongestRequest, 'x')}});
  EXPECT_EQ(device.response.status, 413);
  EXPECT_EQ(error_of(device), "invalid_request");
}

TEST_F(SizeTest, TokensMayBeLongButNotWithoutEnd) {
  EXPECT_EQ(service_token({{"x", std::string(60'000, 'x')}}).response.status, 200);
  const auto refused = service_token({{"x", std::string(kLongestForm, 'x')}});
  EXPECT_EQ(refused.response.status, 413);
  EXPECT_EQ(error_of(refused), "invalid_request");
  EXPECT_EQ(issuer_->journal().exchanges().back().form.value_or_empty("grant_type"), "client_credentials")
      << "what was refused is in the journal";
}

TEST_F(SizeTest, AsLongIsTheTokenToIntrospectOrRevoke) {
  for (const char* path : {"/introspect", "/revoke"}) {
    const auto refused =
        post(path, {{"token", std::string(kLongestForm, 'x')}}, {{"Authorization", basic("service", kSecret)}});
    EXPECT_EQ(refused.response.status, 413) << path;
    EXPECT_EQ(error_of(refused), "invalid_request") << path;
  }
}

TEST_F(SizeTest, RegistrationsHaveASizeAndANumber) {
  start({{"registration", true}});
  const auto enrol = [&](std::size_t size) {
    const oidc::Json metadata = {{"redirect_uris", {"https://app.test/cb"}}, {"client_name", std::string(size, 'n')}};
    return send("POST", "/register", {{"Content-Type", "application/json"}}, oidc::to_text(metadata));
  };
  const auto large = enrol(kLongestRegistration);
  EXPECT_EQ(large.response.status, 413);
  EXPECT_EQ(error_of(large), "invalid_client_metadata");
  const auto first = body_of(enrol(1));
  for (std::size_t i = 1; i < kMostRegistrations; ++i) {
    ASSERT_EQ(enrol(1).response.status, 201);
  }
  const auto beyond = enrol(1);
  EXPECT_EQ(beyond.response.status, 503);
  EXPECT_EQ(error_of(beyond), "temporarily_unavailable");
  const oidc::Headers token{{"Authorization", "Bearer " + first.at("registration_access_token").get<std::string>()}};
  ASSERT_EQ(issuer_->handle({"DELETE", first.at("registration_client_uri"), token, ""}).response.status, 204);
  EXPECT_EQ(enrol(1).response.status, 201);
  EXPECT_EQ(issuer_->ledger().name_of(first.at("client_secret").get<std::string>()), std::nullopt);
}

class PageSizeTest : public BrowserTest {};

TEST_F(PageSizeTest, WhatAPageKeepsIsNoLonger) {
  EXPECT_EQ(start_login({{"nonce", std::string(kLongestRequest, 'n')}}).response.status, 413);
  EXPECT_EQ(submit("/logout", {{"state", std::string(kLongestRequest, 's')}}).response.status, 413);
  cookie_ = "assay_session=" + std::string(60'000, 'c');
  EXPECT_EQ(start_login().response.status, 200);
  EXPECT_LT(cookie_.size(), 100U) << "a cookie that cannot be ours is none";
}

}  // namespace
}  // namespace mockserver::test
