#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/issuer.hpp"
#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/url.hpp"
#include "world.hpp"

namespace mockserver {

struct Endpoint;

/// What a step changes in the tokens that a reply issues.
struct TokenChanges {
  oidc::Json access_claims = oidc::Json::object();  ///< merge patches
  oidc::Json access_header = oidc::Json::object();
  oidc::Json id_claims = oidc::Json::object();
  oidc::Json id_header = oidc::Json::object();
  oidc::Json userinfo_claims = oidc::Json::object();
  std::string sign = "active";                          ///< as `TokenSpec::sign`
  std::string kid{};                                    ///< "omit", "unknown" or "duplicate"; "": the key's own
  std::string corrupt{};                                ///< which part of the JWTs is broken, and how; "": none
  std::optional<std::vector<std::string>> scopes{};     ///< what is granted instead of what was asked for
  std::optional<RefreshPolicy> refresh{};               ///< what happens to the refresh token this time
  std::optional<std::chrono::seconds> refresh_grace{};  ///< and how long it may come again
};

/// A client assertion or DPoP proof that processing the request uses up.
struct UsedAssertion {
  std::string id;  ///< client or key, and jti
  oidc::TimePoint expires_at;
};

/// One request on its way through the issuer, and what has been learnt about it so far.
struct Call {
  World& world;
  const oidc::HttpRequest& request;
  oidc::TimePoint now;  ///< read once: everything in one request happens at one time

  const Endpoint* endpoint = nullptr;
  std::string method{};  ///< HEAD counts as GET
  oidc::Url url{};
  std::string path{};  ///< below the base URL

  oidc::Form form{};  ///< of the body, or of a GET's query; none without a value (form_request.hpp)
  std::vector<std::string> empty_parameters{};  ///< names of those that came without a value
  std::string grant{};                          ///< token endpoint: short name of the grant type
  std::string client_id{};                      ///< authenticated or claimed
  std::string client_auth{};                    ///< how it authenticated; "" if not looked for
  ClientPtr client{};                           ///< once authenticated
  std::optional<UsedAssertion> assertion{};     ///< of a client that authenticated by one
  std::optional<UsedAssertion> proof{};         ///< DPoP: the proof of a token request
  std::string dpop_jkt{};                       ///< thumbprint of the key of a good DPoP proof; "" without one
  std::string pushed{};                         ///< `request_uri` of the pushed request that this is about; "" for none
  std::string redirect_uri{};                   ///< authorize: where errors may go; "" until it is trusted

  std::vector<std::string> steps{};  ///< ids of the steps taken
  TokenChanges changes{};
  bool slow_down = false;     ///< the next poll counts as too soon
  bool replaced = false;      ///< a verb answers instead of processing, so that no state changes
  oidc::Duration retry_in{};  ///< of a step with `rate`: how long until it lets a request through
  Delivery delivery{};

  std::optional<std::string> parameter(std::string_view name) const { return form.get(name); }
};

}  // namespace mockserver
