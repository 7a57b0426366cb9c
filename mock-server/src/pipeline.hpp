#pragma once

#include "mockserver/issuer.hpp"
#include "oidc/http.hpp"
#include "world.hpp"

namespace mockserver {

/// The way of every request: route, admit, take a step, process, finish, journal.
/// Never throws and never sleeps. Thread-safe.
Reply answer(World& world, const oidc::HttpRequest& request);

/// The way of a request that is no issuer's, but that this one's journal is to have.
Reply answer_stray(World& world, const oidc::HttpRequest& request);

}  // namespace mockserver
