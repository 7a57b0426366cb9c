#pragma once

#include <string_view>
#include <vector>

#include "jose/verify.hpp"

namespace mockserver {

/// What clients may sign with by a key of theirs, in the order of the documentation.
inline std::vector<std::string_view> client_key_algorithms() {
  std::vector<std::string_view> names{"RS256", "RS384", "RS512", "PS256", "PS384",
                                      "PS512", "ES256", "ES384", "ES512", "EdDSA"};
  std::erase_if(names, [](std::string_view name) { return !is_assertion_algorithm(name); });
  return names;
}

}  // namespace mockserver
