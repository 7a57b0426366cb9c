#pragma once

#include <stop_token>
#include <string>

#include "oidc/clock.hpp"
#include "oidc/http.hpp"
#include "oidc/log.hpp"
#include "oidc/random.hpp"

namespace authcore {

/// How requests say who sends them. The keys `user_agent` and `planet_app` of a client configuration come first.
struct Sender {
  std::string user_agent{};  ///< of requests to the server; "": `library_user_agent()`
  /// X-Planet-App, which servers of Planet read, on requests to the server and to the API; "": they go out without.
  std::string planet_app{};
};
/// "auth-core/<version>".
std::string library_user_agent();

/// Everything a client takes from outside: no globals, no hidden clock, no hidden network.
/// All referenced objects must outlive whatever is built with them.
struct Environment {
  oidc::Clock& clock;
  oidc::Random& random;
  oidc::HttpTransport& http;
  oidc::Log log{};
  std::stop_token stop{};  ///< cancels polling, listening and waiting: `Errc::kCancelled`
  Sender sender{};
};

}  // namespace authcore
