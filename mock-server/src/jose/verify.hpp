#pragma once

#include <string_view>

#include "oidc/jwk.hpp"

namespace mockserver {

/// The algorithms of client assertions, in the order of the documentation: RS256, PS256, ES256, EdDSA.
bool is_assertion_algorithm(std::string_view alg);

/// True if `signature` is right for `input` under `key` by `alg`; false also for a key that is not meant for it.
/// Only for what clients send: tokens are verified by whoever is under test. Thread-safe.
bool is_signed_by(const oidc::Jwk& key, std::string_view alg, std::string_view input, std::string_view signature);

}  // namespace mockserver
