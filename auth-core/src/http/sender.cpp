#include "http/sender.hpp"

namespace authcore {
namespace {

void add_unless_there(oidc::Headers& headers, const char* name, const std::string& value) {
  if (!value.empty() && !headers.contains(name)) {
    headers.add(name, value);
  }
}

}  // namespace

std::string library_user_agent() {
  return "auth-core/" AUTH_CORE_VERSION;
}

void add_sender(oidc::Headers& headers, const Sender& sender) {
  add_unless_there(headers, "User-Agent", sender.user_agent.empty() ? library_user_agent() : sender.user_agent);
  add_planet_app(headers, sender.planet_app);
}

void add_planet_app(oidc::Headers& headers, const std::string& planet_app) {
  add_unless_there(headers, "X-Planet-App", planet_app);
}

}  // namespace authcore
