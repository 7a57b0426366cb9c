#pragma once

#include <optional>

#include "oidc/json.hpp"
#include "stores/assertion_store.hpp"
#include "stores/browser_store.hpp"
#include "stores/code_store.hpp"
#include "stores/device_store.hpp"
#include "stores/key_ring.hpp"
#include "stores/pushed_store.hpp"
#include "stores/registration_store.hpp"
#include "stores/token_store.hpp"

/// The stores' states as JSON, with secrets. What reads throws `oidc::Json::exception` for members that are missing
/// or of another type, and `oidc::Failure` for a bad key.
namespace mockserver {

/// Milliseconds since the epoch.
oidc::Json time_to_json(oidc::TimePoint time);
oidc::Json time_to_json(const std::optional<oidc::TimePoint>& time);
oidc::TimePoint time_from(const oidc::Json& json);
std::optional<oidc::TimePoint> optional_time_from(const oidc::Json& json);

oidc::Json to_json(const TokenStore::State& state);
TokenStore::State tokens_from(const oidc::Json& json);

oidc::Json to_json(const CodeStore::State& state);
CodeStore::State codes_from(const oidc::Json& json);

oidc::Json to_json(const DeviceStore::State& state);
DeviceStore::State devices_from(const oidc::Json& json);

oidc::Json to_json(const AssertionStore::State& state);
AssertionStore::State assertions_from(const oidc::Json& json);

oidc::Json login_to_json(const Login& login);
Login login_from(const oidc::Json& json);

oidc::Json to_json(const BrowserStore::State& state);
BrowserStore::State browsers_from(const oidc::Json& json);

oidc::Json to_json(const PushedStore::State& state);
PushedStore::State pushed_from(const oidc::Json& json);

oidc::Json to_json(const RegistrationStore::State& state);
RegistrationStore::State registrations_from(const oidc::Json& json);

oidc::Json to_json(const KeyRing::State& state);
KeyRing::State keys_from(const oidc::Json& json);

}  // namespace mockserver
