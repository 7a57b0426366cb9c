#include "claim_scopes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mockserver {
namespace {

constexpr std::pair<std::string_view, std::string_view> kScopeOf[] = {
    {"name", "profile"},
    {"family_name", "profile"},
    {"given_name", "profile"},
    {"middle_name", "profile"},
    {"nickname", "profile"},
    {"preferred_username", "profile"},
    {"profile", "profile"},
    {"picture", "profile"},
    {"website", "profile"},
    {"gender", "profile"},
    {"birthdate", "profile"},
    {"zoneinfo", "profile"},
    {"locale", "profile"},
    {"updated_at", "profile"},
    {"email", "email"},
    {"email_verified", "email"},
    {"address", "address"},
    {"phone_number", "phone"},
    {"phone_number_verified", "phone"},
};

}  // namespace

std::string_view scope_of_claim(std::string_view claim) {
  const std::string_view name = claim.substr(0, claim.find('#'));  // section 5.2
  const auto* const found = std::ranges::find_if(kScopeOf, [&](const auto& one) { return one.first == name; });
  return found == std::end(kScopeOf) ? std::string_view{} : found->second;
}

}  // namespace mockserver
