#include "verbs/verb.hpp"

namespace mockserver {

// One file each.
extern const Verb kAdvanceVerb;
extern const Verb kBadChunkVerb;
extern const Verb kBarrierVerb;
extern const Verb kBodyVerb;
extern const Verb kCheckpointVerb;
extern const Verb kClaimsVerb;
extern const Verb kCodeAndErrorVerb;
extern const Verb kCommitThenDropVerb;
extern const Verb kContentTypeVerb;
extern const Verb kCorruptVerb;
extern const Verb kDelayVerb;
extern const Verb kDenyVerb;
extern const Verb kDeviceVerb;
extern const Verb kDropVerb;
extern const Verb kDuplicateCallbackVerb;
extern const Verb kDuplicateFieldVerb;
extern const Verb kEmptyVerb;
extern const Verb kErrorVerb;
extern const Verb kExpireVerb;
extern const Verb kExpiresInVerb;
extern const Verb kGraceVerb;
extern const Verb kHangVerb;
extern const Verb kHeaderVerb;
extern const Verb kHeadersVerb;
extern const Verb kIntervalVerb;
extern const Verb kIssVerb;
extern const Verb kIssuerMismatchVerb;
extern const Verb kJitterVerb;
extern const Verb kJsonPatchVerb;
extern const Verb kJwksVerb;
extern const Verb kKidVerb;
extern const Verb kNoCodeVerb;
extern const Verb kOmitVerb;
extern const Verb kPatchVerb;
extern const Verb kRateVerb;
extern const Verb kRedirectVerb;
extern const Verb kRefreshVerb;
extern const Verb kRefuseVerb;
extern const Verb kReplayPreviousVerb;
extern const Verb kResetVerb;
extern const Verb kRestartVerb;
extern const Verb kRestoreVerb;
extern const Verb kRetryAfterVerb;
extern const Verb kRevokeFamilyVerb;
extern const Verb kRotateVerb;
extern const Verb kScopeVerb;
extern const Verb kSerializeVerb;
extern const Verb kSetTimeVerb;
extern const Verb kSignVerb;
extern const Verb kSkewVerb;
extern const Verb kSlowDownVerb;
extern const Verb kStateVerb;
extern const Verb kStatusVerb;
extern const Verb kTlsVerb;
extern const Verb kTokenTypeVerb;
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
    &kRedirectVerb,
    &kRateVerb,
    &kDenyVerb,
    // What time it is, and which keys there are.
    &kAdvanceVerb,
    &kSetTimeVerb,
    &kSkewVerb,
    &kRotateVerb,
    // What the request finds.
    &kRestoreVerb,
    &kExpireVerb,
    &kDeviceVerb,
    &kSlowDownVerb,
    // The refresh token.
    &kRefreshVerb,
    &kGraceVerb,
    &kReplayPreviousVerb,
    &kRevokeFamilyVerb,
    // The tokens that the reply issues.
    &kScopeVerb,
    &kClaimsVerb,
    &kHeaderVerb,
    &kSignVerb,
    &kKidVerb,
    &kCorruptVerb,
    // What one endpoint says.
    &kJwksVerb,
    &kIssuerMismatchVerb,
    &kIntervalVerb,
    &kExpiresInVerb,
    &kTokenTypeVerb,
    &kStateVerb,
    &kIssVerb,
    &kNoCodeVerb,
    &kCodeAndErrorVerb,
    // The reply. What no document can hold comes last.
    &kPatchVerb,
    &kJsonPatchVerb,
    &kOmitVerb,
    &kDuplicateFieldVerb,
    &kDuplicateCallbackVerb,
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
