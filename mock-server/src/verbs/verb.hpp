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
  /// Before the request is processed (or not). False: it found nothing to do. May be null.
  bool (*before)(const oidc::Json& value, Call& call) = nullptr;
  /// Once there is a reply. False: the verb made no difference to it. May be null.
  bool (*after)(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) = nullptr;
};

/// All verbs, in the order in which they are applied.
std::span<const Verb> verbs();

// The functions of the table, by file.
bool error_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool status_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool body_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool patch_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool omit_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool content_type_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool headers_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool retry_after_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool claims_before(const oidc::Json& value, Call& call);
bool claims_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool header_before(const oidc::Json& value, Call& call);
bool header_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool sign_before(const oidc::Json& value, Call& call);
bool sign_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool expire_before(const oidc::Json& value, Call& call);
bool slow_down_before(const oidc::Json& value, Call& call);
bool slow_down_after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply);
bool delay_before(const oidc::Json& value, Call& call);
bool drop_before(const oidc::Json& value, Call& call);

}  // namespace mockserver
