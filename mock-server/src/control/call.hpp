#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "control/problem.hpp"
#include "mockserver/control.hpp"
#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"
#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace mockserver::control {

/// What all calls share; outlives them.
struct World {
  Issuers& issuers;
  ControlOptions options;
  Server* server = nullptr;   ///< where the issuers are served; null if unknown
  std::mutex editing{};       ///< held by whoever changes a list that it read before: steps, resources
  std::stop_source ending{};  ///< requested when waits are to end
};

/// A request that fits a route: its body has the route's shape, its query only known names.
struct Call {
  World& world;
  std::string issuer_name;         ///< the path's {issuer}; "" if it has none
  std::shared_ptr<Issuer> issuer;  ///< null only if the path has no {issuer}
  std::string name;                ///< the path's {id} or {schema}; "" if it has none
  oidc::Form query;
  oidc::Json body;
  oidc::Headers headers{};  ///< of the request
  LaterReply later{};       ///< set by a call that waits (`await`)
};

using Action = oidc::HttpResponse (*)(Call&);

}  // namespace mockserver::control
