#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace rotate {

bool before(const oidc::Json& value, Call& call) {
  const bool is_object = value.is_object();
  call.world.keys.rotate({.keep_old = !is_object || value.value("overlap", true),
                          .publish = publication_of(is_object ? value.value("publish", "now") : "now")});
  return true;
}

}  // namespace rotate
}  // namespace

extern const Verb kRotateVerb{.name = "rotate", .before = &rotate::before};

}  // namespace mockserver
