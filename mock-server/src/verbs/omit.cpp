#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {

void omit_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  edit_document(reply, [&](oidc::Json& document) {
    for (const auto& name : value) {
      if (document.is_object()) {
        document.erase(name.get<std::string>());
      }
    }
  });
}

}  // namespace mockserver
