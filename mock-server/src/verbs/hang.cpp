#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse&) {
  return set_fault(call, Fault::kHang);
}

}  // namespace

extern const Verb kHangVerb{.name = "hang", .after = &after};

}  // namespace mockserver
