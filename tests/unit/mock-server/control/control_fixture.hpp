#pragma once

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "mockserver/control.hpp"
#include "oidc/json.hpp"

namespace mockserver::testing_support {

/// The reply, once it is there.
inline oidc::HttpResponse settled(const ServedReply& served) {
  while (served.later) {
    if (auto reply = served.later()) {
      return *std::move(reply);
    }
    std::this_thread::yield();
  }
  return served.reply.response;
}

/// A control API over no issuers, called like a function.
class ControlTest : public ::testing::Test {
 protected:
  struct Answer {
    int status = 0;
    oidc::Headers headers;
    oidc::Json json;  ///< null if the body is empty or no JSON
    std::string text;
  };

  Answer call(const std::string& method, const std::string& path, const std::string& body = "",
              const oidc::Headers& headers = {}) {
    const auto response = settled(
        control_.handle({.method = method, .url = "http://127.0.0.1:1" + path, .headers = headers, .body = body}));
    const auto json = oidc::parse_json(response.body);
    return {response.status, response.headers, json ? *json : oidc::Json{}, response.body};
  }
  Answer get(const std::string& path) { return call("GET", path); }
  Answer post(const std::string& path, const oidc::Json& body) { return call("POST", path, oidc::to_text(body)); }

  /// What the issuer under test gets to see.
  Reply ask(const std::string& method, const std::string& path, const std::string& body = "") {
    return issuers_.handle({.method = method,
                            .url = "http://issuer.test" + path,
                            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                            .body = body});
  }

  Issuers issuers_{"http://issuer.test"};
  Control control_{issuers_, "-----BEGIN CERTIFICATE-----\n"};
};

}  // namespace mockserver::testing_support
