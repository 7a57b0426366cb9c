#include "reply_document.hpp"

#include <algorithm>

#include "caching.hpp"
#include "oidc/form.hpp"
#include "oidc/url.hpp"
#include "pages.hpp"

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

oidc::Form edited(const oidc::Form& form, const std::function<void(oidc::Json&)>& edit) {
  oidc::Json document = to_object(form);
  edit(document);
  return with_changes(form, document.is_object() ? document : oidc::Json::object());
}

bool edit_location(std::string& location, const std::function<void(oidc::Json&)>& edit) {
  const auto form = redirect_parameters(location);
  if (!form) {
    return false;
  }
  const auto changed = edited(*form, edit);
  const char mark = is_in_fragment(location) ? '#' : '?';
  location.resize(std::min(location.find(mark), location.size()));
  location += changed.empty() ? "" : mark + changed.encode();
  return true;
}

}  // namespace

std::optional<oidc::Form> redirect_parameters(const std::string& location) {
  const auto url = oidc::parse_url(location);
  const auto form = url ? oidc::parse_form(is_in_fragment(location) ? url->fragment : url->query)
                        : oidc::Result<oidc::Form>{oidc::Error{}};
  return form ? std::optional{*form} : std::nullopt;
}

bool is_in_fragment(std::string_view location) {
  return location.find('#') != std::string_view::npos;
}

bool edit_document(oidc::HttpResponse& reply, const std::function<void(oidc::Json&)>& edit) {
  if (auto location = reply.headers.get("Location")) {
    const bool edited = edit_location(*location, edit);
    reply.headers.set("Location", std::move(*location));
    return edited;
  }
  if (auto post = read_form_post_page(reply.body)) {
    post->parameters = edited(post->parameters, edit);
    reply.body = form_post_page(post->redirect_uri, post->parameters).body;
    return true;
  }
  auto document = oidc::parse_json(reply.body);
  if (!document) {
    return false;
  }
  edit(*document);
  reply.body = oidc::to_text(*document);
  if (reply.headers.contains("ETag")) {
    // Else a client that keeps this would be told later that it has the right one.
    reply.headers.set("ETag", entity_tag(reply.body));
  }
  return true;
}

}  // namespace mockserver
