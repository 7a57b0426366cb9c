#include "verbs/authorization_response.hpp"

#include "endpoints/endpoint.hpp"
#include "reply_document.hpp"

namespace mockserver {

bool edit_authorization(const Call& call, oidc::HttpResponse& reply, const std::function<bool(oidc::Json&)>& edit) {
  if (call.endpoint->name != "authorize") {
    return false;
  }
  bool changed = false;
  edit_document(reply, [&](oidc::Json& document) { changed = edit(document); });
  return changed;
}

}  // namespace mockserver
