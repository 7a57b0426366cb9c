#include <gtest/gtest.h>

#include "control_fixture.hpp"

namespace mockserver::testing_support {
namespace {

class SnapshotCallsTest : public ControlTest {
 protected:
  SnapshotCallsTest() { post("/v1/issuers", {{"name", "alpha"}}); }
  std::size_t keys() { return oidc::parse_json(ask("GET", "/alpha/jwks").response.body).value().at("keys").size(); }
};

TEST_F(SnapshotCallsTest, AStateIsKeptAndBroughtBack) {
  const auto before = keys();
  EXPECT_EQ(call("POST", "/v1/issuers/alpha/snapshot").json, (oidc::Json{{"name", "snapshot"}}));
  post("/v1/issuers/alpha/keys/rotate", oidc::Json::object());
  EXPECT_EQ(keys(), before + 1);
  EXPECT_EQ(call("POST", "/v1/issuers/alpha/restore").status, 204);
  EXPECT_EQ(keys(), before);
}

TEST_F(SnapshotCallsTest, StatesHaveNames) {
  EXPECT_EQ(post("/v1/issuers/alpha/snapshot", {{"name", "one"}}).status, 201);
  EXPECT_EQ(post("/v1/issuers/alpha/restore", {{"name", "one"}}).status, 204);
  EXPECT_EQ(post("/v1/issuers/alpha/restore", {{"name", "first"}}).status, 204);
  const auto unknown = post("/v1/issuers/alpha/restore", {{"name", "two"}});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.json.at("pointer"), "/name");
}

}  // namespace
}  // namespace mockserver::testing_support
