#include "authcore/credential.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "credential/token_times.hpp"

namespace authcore {

namespace {

/// What we add to a token response; never taken from one.
constexpr std::array kOwnMembers{"_iat", "_exp"};

/// A token member that says something: a string that is not empty.
std::optional<std::string> token_member(const oidc::Json& object, std::string_view name) {
  auto token = oidc::string_member(object, name);
  return token && !token->empty() ? std::move(token) : std::nullopt;
}

bool holds_a_token(const oidc::Json& object) {
  constexpr std::array kTokens{"access_token", "id_token", "refresh_token"};
  return std::any_of(kTokens.begin(), kTokens.end(), [&](const char* name) { return token_member(object, name); });
}

/// What a reply leaves out: null counts as absent, and so does an empty token (REF-03).
bool says_something(const std::string& name, const oidc::Json& value) {
  const bool is_kept_when_absent = name == "refresh_token" || name == "id_token" || name == "scope";
  return !value.is_null() && !(is_kept_when_absent && value == "");
}

oidc::TimePoint at(std::chrono::seconds since_epoch) {
  return oidc::TimePoint{since_epoch};
}

}  // namespace

oidc::Result<OidcCredential> OidcCredential::from_json(const oidc::Json& object, oidc::TimePoint now) {
  if (!object.is_object()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "a credential must be a JSON object"};
  }
  if (!holds_a_token(object)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "a credential must hold an access, ID or refresh token"};
  }
  OidcCredential credential;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_null()) {
      credential.json_[name] = value;
    }
  }
  credential.set_times(now);
  return credential;
}

oidc::Result<OidcCredential> OidcCredential::from_response(const oidc::Json& response, oidc::TimePoint now) {
  oidc::Json received = response;
  for (const char* name : kOwnMembers) {
    if (received.is_object()) {
      received.erase(name);
    }
  }
  return from_json(received, now);
}

oidc::Result<OidcCredential> OidcCredential::refreshed_with(const oidc::Json& response, oidc::TimePoint now) const {
  if (!token_member(response, "access_token")) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the reply to a refresh must be an object with an access token"};
  }
  OidcCredential credential;
  credential.json_ = json_;
  // These spoke of the old access token.
  for (const char* name : {"_iat", "_exp", "expires_in"}) {
    credential.json_.erase(name);
  }
  for (const auto& [name, value] : response.items()) {
    const bool is_ours = std::find(kOwnMembers.begin(), kOwnMembers.end(), name) != kOwnMembers.end();
    if (!is_ours && says_something(name, value)) {
      credential.json_[name] = value;
    }
  }
  credential.set_times(now);
  return credential;
}

/// Issue and expiry times by the order of `from_json`, in `json_` and beside it.
void OidcCredential::set_times(oidc::TimePoint now) {
  const auto token = access_token();
  const oidc::Json claims = token ? claims_if_jwt(*token) : oidc::Json::object();

  auto issued = seconds_member(claims, "iat");
  if (!issued) {
    issued = seconds_member(json_, "_iat");
  }
  issued_at_ = at(issued.value_or(oidc::epoch_seconds(now)));

  auto expires = seconds_member(claims, "exp");
  if (!expires) {
    expires = seconds_member(json_, "_exp");
  }
  if (!expires) {
    if (const auto lifetime = seconds_member(json_, "expires_in")) {
      expires = lenient_seconds(oidc::epoch_seconds(*issued_at_).count() + lifetime->count());
    }
  }

  json_["_iat"] = oidc::epoch_seconds(*issued_at_).count();
  if (expires) {
    expires_at_ = at(*expires);
    json_["_exp"] = expires->count();
  } else {
    expires_at_.reset();
    json_.erase("_exp");
  }
}

std::optional<std::string> OidcCredential::access_token() const {
  return token_member(json_, "access_token");
}
std::optional<std::string> OidcCredential::refresh_token() const {
  return token_member(json_, "refresh_token");
}
std::optional<std::string> OidcCredential::id_token() const {
  return token_member(json_, "id_token");
}

std::optional<oidc::Duration> OidcCredential::expires_in() const {
  return seconds_member(json_, "expires_in");
}

}  // namespace authcore
