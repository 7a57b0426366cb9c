#include "form_request.hpp"

#include "refusal.hpp"

namespace mockserver {

oidc::Status read_form(Call& call) {
  if (!call.url.query.empty()) {
    return refusal("invalid_request", "parameters belong in the body, not in the query");
  }
  if (media_type(call.request.headers) != "application/x-www-form-urlencoded") {
    return refusal("invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  auto form = oidc::parse_form(call.request.body);
  if (!form) {
    return refusal("invalid_request", "malformed form body");
  }
  call.form = std::move(*form);
  if (call.form.repeated_name()) {
    return refusal("invalid_request", "a parameter is given more than once");
  }
  return oidc::Done{};
}

oidc::Result<std::string> require(const Call& call, std::string_view name) {
  auto value = call.parameter(name);
  if (!value) {
    return refusal("invalid_request", std::string{name} + " is missing");
  }
  return std::move(*value);
}

}  // namespace mockserver
