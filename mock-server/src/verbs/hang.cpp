#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace hang {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse&) {
  return set_fault(call, Fault::kHang);
}

}  // namespace hang
}  // namespace

extern const Verb kHangVerb{.name = "hang", .after = &hang::after};

}  // namespace mockserver
