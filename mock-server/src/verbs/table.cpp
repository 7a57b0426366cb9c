#include "verbs/verb.hpp"

namespace mockserver {

// One file each.
extern const Verb kBadChunkVerb;
extern const Verb kBarrierVerb;
extern const Verb kBodyVerb;
extern const Verb kCheckpointVerb;
extern const Verb kClaimsVerb;
extern const Verb kCommitThenDropVerb;
extern const Verb kContentTypeVerb;
extern const Verb kDelayVerb;
extern const Verb kDropVerb;
extern const Verb kEmptyVerb;
extern const Verb kErrorVerb;
extern const Verb kExpireVerb;
extern const Verb kHangVerb;
extern const Verb kHeaderVerb;
extern const Verb kHeadersVerb;
extern const Verb kJitterVerb;
extern const Verb kOmitVerb;
extern const Verb kPatchVerb;
extern const Verb kRefuseVerb;
extern const Verb kResetVerb;
extern const Verb kRestartVerb;
extern const Verb kRestoreVerb;
extern const Verb kRetryAfterVerb;
extern const Verb kSerializeVerb;
extern const Verb kSignVerb;
extern const Verb kSlowDownVerb;
extern const Verb kStatusVerb;
extern const Verb kTlsVerb;
extern const Verb kTrickleVerb;
extern const Verb kTruncateVerb;

namespace {

// The order matters: first the reply is made, then its tokens are looked at, then its document is
// changed, then its header.
constexpr const Verb* kVerbs[] = {
    // In the place of the correct reply.
    &kErrorVerb,
    &kStatusVerb,
    &kBodyVerb,
    // What the request finds.
    &kRestoreVerb,
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
    // What the request leaves.
    &kCheckpointVerb,
    // Its way to the client.
    &kBarrierVerb,
    &kSerializeVerb,
    &kDelayVerb,
    &kJitterVerb,
    &kTrickleVerb,
    &kDropVerb,
    &kCommitThenDropVerb,
    &kResetVerb,
    &kEmptyVerb,
    &kTruncateVerb,
    &kBadChunkVerb,
    &kHangVerb,
    &kRestartVerb,
    &kRefuseVerb,
    &kTlsVerb,
};

}  // namespace

std::span<const Verb* const> verbs() {
  return kVerbs;
}

}  // namespace mockserver
