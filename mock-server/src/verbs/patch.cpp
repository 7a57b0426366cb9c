#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {

void patch_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  edit_document(reply, [&](oidc::Json& document) { document.merge_patch(value); });
}

}  // namespace mockserver
