#include "authcore/credential.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "credential/token_times.hpp"
#include "http/header_token.hpp"

namespace authcore {

namespace {

/// What we add to a token response; never taken from one.
constexpr std::array kOwnMembers{"_iat", "_exp"};

/// A token member that says something: a string that is not empty.
std::optional<std::string> token_member(const oidc::Json& object, std::string_view name) {
  auto token = oidc::string_member(object, name);
  return token && !token->empty() ? std::move(token) : std::nullopt;
}

oidc::Error must_hold(const std::string& what) {
  return {oidc::Errc::kInvalidArgument, "a credential of this kind must hold " + what};
}

oidc::Status check_token_response(const oidc::Json& object) {
  constexpr std::array kTokens{"access_token", "id_token", "refresh_token"};
  const bool holds_one =
      std::any_of(kTokens.begin(), kTokens.end(), [&](const char* name) { return token_member(object, name); });
  if (!holds_one) {
    return must_hold("an access, ID or refresh token");
  }
  // Whoever can write the store must not write other headers into the application's requests.
  const bool is_sendable = is_header_token(token_member(object, "access_token").value_or("none"));
  return is_sendable ? oidc::Status{oidc::Done{}} : must_hold("an access token of visible ASCII characters only");
}

oidc::Status check_api_key(const oidc::Json& object) {
  for (const char* name : {"api_key", "bearer_token_prefix"}) {
    if (!token_member(object, name)) {
      return must_hold(name);
    }
  }
  return oidc::Done{};
}

oidc::Status check_legacy_key(const oidc::Json& object) {
  return token_member(object, "key") ? oidc::Status{oidc::Done{}} : must_hold("key");
}

oidc::Status check_nothing(const oidc::Json& /*object*/) {
  return oidc::Done{};
}

/// A new kind of credential is one line in this table.
struct KindRules {
  CredentialKind kind;
  std::string_view name;
  oidc::Status (*check)(const oidc::Json& object);
  const char* key_member;  ///< where a static key is; nullptr: there is none
};
constexpr std::array kKinds{
    KindRules{CredentialKind::kOidc, "oidc", check_token_response, nullptr},
    KindRules{CredentialKind::kApiKey, "api_key", check_api_key, "api_key"},
    KindRules{CredentialKind::kPlanetLegacy, "planet_legacy", check_legacy_key, "key"},
    KindRules{CredentialKind::kNone, "none", check_nothing, nullptr},
};

const KindRules& rules_of(CredentialKind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(), [&](const KindRules& rules) { return rules.kind == kind; });
}

/// What a reply leaves out: null counts as absent, and so does an empty token (REF-03).
bool says_something(const std::string& name, const oidc::Json& value) {
  const bool is_kept_when_absent = name == "refresh_token" || name == "id_token" || name == "scope";
  return !value.is_null() && !(is_kept_when_absent && value == oidc::Json(""));
}

oidc::TimePoint at(std::chrono::seconds since_epoch) {
  return oidc::TimePoint{since_epoch};
}

}  // namespace

std::string_view to_string(CredentialKind kind) {
  return rules_of(kind).name;
}

oidc::Result<Credential> Credential::from_json(CredentialKind kind, const oidc::Json& object, oidc::TimePoint now) {
  if (!object.is_object()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "a credential must be a JSON object"};
  }
  if (const oidc::Status checked = rules_of(kind).check(object); !checked) {
    return checked.error();
  }
  Credential credential{kind};
  for (const auto& [name, value] : object.items()) {
    if (!value.is_null()) {
      credential.json_[name] = value;
    }
  }
  if (kind == CredentialKind::kOidc) {
    credential.set_times(now);
  }
  return credential;
}

oidc::Result<Credential> Credential::from_api_key(const std::string& key, const std::string& prefix) {
  const oidc::Json object = {{"api_key", key}, {"bearer_token_prefix", prefix}};
  return from_json(CredentialKind::kApiKey, object, {});
}

Credential Credential::none() {
  return Credential{CredentialKind::kNone};
}

oidc::Result<Credential> Credential::from_response(const oidc::Json& response, oidc::TimePoint now) {
  oidc::Json received = response;
  for (const char* name : kOwnMembers) {
    if (received.is_object()) {
      received.erase(name);
    }
  }
  return from_json(CredentialKind::kOidc, received, now);
}

oidc::Result<Credential> Credential::refreshed_with(const oidc::Json& response, oidc::TimePoint now) const {
  if (!token_member(response, "access_token")) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the reply to a refresh must be an object with an access token"};
  }
  Credential credential{kind_};
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
void Credential::set_times(oidc::TimePoint now) {
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

std::optional<std::string> Credential::access_token() const {
  return token_member(json_, "access_token");
}
std::optional<std::string> Credential::refresh_token() const {
  return token_member(json_, "refresh_token");
}
std::optional<std::string> Credential::id_token() const {
  return token_member(json_, "id_token");
}

std::optional<std::string> Credential::api_key() const {
  const char* member = rules_of(kind_).key_member;
  return member == nullptr ? std::nullopt : token_member(json_, member);
}
std::optional<std::string> Credential::legacy_jwt() const {
  return kind_ == CredentialKind::kPlanetLegacy ? token_member(json_, "jwt") : std::nullopt;
}

std::string Credential::token_prefix() const {
  switch (kind_) {
    case CredentialKind::kApiKey:
      return token_member(json_, "bearer_token_prefix").value_or("Bearer");
    case CredentialKind::kPlanetLegacy:
      return "api-key";
    default:
      return "Bearer";
  }
}

std::optional<oidc::Duration> Credential::expires_in() const {
  return seconds_member(json_, "expires_in");
}

}  // namespace authcore
