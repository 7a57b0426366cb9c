#include "verbs/issued.hpp"

#include <algorithm>

#include "oidc/json.hpp"

namespace mockserver {

bool issues_jwt(const oidc::HttpResponse& reply, std::string_view member) {
  const auto document = oidc::parse_json(reply.body);
  if (!document || !document->is_object()) {
    return false;
  }
  const auto token = oidc::string_member(*document, member);
  return token && std::ranges::count(*token, '.') == 2;
}

}  // namespace mockserver
