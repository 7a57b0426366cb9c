#include "reply_document.hpp"

#include "oidc/form.hpp"
#include "oidc/url.hpp"

namespace mockserver {
namespace {

oidc::Json to_object(const oidc::Form& form) {
  auto object = oidc::Json::object();
  for (const auto& [name, value] : form) {
    object[name] = value;
  }
  return object;
}

/// Unchanged parameters keep their place, new ones come last.
oidc::Form with_changes(const oidc::Form& before, const oidc::Json& after) {
  oidc::Form form;
  const auto text = [](const oidc::Json& value) {
    return value.is_string() ? value.get<std::string>() : oidc::to_text(value);
  };
  for (const auto& [name, value] : before) {
    if (after.contains(name)) {
      form.set(name, text(after[name]));
    }
  }
  for (const auto& [name, value] : after.items()) {
    if (!form.contains(name)) {
      form.add(name, text(value));
    }
  }
  return form;
}

std::string edit_location(const std::string& location, const std::function<void(oidc::Json&)>& edit) {
  auto url = oidc::parse_url(location);
  const auto form = url ? oidc::parse_form(url->query) : oidc::Result<oidc::Form>{oidc::Error{}};
  if (!form) {
    return location;
  }
  oidc::Json document = to_object(*form);
  edit(document);
  const auto query = location.find('?');
  const std::string base = location.substr(0, query);
  const auto changed = with_changes(*form, document.is_object() ? document : oidc::Json::object());
  return changed.empty() ? base : oidc::append_query(base, changed.encode());
}

}  // namespace

void edit_document(oidc::HttpResponse& reply, const std::function<void(oidc::Json&)>& edit) {
  if (const auto location = reply.headers.get("Location")) {
    reply.headers.set("Location", edit_location(*location, edit));
    return;
  }
  if (auto document = oidc::parse_json(reply.body)) {
    edit(*document);
    reply.body = oidc::to_text(*document);
  }
}

}  // namespace mockserver
