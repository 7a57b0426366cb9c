#include "flows/redirect_uri.hpp"

#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::test::FailsWith;
using oidc::test::judges;

TEST(LoopbackRedirectUri, TellsAddressPortAndPath) {
  judges({"AUTHZ-007"});
  const auto redirect = parse_loopback_redirect("http://127.0.0.1:8080/cb");
  EXPECT_EQ(redirect.value().address, "127.0.0.1");
  EXPECT_EQ(redirect.value().port, 8080);
  EXPECT_EQ(redirect.value().path, "/cb");
}

TEST(LoopbackRedirectUri, IsServedOnTheIpv4AddressForLocalhost) {
  judges({"AUTHZ-008"});
  EXPECT_EQ(parse_loopback_redirect("http://LOCALHOST:1/").value().address, "127.0.0.1");
}

TEST(LoopbackRedirectUri, MayBeAnIpv6Literal) {
  judges({"AUTHZ-008", "A-14"});
  EXPECT_EQ(parse_loopback_redirect("http://[::1]:0/cb").value().address, "::1");
  EXPECT_EQ(parse_loopback_redirect("http://[::1]:0/cb").value().port, 0);
}

TEST(LoopbackRedirectUri, HasPort80AndPathRootByDefault) {
  judges({"AUTHZ-007"});
  EXPECT_EQ(parse_loopback_redirect("http://localhost").value().port, 80);
  EXPECT_EQ(parse_loopback_redirect("http://localhost").value().path, "/");
}

TEST(LoopbackRedirectUri, MayLeaveThePortToTheSystem) {
  judges({"A-14"});
  EXPECT_EQ(parse_loopback_redirect("http://localhost:0/cb").value().port, 0);
  EXPECT_EQ(parse_loopback_redirect("http://localhost:0").value().port, 0);
  EXPECT_EQ(parse_loopback_redirect("http://localhost:10/a:0").value().port, 10);
}

TEST(LoopbackRedirectUri, IsNoOtherHostOrScheme) {
  judges({"AUTHZ-008"});
  for (const char* uri :
       {"http://0.0.0.0/cb", "http://127.0.0.2/cb", "http://localhost.test/cb", "https://localhost/cb",
        "http://[::2]/cb", "app:/cb", "localhost:80", "", "http://localhost/cb#f", "http://user@localhost/cb"}) {
    EXPECT_THAT(parse_loopback_redirect(uri), FailsWith(oidc::Errc::kInvalidArgument)) << uri;
  }
}

TEST(RealPort, ReplacesPortZeroOnly) {
  EXPECT_EQ(with_real_port("http://localhost:0/cb:0", 5), "http://localhost:5/cb:0");
  EXPECT_EQ(with_real_port("http://[::1]:0", 5), "http://[::1]:5");
  EXPECT_EQ(with_real_port("http://localhost:8080/cb", 5), "http://localhost:8080/cb");
  EXPECT_EQ(with_real_port("https://app.test/cb", 5), "https://app.test/cb");
}

}  // namespace
}  // namespace authcore
