// Issuer configurations: refused, or an issuer that tells the truth about itself.

#include <string>

#include "mockserver/issuer.hpp"
#include "target.hpp"

namespace fuzz {

void run_config(std::string_view input) {
  const auto json = oidc::parse_json(input);
  if (!json) {
    return;
  }
  auto config = mockserver::parse_issuer_config(*json);
  if (!config) {
    require(!config.error().message.empty(), "a reason");
    return;
  }
  if (config->keys.generate) {
    return;  // takes a tenth of a second each
  }
  oidc::VirtualClock clock{std::chrono::sys_days{std::chrono::January / 1 / 2030}};
  mockserver::Issuer issuer{*std::move(config), "https://issuer.test/alpha", clock};
  for (const char* path :
       {"/.well-known/openid-configuration", "/jwks", "/authorize?client_id=app&response_type=code"}) {
    require_sound(
        issuer.handle({.method = "GET", .url = issuer.base_url() + path, .headers = {}, .body = {}}).response);
  }
  require_sound(issuer
                    .handle({.method = "POST",
                             .url = issuer.base_url() + "/token",
                             .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                             .body = "grant_type=client_credentials&client_id=service-post&client_secret=x"})
                    .response);
}

}  // namespace fuzz
