#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {

bool patch_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  return edit_document(reply, [&](oidc::Json& document) { document.merge_patch(value); });
}

}  // namespace mockserver
