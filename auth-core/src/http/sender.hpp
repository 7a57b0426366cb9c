#pragma once

#include "authcore/environment.hpp"
#include "oidc/http.hpp"

namespace authcore {

/// Says in User-Agent who sends, and in X-Planet-App if the sender has a name there (HTTP-001). What the request says
/// already stays.
void add_sender(oidc::Headers& headers, const Sender& sender);

/// X-Planet-App alone, for requests of the application itself (RA-005).
void add_planet_app(oidc::Headers& headers, const std::string& planet_app);

}  // namespace authcore
