#include "verbs/issued.hpp"

#include <algorithm>

#include "endpoints/endpoint.hpp"
#include "reply_document.hpp"

namespace mockserver {
namespace {

bool looks_like_jwt(std::string_view token) {
  return std::ranges::count(token, '.') >= 1;
}

}  // namespace

bool issues_jwt(const oidc::HttpResponse& reply, std::string_view member) {
  const auto document = oidc::parse_json(reply.body);
  if (!document || !document->is_object()) {
    return false;
  }
  const auto token = oidc::string_member(*document, member);
  return token && looks_like_jwt(*token);
}

bool is_userinfo(const Call& call, const oidc::HttpResponse& reply) {
  return call.endpoint->name == "userinfo" && reply.status == 200 && !reply.body.empty();
}

bool issues_any_jwt(const Call& call, const oidc::HttpResponse& reply) {
  return issues_jwt(reply, "access_token") || issues_jwt(reply, "id_token") ||
         (is_userinfo(call, reply) && !reply.body.starts_with('{') && looks_like_jwt(reply.body));
}

bool set_token_member(oidc::HttpResponse& reply, std::string_view name, const oidc::Json& value) {
  bool set = false;
  edit_document(reply, [&](oidc::Json& document) {
    if (document.is_object() && document.contains("access_token")) {
      document[std::string{name}] = value;
      set = true;
    }
  });
  return set;
}

}  // namespace mockserver
