#include "authcore/stored_credential.hpp"

#include <utility>

namespace authcore {

namespace {

/// The times that we computed spoke of the access token that was.
oidc::Json update_token_response(oidc::Json held, const oidc::Json& update) {
  const auto token = oidc::string_member(update, "access_token");
  if (token && token != oidc::string_member(held, "access_token")) {
    held.erase("_iat");
    held.erase("_exp");
  }
  held.update(update);
  return held;
}

}  // namespace

ObjectRule credential_rule(CredentialKind kind) {
  ObjectRule rule = any_object_rule();
  rule.prepare = [kind](const oidc::Json& object, oidc::TimePoint as_of) -> oidc::Result<oidc::Json> {
    const auto credential = Credential::from_json(kind, object, as_of);
    if (!credential) {
      return credential.error();
    }
    return credential->json();
  };
  if (kind == CredentialKind::kOidc) {
    rule.merge = update_token_response;
  }
  return rule;
}

StoredCredential::StoredCredential(oidc::Clock& clock, CredentialKind kind, CredentialLocation location,
                                   oidc::Json data)
    : StoredObject{clock, credential_rule(kind), std::move(location), std::move(data)}, kind_{kind} {}

oidc::Result<Credential> StoredCredential::credential() {
  if (auto loaded = lazy_load(); !loaded) {
    return std::move(loaded).error();
  }
  if (!is_set()) {
    return oidc::Error{oidc::Errc::kNoCredential, "no credential was given or stored"};
  }
  return Credential::from_json(kind_, data(), now());
}

}  // namespace authcore
