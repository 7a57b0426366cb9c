#pragma once

#include <memory>
#include <string>

#include "authcore/auth.hpp"
#include "authcore/memory_storage.hpp"
#include "client_world.hpp"
#include "judges.hpp"

namespace authcore::test {

/// Contexts around real clients: what they send, and what they keep.
class ClientSession : public ClientWorld {
 protected:
  static oidc::Json config(const std::string& type) {
    oidc::Json json{{"client_type", type}, {"auth_server", kServer}, {"client_id", "id"}};
    json["scopes"] = {"planet", "offline_access"};
    if (type == "oidc_client_credentials_secret") {
      json["client_secret"] = "s";
    }
    if (type == "oidc_auth_code") {
      json["redirect_uri"] = "http://localhost/cb";
    }
    return json;
  }
  std::unique_ptr<Auth> context(const std::string& type, const std::string& key = "token.json") {
    return Auth::from_config(config(type), {.location = {storage_, key}}, environment()).value();
  }
  void store(const oidc::Json& object) { storage_->save("token.json", object).value(); }
  static std::string token_of(Auth& auth) {
    const auto token = auth.request_authenticator().access_token();
    return token ? *token : "error " + std::string{oidc::to_string(token.error().code)};
  }
  static oidc::Json old_tokens() {
    return {{"access_token", "at-0"}, {"refresh_token", "rt-0"}, {"expires_in", 100}, {"_iat", now_s() - 90}};
  }
  static std::int64_t now_s() { return oidc::epoch_seconds(test::kStart).count(); }

  std::shared_ptr<MemoryStorage> storage_ = std::make_shared<MemoryStorage>();
};

}  // namespace authcore::test
