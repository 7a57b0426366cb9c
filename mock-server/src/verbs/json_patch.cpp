#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace json_patch {

/// The library says by an exception that a patch doesn't fit its document.
bool apply(const oidc::Json& patch, oidc::Json& document) {
  try {
    document = document.patch(patch);
    return true;
  } catch (const oidc::Json::exception&) {
    return false;
  }
}

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  bool applied = false;
  edit_document(reply, [&](oidc::Json& document) { applied = apply(value, document); });
  return applied;
}

}  // namespace json_patch
}  // namespace

extern const Verb kJsonPatchVerb{.name = "json_patch", .after = &json_patch::after};

}  // namespace mockserver
