#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include <gtest/gtest.h>

#include "authcore/client.hpp"
#include "fake_transport.hpp"
#include "status_matchers.hpp"

namespace authcore::test {

using namespace std::chrono_literals;

inline constexpr oidc::TimePoint kStart = std::chrono::sys_days{std::chrono::January / 1 / 2030};
inline const std::string kServer = "https://as.test";

inline oidc::Json metadata() {
  return {{"issuer", kServer},
          {"authorization_endpoint", kServer + "/authorize"},
          {"token_endpoint", kServer + "/token"},
          {"device_authorization_endpoint", kServer + "/device"},
          {"introspection_endpoint", kServer + "/introspect"},
          {"revocation_endpoint", kServer + "/revoke"},
          {"userinfo_endpoint", kServer + "/userinfo"},
          {"jwks_uri", kServer + "/jwks"}};
}

inline oidc::Json token_response() {
  return {{"access_token", "at-1"}, {"token_type", "Bearer"}, {"expires_in", 3600}};
}

/// Everything a client needs from outside, virtual: time jumps while the test's thread sleeps.
class ClientWorld : public testing::Test {
 protected:
  Environment environment() { return {.clock = clock_, .random = random_, .http = http_, .stop = stop_.get_token()}; }

  std::unique_ptr<AuthClient> client(const oidc::Json& config) { return make_client(config, environment()).value(); }

  void answer_json(int status, const oidc::Json& body) { http_.answer(oidc::test::json_reply(status, body)); }
  void answer_metadata() { answer_json(200, metadata()); }
  std::chrono::milliseconds elapsed() const { return clock_.steady_now() - begun_; }

  oidc::VirtualClock clock_{kStart};
  oidc::Duration begun_ = clock_.steady_now();
  oidc::VirtualClock::Actor actor_{clock_};
  oidc::SeededRandom random_{1};
  oidc::test::FakeTransport http_{&clock_};
  std::stop_source stop_;
};

}  // namespace authcore::test
