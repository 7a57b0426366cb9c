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
  /// It changes what processing does: without effect beside a verb that replaces.
  bool needs_processing = false;
  /// Where alone it can have an effect: names of endpoints and of grants, separated by blanks. "": anywhere.
  std::string_view endpoints{};
  std::string_view grants{};
  /// Before the request is processed (or not). False: it found nothing to do. May be null.
  bool (*before)(const oidc::Json& value, Call& call) = nullptr;
  /// Once there is a reply. False: the verb made no difference to it. May be null.
  bool (*after)(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) = nullptr;
};

/// All verbs, in the order in which they are applied.
std::span<const Verb* const> verbs();

}  // namespace mockserver
