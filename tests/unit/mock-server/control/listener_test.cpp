#include <gtest/gtest.h>

#include "../server/raw_client.hpp"
#include "control_fixture.hpp"
#include "mockserver/server.hpp"

namespace mockserver::testing_support {
namespace {

class ListenerCallsTest : public ControlTest {
 protected:
  void attach(ServerOptions options = {}) {
    server_ = Server::start(std::move(options), [](const oidc::HttpRequest&) { return ServedReply{}; }).value();
    control_.attach(*server_);
  }
  std::unique_ptr<Server> server_;
};

TEST_F(ListenerCallsTest, WithoutAServerThereIsNothingToTakeDown) {
  for (const char* call : {"/v1/listener/down", "/v1/listener/up"}) {
    EXPECT_EQ(post(call, oidc::Json::object()).status, 409) << call;
  }
  EXPECT_EQ(get("/v1/listener").status, 409);
  EXPECT_EQ(post("/v1/listener/handshakes", {{"fault", "abort"}}).status, 409);
}

TEST_F(ListenerCallsTest, DownRefusesAndUpTakesConnections) {
  attach();
  EXPECT_EQ(get("/v1/listener").json, (oidc::Json{{"up", true}}));
  EXPECT_EQ(call("POST", "/v1/listener/down").json, (oidc::Json{{"up", false}}));
  EXPECT_FALSE(RawClient{server_->port()}.connected());
  EXPECT_EQ(get("/v1/listener").json, (oidc::Json{{"up", false}}));
  EXPECT_EQ(call("POST", "/v1/listener/up").json, (oidc::Json{{"up", true}}));
  EXPECT_TRUE(RawClient{server_->port()}.connected());
}

TEST_F(ListenerCallsTest, HandshakesAreThoseOfAServerWithTls) {
  attach();
  EXPECT_EQ(post("/v1/listener/handshakes", {{"fault", "abort"}}).status, 409);
  attach({.tls = std::make_shared<const TlsIdentity>(make_tls_identity().value())});
  EXPECT_EQ(post("/v1/listener/handshakes", {{"fault", "expired"}, {"times", "forever"}}).status, 204);
  EXPECT_EQ(post("/v1/listener/handshakes", {{"fault", "none"}}).status, 204);
  EXPECT_EQ(post("/v1/listener/handshakes", {{"fault", "expird"}}).json.at("pointer"), "/fault");
}

}  // namespace
}  // namespace mockserver::testing_support
