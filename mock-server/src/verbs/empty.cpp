#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace empty {

// What a process that ends leaves its clients with.
bool after(const oidc::Json&, Call& call, oidc::HttpResponse&) {
  return set_fault(call, Fault::kEmpty);
}

}  // namespace empty
}  // namespace

extern const Verb kEmptyVerb{.name = "empty", .after = &empty::after};

}  // namespace mockserver
