#pragma once

#include <stop_token>

#include "oidc/clock.hpp"
#include "oidc/http.hpp"
#include "oidc/log.hpp"
#include "oidc/random.hpp"

namespace authcore {

/// Everything a client takes from outside: no globals, no hidden clock, no hidden network.
/// All referenced objects must outlive whatever is built with them.
struct Environment {
  oidc::Clock& clock;
  oidc::Random& random;
  oidc::HttpTransport& http;
  oidc::Log log{};
  std::stop_token stop{};  ///< cancels polling, listening and waiting: `Errc::kCancelled`
};

}  // namespace authcore
