// A client that doesn't try again: its test fails, and shows why (test_mock_server_cpp.py).

#include "mockserver/testing.hpp"

namespace {

class Outage : public mockserver::IssuerTest {};

TEST_F(Outage, IsOvercome) {
  misbehave({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  const oidc::HttpRequest request{.method = "POST",
                                  .url = url() + "/token",
                                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                  .body =
                                      "grant_type=client_credentials&client_id=service-post"
                                      "&client_secret=s3cr3t%3A%2F%25%C3%A9%2B"};
  EXPECT_EQ(transport().send(request).value().status, 200);
}

}  // namespace
