#include "redirect.hpp"

#include <string>

#include <gtest/gtest.h>

#include "status_matchers.hpp"

namespace oidc::detail {
namespace {

using test::FailsWith;
using test::IsOk;

TEST(ResolveReferenceTest, ResolvesTheNormalExamplesOfRfc3986) {
  // §5.4.1, without those whose scheme isn't http; §5.4.2 for too many "..".
  const std::pair<const char*, const char*> cases[] = {{"g", "http://a/b/c/g"},
                                                       {"./g", "http://a/b/c/g"},
                                                       {"g/", "http://a/b/c/g/"},
                                                       {"/g", "http://a/g"},
                                                       {"//g", "http://g/"},
                                                       {"?y", "http://a/b/c/d;p?y"},
                                                       {"g?y", "http://a/b/c/g?y"},
                                                       {"#s", "http://a/b/c/d;p?q#s"},
                                                       {"g#s", "http://a/b/c/g#s"},
                                                       {"g?y#s", "http://a/b/c/g?y#s"},
                                                       {";x", "http://a/b/c/;x"},
                                                       {"g;x", "http://a/b/c/g;x"},
                                                       {"", "http://a/b/c/d;p?q"},
                                                       {".", "http://a/b/c/"},
                                                       {"./", "http://a/b/c/"},
                                                       {"..", "http://a/b/"},
                                                       {"../", "http://a/b/"},
                                                       {"../g", "http://a/b/g"},
                                                       {"../..", "http://a/"},
                                                       {"../../", "http://a/"},
                                                       {"../../g", "http://a/g"},
                                                       {"../../../g", "http://a/g"},
                                                       {"/./g", "http://a/g"},
                                                       {"/../g", "http://a/g"},
                                                       {"g.", "http://a/b/c/g."},
                                                       {"..g", "http://a/b/c/..g"},
                                                       {"g?y/./x", "http://a/b/c/g?y/./x"},
                                                       {"http://x/y", "http://x/y"},
                                                       {"g?u=http://x", "http://a/b/c/g?u=http://x"}};
  const auto base = parse_url("http://a/b/c/d;p?q");
  ASSERT_THAT(base, IsOk());
  for (const auto& [reference, expected] : cases) {
    const auto url = resolve_reference(*base, reference);
    ASSERT_THAT(url, IsOk()) << reference;
    EXPECT_EQ(url->to_string(), expected) << reference;
  }
  EXPECT_THAT(resolve_reference(*base, "mailto:x"), FailsWith(Errc::kInvalidArgument));
}

HttpResponse found(std::string location) {
  return {302, {{"Location", std::move(location)}}, ""};
}

TEST(RedirectedTest, NeverGoesFromHttpsToHttp) {
  const HttpRequest request{"GET", "https://h/a", {}, ""};
  EXPECT_FALSE(redirected(request, found("http://h/a")));
  EXPECT_TRUE(redirected(request, found("https://other/a")));
  EXPECT_TRUE(redirected({"GET", "http://h/a", {}, ""}, found("https://h/a")));
}

TEST(RedirectedTest, TheSameHostOnAnotherPortIsAnotherOrigin) {
  const HttpRequest request{"GET", "https://h/a", {{"Authorization", "Bearer t"}}, ""};
  EXPECT_FALSE(redirected(request, found("https://h:8443/a"))->headers.contains("Authorization"));
  EXPECT_TRUE(redirected(request, found("https://h:443/b"))->headers.contains("Authorization"));
}

TEST(RedirectedTest, OtherStatusesAreReplies) {
  for (const int status : {200, 300, 304, 305, 404}) {
    EXPECT_FALSE(redirected({"GET", "http://h/", {}, ""}, {status, {{"Location", "/x"}}, ""})) << status;
  }
  EXPECT_FALSE(redirected({"GET", "http://h/", {}, ""}, {302, {}, ""}));
}

}  // namespace
}  // namespace oidc::detail
