#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace patch {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  return edit_document(reply, [&](oidc::Json& document) { document.merge_patch(value); });
}

}  // namespace patch
}  // namespace

extern const Verb kPatchVerb{.name = "patch", .after = &patch::after};

}  // namespace mockserver
