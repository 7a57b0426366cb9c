#include <algorithm>
#include <unordered_map>

#include "control/actions.hpp"

namespace mockserver::control {

/// One family for each thing that came from nothing; its members in order of issue, so that a parent always stands
/// before its children. Flat, since a family may be thousands of refreshes deep.
oidc::HttpResponse lineage(Call& call) {
  const auto live = call.issuer->live_tokens();
  oidc::Json families = oidc::Json::array();
  std::unordered_map<std::string, std::size_t> family_of;
  for (const Ledger::Entry& entry : call.issuer->ledger().entries()) {
    if (entry.kind == "secret" || entry.kind == "session" || entry.kind == "page") {
      continue;  // a client's or a browser's, not a token
    }
    const auto parent = family_of.find(entry.parent);
    const std::size_t family = parent != family_of.end() ? parent->second : families.size();
    if (parent == family_of.end()) {
      families.push_back({{"root", entry.name}, {"live", false}, {"members", oidc::Json::array()}});
    }
    family_of.emplace(entry.name, family);
    oidc::Json member = {
        {"name", entry.name}, {"parent", entry.parent}, {"issued_at", oidc::format_iso8601(entry.issued_at)}};
    if (entry.kind == "at" || entry.kind == "rt") {
      const bool lives = std::ranges::find(live, entry.name) != live.end();
      member["live"] = lives;
      families[family]["live"] = lives || families[family]["live"].get<bool>();
    }
    families[family]["members"].push_back(std::move(member));
  }
  return json_reply(200, {{"families", std::move(families)}});
}

}  // namespace mockserver::control
