#pragma once

#include <string_view>

namespace mockserver {

/// HS256, HS384, HS512 (RFC 7518 section 3.2).
bool is_mac_algorithm(std::string_view alg);

/// True if `mac` is right for `input` under `secret` by one of them; never for an empty secret. Thread-safe.
bool is_authenticated_by(std::string_view secret, std::string_view alg, std::string_view input, std::string_view mac);

}  // namespace mockserver
