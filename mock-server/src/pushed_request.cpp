#include "pushed_request.hpp"

#include "form_request.hpp"
#include "refusal.hpp"

namespace mockserver {

oidc::Status take_pushed_parameters(Call& call) {
  const auto request_uri = call.parameter("request_uri");
  if (!request_uri || !request_uri->starts_with(kRequestUriPrefix)) {
    return oidc::Done{};
  }
  auto pushed = call.world.pushed.find(*request_uri, call.client_id, call.now);
  if (!pushed) {
    return refusal("invalid_request_uri", "the request_uri is unknown, expired or another client's");
  }
  take_parameters(call, {std::move(pushed->form)});
  call.pushed = *request_uri;
  return oidc::Done{};
}

std::optional<oidc::Form> refused_as_used(const Call& call) {
  if (call.pushed.empty() || call.world.pushed.use(call.pushed)) {
    return std::nullopt;
  }
  return oidc::Form{{"error", "invalid_request_uri"}, {"error_description", "the request_uri was used before"}};
}

}  // namespace mockserver
