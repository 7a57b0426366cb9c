#include "verbs/verb.hpp"

namespace mockserver {

// One file each.
extern const Verb kBodyVerb;
extern const Verb kClaimsVerb;
extern const Verb kContentTypeVerb;
extern const Verb kDelayVerb;
extern const Verb kDropVerb;
extern const Verb kErrorVerb;
extern const Verb kExpireVerb;
extern const Verb kHeaderVerb;
extern const Verb kHeadersVerb;
extern const Verb kOmitVerb;
extern const Verb kPatchVerb;
extern const Verb kRetryAfterVerb;
extern const Verb kSignVerb;
extern const Verb kSlowDownVerb;
extern const Verb kStatusVerb;

namespace {

// The order matters: first the reply is made, then its tokens are looked at, then its document is
// changed, then its header.
constexpr const Verb* kVerbs[] = {
    // In the place of the correct reply.
    &kErrorVerb,
    &kStatusVerb,
    &kBodyVerb,
    // What the request finds.
    &kExpireVerb,
    &kSlowDownVerb,
    // The tokens that the reply issues.
    &kClaimsVerb,
    &kHeaderVerb,
    &kSignVerb,
    // The reply.
    &kPatchVerb,
    &kOmitVerb,
    &kContentTypeVerb,
    &kHeadersVerb,
    &kRetryAfterVerb,
    // Its way to the client.
    &kDelayVerb,
    &kDropVerb,
};

}  // namespace

std::span<const Verb* const> verbs() {
  return kVerbs;
}

}  // namespace mockserver
