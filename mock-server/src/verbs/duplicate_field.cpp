#include "caching.hpp"
#include "oidc/form.hpp"
#include "oidc/url.hpp"
#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace duplicate_field {

/// As text, since no document can hold it.
bool duplicate_member(const std::string& name, const oidc::Json& value, std::string& body) {
  const auto end = body.find_last_of('}');
  if (end == std::string::npos || body.find("\"" + name + "\":") == std::string::npos) {
    return false;
  }
  body.insert(end, "," + oidc::to_text(name) + ":" + oidc::to_text(value));
  return true;
}

bool duplicate_parameter(const std::string& name, const oidc::Json& value, oidc::HttpResponse& reply) {
  const std::string location = reply.headers.get("Location").value_or("");
  const auto parameters = redirect_parameters(location);
  if (!parameters || !parameters->contains(name)) {
    return false;
  }
  const oidc::Form more{{name, value.is_string() ? value.get<std::string>() : oidc::to_text(value)}};
  reply.headers.set("Location", is_in_fragment(location) ? location + "&" + more.encode()
                                                         : oidc::append_query(location, more.encode()));
  return true;
}

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  const bool is_redirect = reply.headers.contains("Location");
  bool all = is_redirect || oidc::parse_json(reply.body);
  for (const auto& [name, second] : value.items()) {
    all = all && (is_redirect ? duplicate_parameter(name, second, reply) : duplicate_member(name, second, reply.body));
  }
  if (reply.headers.contains("ETag")) {
    reply.headers.set("ETag", entity_tag(reply.body));
  }
  return all;
}

}  // namespace duplicate_field
}  // namespace

extern const Verb kDuplicateFieldVerb{.name = "duplicate_field", .after = &duplicate_field::after};

}  // namespace mockserver
