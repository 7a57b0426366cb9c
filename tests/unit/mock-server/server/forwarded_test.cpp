#include <gtest/gtest.h>

#include "mockserver/serving.hpp"
#include "oidc/json.hpp"

namespace mockserver {
namespace {

struct ForwardedCase {
  const char* name;
  oidc::Headers headers;
  const char* origin;  ///< "" if there is none to trust
};

class ForwardedTest : public testing::TestWithParam<ForwardedCase> {};

TEST_P(ForwardedTest, TheOriginIsWhatTheOutermostProxySaw) {
  EXPECT_EQ(forwarded_origin(GetParam().headers, "http").value_or(""), GetParam().origin);
}

const ForwardedCase kCases[] = {
    {"host_alone", {{"Host", "oidc:8080"}}, "http://oidc:8080"},
    {"rfc7239",
     {{"Host", "inner"}, {"Forwarded", "for=10.0.0.1;proto=https;host=login.example"}},
     "https://login.example"},
    {"rfc7239_ipv6",
     {{"Forwarded", R"(for="[2001:db8::17]:4711";host="[2001:db8::1]:8443";Proto=HTTPS)"}},
     "https://[2001:db8::1]:8443"},
    {"rfc7239_first_element",
     {{"Forwarded", "host=outer.example;proto=https, host=inner.example;proto=http"}},
     "https://outer.example"},
    {"rfc7239_without_host", {{"Host", "seen.example"}, {"Forwarded", "proto=https"}}, "https://seen.example"},
    {"x_forwarded",
     {{"Host", "inner"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "login.example"}},
     "https://login.example"},
    {"x_forwarded_port",
     {{"X-Forwarded-Host", "login.example"}, {"X-Forwarded-Port", "8443"}},
     "http://login.example:8443"},
    {"x_forwarded_port_wins",
     {{"X-Forwarded-Host", "login.example:1"}, {"X-Forwarded-Port", "2"}},
     "http://login.example:2"},
    {"x_forwarded_ipv6", {{"X-Forwarded-Host", "[::1]"}, {"X-Forwarded-Port", "8443"}}, "http://[::1]:8443"},
    {"x_forwarded_list",
     {{"X-Forwarded-Host", "outer.example, inner"}, {"X-Forwarded-Proto", "https, http"}},
     "https://outer.example"},
    {"standard_port_is_left_out",
     {{"Host", "login.example:443"}, {"X-Forwarded-Proto", "https"}},
     "https://login.example"},
    {"nothing", {}, ""},
    {"a_path_is_no_host", {{"Host", "evil.example/path"}}, ""},
    {"user_information_is_no_host", {{"Host", "user@evil.example"}}, ""},
    {"another_scheme", {{"Host", "x"}, {"X-Forwarded-Proto", "javascript"}}, ""},
    {"a_port_out_of_range", {{"Host", "x"}, {"X-Forwarded-Port", "70000"}}, ""},
};
INSTANTIATE_TEST_SUITE_P(Rfc7239, ForwardedTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string{test.param.name}; });

class PublicUrlTest : public testing::Test {
 protected:
  std::string issuer_seen(const Handler& handler, const oidc::Headers& headers) {
    const auto reply = handler({.method = "GET",
                                .url = "http://127.0.0.1:4000/alpha/.well-known/openid-configuration",
                                .headers = headers,
                                .body = ""});
    return oidc::parse_json(reply.reply.response.body)->value("issuer", "");
  }
  std::shared_ptr<oidc::Clock> clock_ = std::make_shared<oidc::VirtualClock>(oidc::TimePoint{});
  IssuerConfig config_ = parse_issuer_config(oidc::Json::object()).value();
};

TEST_F(PublicUrlTest, NobodyIsTrustedUnlessItWasSaid) {
  Issuers issuers{"http://127.0.0.1:4000"};
  ASSERT_TRUE(issuers.create("alpha", config_, clock_));
  EXPECT_EQ(issuer_seen(issuer_handler(issuers), {{"Host", "x"}, {"X-Forwarded-Host", "evil.example"}}),
            "http://127.0.0.1:4000/alpha");
}

TEST_F(PublicUrlTest, AnExternalUrlIsTheIssuersWhereverTheServerListens) {
  Issuers issuers{"https://login.example"};
  ASSERT_TRUE(issuers.create("alpha", config_, clock_));
  EXPECT_EQ(issuer_seen(issuer_handler(issuers), {{"Host", "x"}}), "https://login.example/alpha");
}

TEST_F(PublicUrlTest, TrustedFieldsMoveTheIssuerFromRequestToRequest) {
  Issuers issuers{"http://127.0.0.1:4000"};
  issuers.follow_requests();
  const auto issuer = issuers.create("alpha", config_, clock_).value();
  const Handler handler = issuer_handler(issuers, {.trust_forwarded = true});
  const oidc::Headers outside = {{"Host", "x"}, {"Forwarded", "host=login.example;proto=https"}};
  EXPECT_EQ(issuer_seen(handler, outside), "https://login.example/alpha");
  EXPECT_EQ(issuer_seen(handler, {{"Host", "oidc:8080"}}), "http://oidc:8080/alpha");
  EXPECT_EQ(issuer_seen(handler, outside), "https://login.example/alpha");
  EXPECT_EQ(issuer->base_url(), "https://login.example/alpha");
}

}  // namespace
}  // namespace mockserver
