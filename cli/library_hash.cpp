#include "library_hash.hpp"

#include <fmt/core.h>

#include "oidc/openssl.hpp"

namespace cli {

std::string hash_of(const std::vector<scenarios::Scenario>& library) {
  std::string all;
  for (const auto& scenario : library) {
    all += scenario.id + '\0' + scenario.source + '\0';
  }
  std::string hex;
  for (const char byte : oidc::sha256(all).substr(0, 6)) {
    hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return hex;
}

}  // namespace cli
