#include "client/discovery.hpp"

#include <mutex>

#include "client/endpoint_url.hpp"
#include "http/reply.hpp"

namespace authcore {
namespace {

constexpr std::string_view kWellKnown = "/.well-known/openid-configuration";

// DISC-002: a trailing slash of the base is not doubled.
std::string discovery_url(std::string base) {
  if (!base.empty() && base.back() == '/') {
    base.pop_back();
  }
  return base + std::string{kWellKnown};
}

// Compared exactly (OIDC Discovery §4.3): servers exist for which the slash makes another issuer. It is
// also the likeliest slip, and hard to see.
oidc::Error foreign_issuer(const std::string& issuer, const std::string& auth_server) {
  std::string message = "server metadata: its issuer is not auth_server";
  if (issuer + "/" == auth_server) {
    message += "; auth_server has a trailing slash that the issuer has not";
  } else if (issuer == auth_server + "/") {
    message += "; auth_server lacks the trailing slash that the issuer has";
  }
  return {oidc::Errc::kIssuerMismatch, message};
}

}  // namespace

oidc::Result<std::string> Discovery::endpoint(const std::string& name) {
  const auto configured = config_.endpoints.find(name);
  if (configured != config_.endpoints.end()) {
    return configured->second;
  }
  const oidc::Result<std::shared_ptr<const oidc::Json>> metadata = document();
  if (!metadata) {
    return metadata.error();
  }
  const auto member = (*metadata)->find(name);
  if (member == (*metadata)->end() || member->is_null()) {
    return oidc::Error{oidc::Errc::kUnsupportedByServer, "the server's metadata has no " + name};
  }
  const std::string url = member->is_string() ? member->get<std::string>() : "";
  const oidc::Status secure = check_endpoint_url(url);
  if (!secure) {
    return oidc::Error{oidc::Errc::kMalformedResponse, "server metadata: " + name + ": " + secure.error().message};
  }
  return url;
}

oidc::Result<std::string> Discovery::issuer() {
  if (!config_.issuer.empty()) {
    return config_.issuer;
  }
  const oidc::Result<std::shared_ptr<const oidc::Json>> metadata = document();
  if (!metadata) {
    return metadata.error();
  }
  return (*metadata)->at("issuer").get<std::string>();  // checked by fetch()
}

bool Discovery::promises_response_issuer() {
  const std::scoped_lock lock{turn_};
  if (!document_) {
    return false;
  }
  const auto member = document_->find("authorization_response_iss_parameter_supported");
  return member != document_->end() && *member == oidc::Json(true);
}

oidc::Result<std::shared_ptr<const oidc::Json>> Discovery::document() {
  const std::scoped_lock lock{turn_};
  if (!document_ || clock_.steady_now() >= due_at_) {
    const oidc::Status renewed = renew();
    if (!renewed) {
      return renewed.error();
    }
  }
  return document_;
}

// A server that is down for the moment has the endpoints it had.
oidc::Status Discovery::renew() {
  oidc::Result<oidc::Json> fetched = fetch();
  if (fetched) {
    document_ = std::make_shared<const oidc::Json>(std::move(*fetched));
    due_at_ = clock_.steady_now() + kMaxAge;
    return oidc::Done{};
  }
  if (!document_ || fetched.error().code == oidc::Errc::kCancelled) {
    return fetched.error();
  }
  log_.warning("metadata.not_renewed",
               {{"error", oidc::to_string(fetched.error().code)}, {"kept", "the old metadata"}});
  due_at_ = clock_.steady_now() + kRetryAfterFailure;
  return oidc::Done{};
}

oidc::Result<oidc::Json> Discovery::fetch() {
  oidc::HttpRequest request;
  request.url = discovery_url(config_.auth_server);
  const oidc::Result<oidc::HttpResponse> response = http_.send(request);
  if (!response) {
    return response.error();
  }
  oidc::Result<oidc::Json> metadata =
      read_json({.response = *response, .endpoint = "server metadata", .received = clock_.now()});
  if (!metadata) {
    oidc::Error error = std::move(metadata).error();
    error.message += " (" + request.url + ")";  // a wrong path of auth_server is the likeliest cause
    return error;
  }
  if (!config_.issuer.empty()) {
    return metadata;
  }
  const std::optional<std::string> issuer = oidc::string_member(*metadata, "issuer");
  if (!issuer) {
    return oidc::Error{oidc::Errc::kMalformedResponse, "server metadata: issuer is missing or not a string"};
  }
  if (*issuer != config_.auth_server) {
    return foreign_issuer(*issuer, config_.auth_server);
  }
  return metadata;
}

}  // namespace authcore
