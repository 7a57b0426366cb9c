#include "form_request.hpp"

#include <set>
#include <utility>

#include "limits.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

std::string text_of(const oidc::Json& value) {
  return value.is_string() ? value.get<std::string>() : oidc::to_text(value);
}

/// The members of a JSON body as parameters, for `lenient.json_body`.
oidc::Result<oidc::Form> form_of_json(const std::string& body) {
  const auto json = oidc::parse_json(body);
  if (!json || !json->is_object()) {
    return refusal("invalid_request", "the body is no JSON object");
  }
  oidc::Form form;
  for (const auto& [name, value] : json->items()) {
    if (value.is_array()) {
      for (const auto& one : value) {
        form.add(name, text_of(one));
      }
    } else if (!value.is_null()) {
      form.add(name, text_of(value));
    }
  }
  return form;
}

/// Without a body there is nothing to say about its type.
oidc::Result<oidc::Form> read_body(const Call& call) {
  const std::string type = media_type(call.request.headers);
  if (call.world.config.lenient.json_body && type == "application/json") {
    return form_of_json(call.request.body);
  }
  if (type != "application/x-www-form-urlencoded" && !call.request.body.empty()) {
    return refusal("invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  auto form = oidc::parse_form(call.request.body);
  if (!form) {
    return refusal("invalid_request", "malformed form body");
  }
  return form;
}

oidc::Status check_size(const Call& call) {
  return call.request.body.size() + call.url.query.size() <= kLongestForm
             ? oidc::Status{oidc::Done{}}
             : refusal("invalid_request", "the parameters take more than " + std::to_string(kLongestForm) + " bytes",
                       413);
}

Parameters with_values(const oidc::Form& sent) {
  Parameters parameters;
  for (const auto& [name, value] : sent) {
    if (value.empty()) {
      parameters.empty.push_back(name);
    } else {
      parameters.form.add(name, value);
    }
  }
  return parameters;
}

}  // namespace

oidc::Result<Parameters> parse_parameters(std::string_view text) {
  const auto form = oidc::parse_form(text);
  return form ? oidc::Result<Parameters>{with_values(*form)} : form.error();
}

void take_parameters(Call& call, Parameters parameters) {
  call.form = std::move(parameters.form);
  call.empty_parameters = std::move(parameters.empty);
}

bool has_repetition(const Call& call) {
  std::set<std::string_view> names;
  for (const auto& [name, value] : call.form) {
    const bool may_repeat = name == "resource" || name == "audience";
    if (!names.insert(name).second && !may_repeat) {
      return !call.world.config.lenient.duplicate_parameters;
    }
  }
  return false;
}

oidc::Status read_form(Call& call) {
  auto form = read_body(call);
  if (!form) {
    return form.error();
  }
  if (call.world.config.lenient.query_parameters) {
    const auto query = oidc::parse_form(call.url.query);
    if (!query) {
      return refusal("invalid_request", "malformed query");
    }
    for (const auto& [name, value] : *query) {
      form->add(name, value);
    }
  }
  take_parameters(call, with_values(*form));
  if (const auto checked = check_size(call); !checked) {
    return checked;
  }
  if (has_repetition(call)) {
    return refusal("invalid_request", "a parameter is given more than once");
  }
  return oidc::Done{};
}

oidc::Status read_browser_form(Call& call) {
  const bool posted = call.method == "POST";
  if (posted && media_type(call.request.headers) != "application/x-www-form-urlencoded") {
    return refusal("invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  auto parameters = parse_parameters(posted ? call.request.body : call.url.query);
  if (!parameters) {
    return refusal("invalid_request", "malformed parameters");
  }
  take_parameters(call, *std::move(parameters));
  return check_size(call);
}

oidc::Status check_what_is_kept(const oidc::Form& form, std::size_t limit) {
  std::size_t size = 0;
  for (const auto& [name, value] : form) {
    size += name.size() + value.size();
  }
  return size <= limit ? oidc::Status{oidc::Done{}}
                       : refusal("invalid_request",
                                 "the request's parameters take more than " + std::to_string(limit) + " bytes", 413);
}

oidc::Result<std::string> require(const Call& call, std::string_view name) {
  auto value = call.parameter(name);
  if (!value) {
    return refusal("invalid_request", std::string{name} + " is missing");
  }
  return std::move(*value);
}

}  // namespace mockserver
