#pragma once

#include "mockserver/issuer.hpp"
#include "oidc/http.hpp"
#include "world.hpp"

namespace mockserver {

/// The way of every request: route, admit, take a step, process, finish, journal.
/// Never throws and never sleeps. Thread-safe.
Reply answer(World& world, const oidc::HttpRequest& request);

}  // namespace mockserver
