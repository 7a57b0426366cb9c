#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace omit {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  std::size_t omitted = 0;
  edit_document(reply, [&](oidc::Json& document) {
    for (const auto& name : value) {
      omitted += document.is_object() ? document.erase(name.get<std::string>()) : 0;
    }
  });
  return omitted > 0;
}

}  // namespace omit
}  // namespace

extern const Verb kOmitVerb{.name = "omit", .after = &omit::after};

}  // namespace mockserver
