#pragma once

#include <span>
#include <string_view>

#include "call.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace mockserver {

/// One key of a step's `do`. Each lives in a file of its own and has one line in
/// verbs/table.cpp; its value has been checked against schema/step.schema.json.
struct Verb {
  std::string_view name;
  /// The reply is made by this and the other verbs instead of by processing the request, so
  /// that no state changes. `after` then starts from an empty 200.
  bool replaces = false;
  /// Before the request is processed (or not). May be null.
  void (*before)(const oidc::Json& value, Call& call) = nullptr;
  /// Once there is a reply. May be null.
  void (*after)(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) = nullptr;
};

/// All verbs, in the order in which they are applied.
std::span<const Verb> verbs();

// The functions of the table, by file.
void error_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void status_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void body_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void patch_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void omit_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void content_type_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void headers_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void retry_after_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
void claims_before(const oidc::Json& value, Call& call);
void header_before(const oidc::Json& value, Call& call);
void sign_before(const oidc::Json& value, Call& call);
void expire_before(const oidc::Json& value, Call& call);
void slow_down_before(const oidc::Json& value, Call& call);
void delay_before(const oidc::Json& value, Call& call);
void drop_before(const oidc::Json& value, Call& call);

}  // namespace mockserver
