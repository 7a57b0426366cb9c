#include "oidc/url.hpp"

#include <string>

#include <gtest/gtest.h>

#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;

TEST(UrlTest, SplitsAUrlIntoItsParts) {
  const auto url = parse_url("HTTPS://Login.Example.COM:8443/a%20b/c;x=1?q=%2F&r#frag?1");
  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "login.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/a%20b/c;x=1");
  EXPECT_EQ(url->query, "q=%2F&r");
  EXPECT_EQ(url->fragment, "frag?1");
  EXPECT_EQ(url->origin(), "https://login.example.com:8443");
  EXPECT_EQ(url->target(), "/a%20b/c;x=1?q=%2F&r");
  EXPECT_EQ(url->to_string(), "https://login.example.com:8443/a%20b/c;x=1?q=%2F&r#frag?1");
}

TEST(UrlTest, FillsInWhatAUrlLeavesOut) {
  const std::pair<const char*, const char*> cases[] = {{"http://h", "http://h/"},
                                                       {"https://h:443/", "https://h/"},
                                                       {"http://h:80", "http://h/"},
                                                       {"http://h:443/", "http://h:443/"},
                                                       {"http://h?x=1", "http://h/?x=1"},
                                                       {"http://h#f", "http://h/#f"},
                                                       {"http://h:/p", "http://h/p"},
                                                       {"http://[::1]:8080", "http://[::1]:8080/"},
                                                       {"http://[2001:DB8::1]/", "http://[2001:db8::1]/"}};
  for (const auto& [text, expected] : cases) {
    const auto url = parse_url(text);
    ASSERT_THAT(url, IsOk()) << text;
    EXPECT_EQ(url->to_string(), expected);
  }
}

TEST(UrlTest, RefusesWhatIsNoAbsoluteHttpUrl) {
  for (const char* text : {"",
                           "/path",
                           "example.com",
                           "//example.com/",
                           "ftp://h/",
                           "javascript:alert(1)",
                           "http:/h",
                           "http://",
                           "http:///p",
                           "http://u@h/",
                           "http://u:p@h/",
                           "http://h:0/",
                           "http://h:65536/",
                           "http://h:99999999999/",
                           "http://h:+80/",
                           "http://h:8o/",
                           "http://h:-1/",
                           "http://h /",
                           "http://h/a b",
                           "http://h/\n",
                           "http://h/\x7F",
                           "http://h\\@evil/",
                           "http://[::1/",
                           "http://[::g]/",
                           "http://[::1]x/",
                           "http://h%41/",
                           "http://h/\xC3\xA9",
                           " http://h/"}) {
    EXPECT_THAT(parse_url(text), FailsWith(Errc::kInvalidArgument)) << text;
  }
  EXPECT_THAT(parse_url(std::string_view{"http://h/\0x", 11}), FailsWith(Errc::kInvalidArgument));
}

TEST(UrlTest, ErrorsDoNotQuoteTheUrl) {
  EXPECT_THAT(parse_url("http://user:hunter2@h/"),
              FailsWith(Errc::kInvalidArgument, testing::Not(testing::HasSubstr("hunter2"))));
}

TEST(LoopbackTest, KnowsLoopbackHosts) {
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.255.0.3", "::1", "0:0:0:0:0:0:0:1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host :
       {"", "localhost.evil.com", "127.0.0.1.evil.com", "128.0.0.1", "0.0.0.0", "::2", "127.1", "example.com"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(AppendQueryTest, JoinsByTheRightCharacter) {
  EXPECT_EQ(append_query("http://h/cb", "a=1"), "http://h/cb?a=1");
  EXPECT_EQ(append_query("http://h/cb?x", "a=1"), "http://h/cb?x&a=1");
  EXPECT_EQ(append_query("http://h/cb?", "a=1"), "http://h/cb?a=1");
  EXPECT_EQ(append_query("http://h/cb?x&", "a=1"), "http://h/cb?x&a=1");
  EXPECT_EQ(append_query("http://h/cb#f?", "a=1"), "http://h/cb?a=1#f?");
  EXPECT_EQ(append_query("http://h/cb", ""), "http://h/cb");
}

TEST(EncodeTest, FormEncodingKeepsLettersDigitsAndFourMarks) {
  EXPECT_EQ(form_encode("aZ09*-._"), "aZ09*-._");
  EXPECT_EQ(form_encode("a b&c=d+e%~/\n"), "a+b%26c%3Dd%2Be%25%7E%2F%0A");
  EXPECT_EQ(form_encode("\xC3\xA9"), "%C3%A9");
}

TEST(EncodeTest, PercentEncodingKeepsTheUnreservedCharacters) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b*/:"), "a%20b%2A%2F%3A");
}

TEST(DecodeTest, DecodesPlusAndEscapes) {
  const auto text = form_decode("a+b%26%c3%A9%00z");
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(*text, (std::string{"a b&\xC3\xA9\0z", 8}));
}

TEST(DecodeTest, RefusesBrokenEscapes) {
  for (const char* text : {"%", "%4", "a%4", "%zz", "%4g", "%%41", "%+1", "% 1", "%-1"}) {
    EXPECT_THAT(form_decode(text), FailsWith(Errc::kInvalidArgument)) << text;
  }
}

}  // namespace
}  // namespace oidc
