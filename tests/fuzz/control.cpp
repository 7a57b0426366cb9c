// Requests to the control API of a process with one issuer.

#include <string>

#include "mockserver/control.hpp"
#include "target.hpp"

namespace fuzz {
namespace {

/// Would wait for something in real time, or make RSA keys.
bool takes_long(const oidc::HttpRequest& request) {
  for (const char* word : {"wait", "stream", "events"}) {
    if (request.url.find(word) != std::string::npos) {
      return true;
    }
  }
  return request.body.find("sleepers") != std::string::npos || request.body.find("generate") != std::string::npos ||
         request.body.find("\\u") != std::string::npos;
}

}  // namespace

void run_control(std::string_view input) {
  static const mockserver::IssuerConfig config = mockserver::parse_issuer_config({{"signing_alg", "ES256"}}).value();
  oidc::VirtualClock clock{std::chrono::sys_days{std::chrono::January / 1 / 2030}};
  mockserver::Issuers issuers{"http://issuer.test"};
  require(issuers.create("main", config, clock).has_value(), "an issuer");
  mockserver::Control control{issuers, ""};
  const auto request = read_request(input, "http://127.0.0.1:1");
  if (takes_long(request)) {
    return;
  }
  require_sound(control.handle(request).reply.response);
  require(control.handle({.method = "GET", .url = "http://127.0.0.1:1/v1/issuers", .headers = {}, .body = {}})
                  .reply.response.status == 200,
          "an API that still works");
}

}  // namespace fuzz
