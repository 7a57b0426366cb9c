#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "question.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {
namespace device_page {

constexpr std::string_view kUnknown = "This code is unknown, expired or already used.";

oidc::HttpResponse ask_for_consent(const Call& call, const Question& question, const DeviceGrant& device) {
  return with_cookie(call, question.browser,
                     consent_page({.form = form_of(call, question),
                                   .client = device.client,
                                   .user = question.login->sub,
                                   .scopes = device.scopes,
                                   .user_code = device.user_code}));
}

/// A code was typed in, or confirmed. The device shows it, too, so that nobody approves another's by mistake
/// (RFC 8628 section 5.4).
oidc::HttpResponse read_code(Call& call) {
  if (auto again = asked_again(call, call.form)) {
    return *std::move(again);
  }
  const std::string code = call.form.value_or_empty("user_code");
  const auto device = call.world.devices.pending(code, call.now);
  if (!device) {
    return device_code_page(call.url.path, code, std::string{kUnknown});
  }
  call.client_id = device->client;
  const auto login = call.world.browsers.login_of(browser_of(call));
  const Question question = begin_question(call, Purpose::kDevice, device->user_code, login);
  return login ? ask_for_consent(call, question, *device) : ask_to_log_in(call, question, device->client, "");
}

oidc::HttpResponse finish(Call& call, const Question& question, bool yes) {
  const UserPtr user = question.login ? call.world.registry.user(question.login->sub) : nullptr;
  const bool approves = yes && user != nullptr && !user->denies;
  if (!call.world.browsers.end(question.id)) {
    return page_reply(400, "Connect a device", kUnknown);
  }
  const Decision decision = approves ? Decision::kApprove : Decision::kDeny;
  const auto decided = question.login
                           ? call.world.devices.decide_as(*question.login, question.request, decision, call.now)
                           : call.world.devices.decide(question.request, decision, call.now);
  if (!decided) {
    return page_reply(400, "Connect a device", kUnknown);
  }
  return page_reply(200, approves ? "Device connected" : "Access denied", "You can close this page.");
}

oidc::HttpResponse read_answer(Call& call, const oidc::Form& answer) {
  auto question = question_of(call, answer, Purpose::kDevice);
  if (!question) {
    return refuse_as_redirect(call, question.error());
  }
  const auto device = call.world.devices.pending(question->request, call.now);
  if (!device) {
    return device_code_page(call.url.path, "", std::string{kUnknown});
  }
  call.client_id = device->client;
  const std::string action = answer.value_or_empty("action");
  if (action == "deny" || (action == "approve" && question->login)) {
    return finish(call, *question, action == "approve");
  }
  if (action != "login") {
    return ask_to_log_in(call, *question, device->client, "");
  }
  if (const auto logged_in = log_in(call, *question, answer); !logged_in) {
    return ask_to_log_in(call, *question, device->client, answer.value_or_empty("username"), logged_in.error().message);
  }
  return ask_for_consent(call, *question, *device);
}

// The verification page (RFC 8628 section 3.3). Nobody logs in here unless the issuer has pages: else the
// control API or the configuration decides.
oidc::HttpResponse process(Call& call) {
  if (call.world.config.interaction != Interaction::kForm) {
    return page_reply(200, "Device", "The decision on this device is made through the control API.");
  }
  if (call.method == "GET") {
    return device_code_page(call.url.path, call.form.value_or_empty("user_code"), "");
  }
  const auto answer = answer_of(call);
  return answer ? read_answer(call, *answer) : read_code(call);
}

}  // namespace device_page
}  // namespace

extern const Endpoint kDevicePageEndpoint{
    .name = "device_page",
    .path = "/device",
    .methods = "GET, POST",
    .no_store = true,
    .cors = false,
    .admit = &read_browser_form,
    .process = &device_page::process,
    .refuse = &refuse_as_redirect,
};

}  // namespace mockserver
