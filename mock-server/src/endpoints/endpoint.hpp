#pragma once

#include <span>
#include <string_view>

#include "call.hpp"
#include "oidc/http.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// One endpoint of the issuer. Each lives in a file of its own and has one line in
/// endpoints/table.cpp.
struct Endpoint {
  std::string_view name;     ///< as in `When::endpoint`
  std::string_view path;     ///< below the base URL; "" for none of its own
  std::string_view methods;  ///< for the Allow header: "GET, HEAD"
  bool no_store = false;     ///< replies, also errors, must not be cached
  bool cors = true;          ///< scripts in browsers may call it
  /// Is the request well-formed, and who sends it? Runs before a step is looked for, so that
  /// a request that fails here can't eat one. Null: nothing to check.
  oidc::Status (*admit)(Call& call) = nullptr;
  /// Computes the correct reply.
  oidc::HttpResponse (*process)(Call& call) = nullptr;
  /// How this endpoint says that something is wrong.
  oidc::HttpResponse (*refuse)(const Call& call, const oidc::Error& error) = nullptr;

  bool allows(std::string_view method) const;
};

/// All endpoints, in the order of the documentation.
std::span<const Endpoint> endpoints();

/// The endpoint that a request path belongs to; null if none. Understands the well-known
/// forms of RFC 8414 section 3.1, where the issuer's path comes last.
const Endpoint* find_endpoint(std::string_view path, std::string_view base_path);

// The functions of the table, by file.
oidc::HttpResponse discovery(Call& call);  // discovery.cpp
oidc::HttpResponse jwks(Call& call);       // jwks.cpp
oidc::Status admit_authorize(Call& call);  // authorize.cpp
oidc::HttpResponse authorize(Call& call);
oidc::Status admit_token(Call& call);  // token.cpp
oidc::HttpResponse token(Call& call);
oidc::Status admit_device_authorization(Call& call);  // device_authorization.cpp
oidc::HttpResponse device_authorization(Call& call);
oidc::HttpResponse device_page(Call& call);  // device_page.cpp
oidc::Status admit_userinfo(Call& call);     // userinfo.cpp
oidc::HttpResponse userinfo(Call& call);
oidc::Status admit_introspect(Call& call);  // introspect.cpp
oidc::HttpResponse introspect(Call& call);
oidc::Status admit_revoke(Call& call);  // revoke.cpp
oidc::HttpResponse revoke(Call& call);

}  // namespace mockserver
