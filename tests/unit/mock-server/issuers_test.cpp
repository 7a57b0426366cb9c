#include "mockserver/issuers.hpp"

#include <malloc.h>

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class IssuersTest : public testing::Test {
 protected:
  std::shared_ptr<Issuer> make(const std::string& name) {
    return issuers_.create(name, parse_issuer_config(oidc::Json::object()).value(), clock_).value();
  }
  oidc::Errc refused(const std::string& name) {
    return issuers_.create(name, parse_issuer_config(oidc::Json::object()).value(), clock_).error().code;
  }
  int status(const std::string& path) {
    return issuers_.handle({"GET", "https://issuer.test" + path, {}, ""}).response.status;
  }

  oidc::VirtualClock clock_{kStart};
  Issuers issuers_{"https://issuer.test"};
};

TEST_F(IssuersTest, NamesArePathSegmentsGivenOnce) {
  EXPECT_EQ(make("alpha")->base_url(), "https://issuer.test/alpha");
  EXPECT_EQ(make("")->base_url(), "https://issuer.test/issuer-1");
  for (const std::string name : {"alpha", "a/b", "a b", ".well-known", "..", "\xc3\xa9"}) {
    EXPECT_EQ(refused(name), oidc::Errc::kInvalidArgument) << name;
  }
  EXPECT_THAT(issuers_.names(), testing::ElementsAre("alpha", "issuer-1"));
}

TEST_F(IssuersTest, RoutesEachWellKnownForm) {
  make("alpha");
  for (const char* path :
       {"/alpha/jwks", "/alpha/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/alpha",
        "/.well-known/openid-configuration/alpha"}) {
    EXPECT_EQ(status(path), 200) << path;
  }
  for (const char* path : {"/", "/beta/jwks", "/alphabet/jwks", "/.well-known/openid-configuration"}) {
    EXPECT_EQ(status(path), 404) << path;
  }
}

TEST_F(IssuersTest, ARemovedIssuerFinishesForThoseWhoHoldIt) {
  const auto issuer = make("alpha");
  EXPECT_TRUE(issuers_.remove("alpha"));
  EXPECT_FALSE(issuers_.remove("alpha"));
  EXPECT_EQ(status("/alpha/jwks"), 404);
  EXPECT_EQ(issuer->handle({"GET", "https://issuer.test/alpha/jwks", {}, ""}).response.status, 200);
}

TEST_F(IssuersTest, AnIssuerMayOwnItsClock) {
  auto own = std::make_shared<oidc::VirtualClock>(kStart + 24h);
  const auto issuer = issuers_.create("own", parse_issuer_config(oidc::Json::object()).value(), own).value();
  own.reset();
  EXPECT_EQ(issuer->clock().now(), kStart + 24h);
}

TEST_F(IssuersTest, TokensOfOneIssuerMeanNothingToAnother) {
  const auto alpha = make("alpha");
  const auto beta = make("beta");
  const std::string token = alpha->mint_token({}).value();
  EXPECT_NE(beta->mint_token({}).value(), token);
  const auto reply = beta->handle({"GET", beta->base_url() + "/userinfo", {{"Authorization", "Bearer " + token}}, ""});
  EXPECT_EQ(reply.response.status, 401);
}

TEST_F(IssuersTest, OneOfThemMayLiveAtTheRoot) {
  const auto config = parse_issuer_config(oidc::Json::object()).value();
  const auto own = std::make_shared<oidc::VirtualClock>(kStart);
  const auto root = issuers_.create("main", config, own, Mount::kRoot).value();
  make("alpha");
  EXPECT_EQ(root->base_url(), "https://issuer.test");
  EXPECT_EQ(issuers_.name_of(*root), "main");
  EXPECT_EQ(issuers_.route("/.well-known/openid-configuration"), root);
  EXPECT_EQ(issuers_.route("/.well-known/oauth-authorization-server"), root);
  EXPECT_EQ(issuers_.route("/token"), root);
  EXPECT_NE(issuers_.route("/alpha/token"), root);
  EXPECT_FALSE(issuers_.create("other", config, own, Mount::kRoot));
  issuers_.remove("main");
  EXPECT_EQ(issuers_.route("/token"), nullptr);
  EXPECT_TRUE(issuers_.create("other", config, own, Mount::kRoot));
}

TEST_F(IssuersTest, WhatBelongsToNoIssuerIsToldToWhoeverHostsThem) {
  make("alpha");
  std::vector<oidc::HttpRequest> strays;
  issuers_.on_stray([&](const oidc::HttpRequest& request) {
    strays.push_back(request);
    return Reply{{418, {}, "mine"}, {}};
  });
  EXPECT_EQ(status("/alpha/jwks"), 200);
  const auto reply = issuers_.handle({"POST", "https://issuer.test/steal?x=1", {{"X-A", "b"}}, "code=1"});
  EXPECT_EQ(reply.response.status, 418);
  ASSERT_EQ(strays.size(), 1U);
  EXPECT_EQ(strays[0].method, "POST");
  EXPECT_EQ(strays[0].url, "https://issuer.test/steal?x=1");
  EXPECT_EQ(strays[0].headers.get("X-A"), "b");
  EXPECT_EQ(strays[0].body, "code=1");
}

TEST_F(IssuersTest, AnIssuersJournalMayHaveTheStrays) {
  const auto alpha = make("alpha");
  issuers_.on_stray([&](const auto& request) { return alpha->refuse_stray(request); });
  const std::string token = alpha->mint_token({}).value();
  EXPECT_EQ(issuers_
                .handle({"POST",
                         "https://issuer.test/steal?state=x",
                         {{"Content-Type", "application/x-www-form-urlencoded"}, {"Authorization", "Bearer " + token}},
                         "token=" + token})
                .response.status,
            404);
  const auto exchanges = alpha->journal().exchanges();
  ASSERT_EQ(exchanges.size(), 1U);
  EXPECT_EQ(exchanges[0].endpoint, "");
  EXPECT_EQ(exchanges[0].path, "https://issuer.test/steal?state=x");
  EXPECT_EQ(exchanges[0].form.get("token"), "at#1");
  EXPECT_EQ(exchanges[0].headers.get("Authorization"), "Bearer at#1");
  EXPECT_EQ(exchanges[0].status, 404);
  EXPECT_EQ(alpha->verdict().at("unmatched_requests").size(), 1U);
  EXPECT_FALSE(alpha->verdict().at("as_expected").get<bool>());
}

class AutoIssuersTest : public IssuersTest {
 protected:
  AutoIssuersTest() {
    issuers_.create_unknown({.config = parse_issuer_config({{"lifetimes", {{"access", 7}}}}).value(),
                             .clock = [] { return std::make_shared<oidc::VirtualClock>(kStart); },
                             .max = 3});
  }
};

TEST_F(AutoIssuersTest, AnUnusedSegmentMakesAnIssuer) {
  EXPECT_EQ(status("/alpha/.well-known/openid-configuration"), 200);
  EXPECT_EQ(status("/.well-known/oauth-authorization-server/beta"), 200);
  EXPECT_THAT(issuers_.names(), testing::ElementsAre("alpha", "beta"));
  EXPECT_EQ(issuers_.find("alpha")->config().lifetimes.access, 7s);
  EXPECT_EQ(issuers_.route("/alpha/token"), issuers_.find("alpha"));
}

TEST_F(AutoIssuersTest, WhatNoClientAsksForMakesNone) {
  for (const char* path : {"/", "/favicon.ico", "/alpha", "/.well-known/openid-configuration", "/..%2f/jwks"}) {
    EXPECT_EQ(status(path), 404) << path;
  }
  EXPECT_THAT(issuers_.names(), testing::IsEmpty());
}

TEST_F(AutoIssuersTest, ThereIsAnEndOfThem) {
  for (const char* path : {"/a/jwks", "/b/jwks", "/c/jwks"}) {
    EXPECT_EQ(status(path), 200);
  }
  EXPECT_EQ(status("/d/jwks"), 404);
  issuers_.remove("a");
  EXPECT_EQ(status("/d/jwks"), 200);
}

/// Bytes that are allocated; 0 where the allocator doesn't say (sanitizers have their own).
std::size_t allocated() {
  return mallinfo2().uordblks;
}

TEST_F(IssuersTest, AThousandIssuersComeAndGoAndLeaveNothingBehind) {
  const auto round = [&] {
    for (int i = 0; i < 1000; ++i) {
      const auto issuer = make("n" + std::to_string(i));
      EXPECT_TRUE(issuer->mint_session({.issued_at = kStart}));
      EXPECT_EQ(status("/n" + std::to_string(i) + "/jwks"), 200);
    }
    const std::size_t full = allocated();
    for (int i = 0; i < 1000; ++i) {
      EXPECT_TRUE(issuers_.remove("n" + std::to_string(i)));
    }
    return full;
  };
  const std::size_t full = round();
  const std::size_t before = allocated();
  round();
  EXPECT_LE(allocated(), before + (256U << 10U));
  EXPECT_LE(full - before, 1000U * (256U << 10U));  // of an issuer with a login
}

}  // namespace
}  // namespace mockserver::test
