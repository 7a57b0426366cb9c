#pragma once

#include <span>
#include <string>
#include <string_view>

#include "call.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// One endpoint of the issuer. Each lives in a file of its own and has one line in
/// endpoints/table.cpp.
struct Endpoint {
  std::string_view name;     ///< as in `When::endpoint`
  std::string_view path;     ///< below the base URL, unless the configuration moves it
  std::string_view methods;  ///< for the Allow header: "GET, HEAD"
  bool below = false;        ///< paths below `path` are the endpoint's, too
  bool no_store = false;     ///< replies, also errors, must not be cached
  bool cors = true;          ///< scripts in browsers may call it
  /// Whether this issuer has it, as far as its configuration says more than `endpoints`. Null: it has.
  bool (*available)(const World& world) = nullptr;
  /// Is the request well-formed, and who sends it? Runs before a step is looked for, so that
  /// a request that fails here can't eat one. Null: nothing to check.
  oidc::Status (*admit)(Call& call) = nullptr;
  /// Computes the correct reply.
  oidc::HttpResponse (*process)(Call& call) = nullptr;
  /// How this endpoint says that something is wrong.
  oidc::HttpResponse (*refuse)(const Call& call, const oidc::Error& error) = nullptr;
  /// Adds what the discovery document says of it; `url` is where it is. Null: nothing.
  void (*describe)(const World& world, const std::string& url, oidc::Json& metadata) = nullptr;

  bool allows(std::string_view method) const;
};

/// All endpoints, in the order of the documentation.
std::span<const Endpoint* const> endpoints();

/// Its path below the base URL at this issuer; nullopt if the issuer doesn't have it.
std::optional<std::string> path_of(const World& world, const Endpoint& endpoint);

/// The endpoint that a request path belongs to; null if none. Understands the well-known
/// forms of RFC 8414 section 3.1, where the issuer's path comes last.
const Endpoint* find_endpoint(const World& world, std::string_view path);

}  // namespace mockserver
