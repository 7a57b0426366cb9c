#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mockserver/issuer.hpp"
#include "oidc/base64url.hpp"
#include "oidc/clock.hpp"
#include "oidc/form.hpp"
#include "oidc/json.hpp"
#include "oidc/url.hpp"

namespace mockserver::test {

using namespace std::chrono_literals;

inline constexpr oidc::TimePoint kStart = std::chrono::sys_days{std::chrono::January / 1 / 2030};
inline const std::string kBase = "https://issuer.test/alpha";
inline const std::string kSecret = "s3cr3t:/%\xc3\xa9+";
inline const std::string kCallback = "http://127.0.0.1:8123/callback";
inline const std::string kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
// RFC 7636 appendix B.
inline const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline const std::string kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

inline std::string basic(const std::string& id, const std::string& secret) {
  return "Basic " + oidc::base64_encode(oidc::form_encode(id) + ":" + oidc::form_encode(secret));
}

inline oidc::Json body_of(const Reply& reply) {
  return oidc::parse_json(reply.response.body).value();
}
inline std::string header_of(const Reply& reply, std::string_view name) {
  return reply.response.headers.get(name).value_or("(absent)");
}
inline std::string error_of(const Reply& reply) {
  const auto body = oidc::parse_json(reply.response.body);
  return body ? oidc::string_member(*body, "error").value_or("(none)") : "(no JSON)";
}
/// The parameters of a redirect.
inline oidc::Form redirect_of(const Reply& reply) {
  return oidc::parse_form(oidc::parse_url(header_of(reply, "Location")).value().query).value();
}
/// The part of a JWT, decoded: 0 the header, 1 the claims.
inline oidc::Json jwt_part(const std::string& jwt, int part) {
  std::size_t begin = 0;
  for (int i = 0; i < part; ++i) {
    begin = jwt.find('.', begin) + 1;
  }
  return oidc::parse_json(oidc::base64url_decode(jwt.substr(begin, jwt.find('.', begin) - begin)).value()).value();
}
inline oidc::Json claims_of(const oidc::Json& reply, const char* token) {
  return jwt_part(reply.at(token).get<std::string>(), 1);
}

/// An issuer under a manual clock, and short ways to ask it.
class IssuerTest : public testing::Test {
 protected:
  void start(const oidc::Json& overlay) {
    issuer_ = std::make_unique<Issuer>(parse_issuer_config(overlay).value(), kBase, clock_);
  }

  void script(const oidc::Json& step) { issuer_->script().add(parse_step(step, ++steps_).value()); }

  Reply send(const std::string& method, const std::string& path, const oidc::Headers& headers = {},
             const std::string& body = "") {
    return issuer_->handle({method, kBase + path, headers, body});
  }
  Reply get(const std::string& path, const oidc::Headers& headers = {}) { return send("GET", path, headers); }
  Reply post(const std::string& path, const oidc::Form& form, oidc::Headers headers = {}) {
    headers.add("Content-Type", "application/x-www-form-urlencoded");
    return send("POST", path, headers, form.encode());
  }

  /// Client credentials of the client "service".
  Reply service_token(const oidc::Form& more = {}) {
    oidc::Form form{{"grant_type", "client_credentials"}};
    for (const auto& [name, value] : more) {
      form.add(name, value);
    }
    return post("/token", form, {{"Authorization", basic("service", kSecret)}});
  }

  static oidc::Form authorization(const std::string& scope = "openid offline_access api") {
    return {{"response_type", "code"},
            {"client_id", "app"},
            {"redirect_uri", kCallback},
            {"scope", scope},
            {"state", "st-1"},
            {"nonce", "n-1"},
            {"code_challenge", kChallenge},
            {"code_challenge_method", "S256"}};
  }
  Reply authorize(const oidc::Form& form = authorization()) { return get("/authorize?" + form.encode()); }
  std::string code(const oidc::Form& form = authorization()) {
    return redirect_of(authorize(form)).value_or_empty("code");
  }

  static oidc::Form redemption(const std::string& code) {
    return {{"grant_type", "authorization_code"},
            {"client_id", "app"},
            {"code", code},
            {"redirect_uri", kCallback},
            {"code_verifier", kVerifier}};
  }
  Reply redeem(const std::string& code) { return post("/token", redemption(code)); }
  /// A finished login: the token response.
  oidc::Json login(const std::string& scope = "openid offline_access api") {
    return body_of(redeem(code(authorization(scope))));
  }

  Reply refresh(const oidc::Json& tokens, const oidc::Form& more = {}) {
    oidc::Form form{
        {"grant_type", "refresh_token"}, {"client_id", "app"}, {"refresh_token", tokens.at("refresh_token")}};
    for (const auto& [name, value] : more) {
      form.set(name, value);
    }
    return post("/token", form);
  }

  oidc::Json device() {
    return body_of(post("/device_authorization", {{"client_id", "app"}, {"scope", "openid offline_access"}}));
  }
  Reply poll(const oidc::Json& device) {
    return post("/token",
                {{"grant_type", kDeviceGrant}, {"client_id", "app"}, {"device_code", device.at("device_code")}});
  }

  Reply userinfo(const std::string& token) { return get("/userinfo", {{"Authorization", "Bearer " + token}}); }
  oidc::Json introspect(const std::string& token) {
    return body_of(post("/introspect", {{"token", token}}, {{"Authorization", basic("service", kSecret)}}));
  }
  bool active(const oidc::Json& token) { return introspect(token.get<std::string>()).at("active").get<bool>(); }

  oidc::VirtualClock clock_{kStart};
  std::unique_ptr<Issuer> issuer_ =
      std::make_unique<Issuer>(parse_issuer_config(oidc::Json::object()).value(), kBase, clock_);
  std::size_t steps_ = 0;
};

}  // namespace mockserver::test
