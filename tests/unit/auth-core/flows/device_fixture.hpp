#pragma once

#include <string>
#include <vector>

#include "client_world.hpp"

namespace authcore::test {

inline oidc::Json device_response() {
  return {{"device_code", "dc-1"},
          {"user_code", "ABCD-EFGH"},
          {"verification_uri", "https://as.test/activate"},
          {"verification_uri_complete", "https://as.test/activate?user_code=ABCD-EFGH"},
          {"expires_in", 600},
          {"interval", 5},
          {"x-kept", true}};
}
inline oidc::Json device_response_with(const std::string& name, const oidc::Json& value) {
  oidc::Json response = device_response();
  response[name] = value;
  return response;
}

/// A device code client with scopes, at a server whose answers are queued.
class DeviceCodeTest : public ClientWorld {
 protected:
  DeviceCodeTest() {
    options_.show = [this](const std::string& text) { shown_ += text; };
  }

  void answer_error(const std::string& error) { answer_json(400, {{"error", error}}); }
  void answer_tokens() { answer_json(200, token_response()); }

  /// Metadata is answered first, then what `queue` adds after the device response.
  template <typename Queue>
  oidc::Result<Credential> poll(Queue queue, const oidc::Json& response = device_response()) {
    answer_metadata();
    answer_json(200, response);
    queue();
    const auto under_test = client(config_);
    return under_test->device_login_complete(under_test->device_login_initiate({}).value());
  }
  std::vector<double> poll_gaps() const {
    const std::vector<double> all = http_.gaps();
    return {all.begin() + 1, all.end()};
  }

  oidc::Json config_{{"client_type", "oidc_device_code"},
                     {"auth_server", kServer},
                     {"client_id", "id"},
                     {"scopes", oidc::Json::array({"planet", "offline_access"})}};
  LoginOptions options_;
  std::string shown_;
};

}  // namespace authcore::test
