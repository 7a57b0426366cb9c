#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace scope {

bool before(const oidc::Json& value, Call& call) {
  if (value.is_array()) {
    call.changes.scopes = value.get<std::vector<std::string>>();
  }
  return true;
}

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  const auto document = oidc::parse_json(reply.body);
  if (!document || !document->is_object() || !document->contains("access_token")) {
    return false;
  }
  if (value.is_array()) {
    return true;
  }
  const bool has_scope = document->contains("scope");
  edit_document(reply, [](oidc::Json& tokens) { tokens.erase("scope"); });
  return has_scope;
}

}  // namespace scope
}  // namespace

extern const Verb kScopeVerb{
    .name = "scope", .needs_processing = true, .endpoints = "token", .before = &scope::before, .after = &scope::after};

}  // namespace mockserver
