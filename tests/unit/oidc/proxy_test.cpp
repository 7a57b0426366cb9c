#include "oidc/proxy.hpp"

#include <map>
#include <ostream>

#include "oidc/base64url.hpp"
#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Result<std::optional<Proxy>> find(const Proxies& proxies, const std::string& url) {
  return proxy_for(proxies, parse_url(url).value());
}
bool is_proxied(const std::string& exception, const std::string& url) {
  return find({.http = "http://p", .https = "http://p", .exceptions = {exception}}, url)->has_value();
}

TEST(ProxyFor, ChoosesByScheme) {
  const Proxies proxies{.http = "http://a:1", .https = "b:2", .exceptions = {}};
  EXPECT_EQ(find(proxies, "http://as.test/")->value().url.origin(), "http://a:1");
  EXPECT_EQ(find(proxies, "https://as.test/")->value().url.origin(), "http://b:2");
  EXPECT_FALSE(find({}, "https://as.test/")->has_value());
}

TEST(ProxyFor, NeverProxiesLoopback) {
  for (const char* url : {"http://localhost/", "http://127.0.0.1:8080/", "http://127.1.2.3/", "https://[::1]/"}) {
    EXPECT_FALSE(is_proxied("other.test", url)) << url;
  }
}

struct ExceptionCase {
  const char* name;
  const char* exception;
  const char* url;
  bool is_direct;
};
void PrintTo(const ExceptionCase& c, std::ostream* out) {
  *out << c.name;
}
class ProxyException : public testing::TestWithParam<ExceptionCase> {};

TEST_P(ProxyException, IsReachedDirectlyIfItNamesTheHost) {
  EXPECT_EQ(!is_proxied(GetParam().exception, GetParam().url), GetParam().is_direct);
}

INSTANTIATE_TEST_SUITE_P(
    All, ProxyException,
    testing::Values(ExceptionCase{"everything", "*", "https://as.test/", true},
                    ExceptionCase{"the_host", "as.test", "https://as.test/", true},
                    ExceptionCase{"the_host_in_capitals", "AS.Test", "https://as.test/", true},
                    ExceptionCase{"a_name_below", "test", "https://as.test/", true},
                    ExceptionCase{"a_name_below_a_dot", ".test", "https://as.test/", true},
                    ExceptionCase{"a_name_that_only_ends_alike", "s.test", "https://as.test/", false},
                    ExceptionCase{"a_name_above", "x.as.test", "https://as.test/", false},
                    ExceptionCase{"its_port", "as.test:443", "https://as.test/", true},
                    ExceptionCase{"another_port", "as.test:444", "https://as.test/", false},
                    ExceptionCase{"nothing", "", "https://as.test/", false},
                    ExceptionCase{"a_dot", ".", "https://as.test/", false},
                    ExceptionCase{"the_address", "10.1.2.3", "http://10.1.2.3/", true},
                    ExceptionCase{"the_end_of_an_address", "2.3", "http://10.1.2.3/", false},
                    ExceptionCase{"its_block", "10.0.0.0/8", "http://10.1.2.3/", true},
                    ExceptionCase{"another_block", "10.0.0.0/16", "http://10.1.2.3/", false},
                    ExceptionCase{"a_block_within_a_byte", "10.1.0.0/13", "http://10.7.2.3/", true},
                    ExceptionCase{"beyond_a_block_within_a_byte", "10.1.0.0/13", "http://10.8.2.3/", false},
                    ExceptionCase{"a_block_and_a_name", "10.0.0.0/8", "http://as.test/", false},
                    ExceptionCase{"a_broken_block", "10.0.0.0/x", "http://10.1.2.3/", false},
                    ExceptionCase{"the_v6_address", "fd00::1", "http://[fd00::1]/", true},
                    ExceptionCase{"the_v6_address_and_port", "[fd00::1]:80", "http://[fd00::1]/", true},
                    ExceptionCase{"its_v6_block", "fd00::/8", "http://[fd12::1]/", true},
                    ExceptionCase{"another_v6_block", "fe00::/8", "http://[fd12::1]/", false}),
    [](const auto& tested) { return tested.param.name; });

TEST(ProxyFor, TakesUserAndPasswordFromTheUrl) {
  const auto authorization = [](const std::string& proxy) {
    return find({.http = proxy, .https = {}, .exceptions = {}}, "http://as.test/")->value().authorization;
  };
  EXPECT_EQ(authorization("http://p:1"), "");
  EXPECT_EQ(authorization("http://us%65r:p%40ss+word@p:1"), "Basic " + base64_encode("user:p@ss+word"));
  EXPECT_EQ(authorization("user@p:1"), "Basic " + base64_encode("user:"));
}

TEST(ProxyFor, RefusesWhatItCannotUseWithoutQuotingIt) {
  for (const char* proxy : {"socks5://secret@p:1", "https://secret@p", "http://secret@", "secret:x@p:nine", "%zz@p"}) {
    EXPECT_THAT(find({.http = proxy, .https = {}, .exceptions = {}}, "http://as.test/"),
                FailsWith(Errc::kInvalidArgument, Not(HasSubstr("secret"))))
        << proxy;
  }
}

Proxies from(const std::map<std::string, std::string>& variables) {
  return proxies_from([&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  });
}

TEST(ProxiesFromVariables, PrefersLowerCaseAndTheScheme) {
  const Proxies proxies = from({{"http_proxy", "a"},
                                {"https_proxy", "b"},
                                {"HTTPS_PROXY", "c"},
                                {"all_proxy", "d"},
                                {"no_proxy", "x, y,z"},
                                {"NO_PROXY", "w"}});
  EXPECT_EQ(proxies.http, "a");
  EXPECT_EQ(proxies.https, "b");
  EXPECT_THAT(proxies.exceptions, ElementsAre("x", "y", "z"));
}

TEST(ProxiesFromVariables, TakesUpperCaseButNotThatOfHttp) {
  const Proxies proxies = from({{"HTTP_PROXY", "a"}, {"HTTPS_PROXY", "b"}, {"NO_PROXY", "w"}, {"https_proxy", ""}});
  EXPECT_EQ(proxies.http, "");
  EXPECT_EQ(proxies.https, "b");
  EXPECT_THAT(proxies.exceptions, ElementsAre("w"));
}

TEST(ProxiesFromVariables, FallsBackToTheOneForAll) {
  EXPECT_EQ(from({{"ALL_PROXY", "a"}}).http, "a");
  EXPECT_EQ(from({{"all_proxy", "a"}}).https, "a");
  EXPECT_EQ(from({}).http, "");
}

}  // namespace
}  // namespace oidc
