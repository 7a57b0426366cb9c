#include <array>
#include <utility>

#include "config/readers.hpp"

namespace mockserver {
namespace {

constexpr std::array<std::pair<std::string_view, bool Leniency::*>, 9> kSwitches = {{
    {"any_client", &Leniency::any_client},
    {"any_redirect_uri", &Leniency::any_redirect_uri},
    {"any_secret", &Leniency::any_secret},
    {"any_auth_method", &Leniency::any_auth_method},
    {"any_scope", &Leniency::any_scope},
    {"no_pkce", &Leniency::no_pkce},
    {"json_body", &Leniency::json_body},
    {"query_parameters", &Leniency::query_parameters},
    {"duplicate_parameters", &Leniency::duplicate_parameters},
}};

}  // namespace

Leniency read_leniency(const oidc::Json& json) {
  Leniency lenient;
  for (const auto& [name, flag] : kSwitches) {
    if (json.is_boolean()) {
      lenient.*flag = json.get<bool>();
      continue;
    }
    for (const auto& named : json) {
      lenient.*flag = lenient.*flag || named == name;
    }
  }
  return lenient;
}

}  // namespace mockserver
