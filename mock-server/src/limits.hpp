#pragma once

#include <cstddef>

/// What strangers can make an issuer keep. It goes on for days, on a clock that may stand still: nothing that it keeps
/// may grow with what it was sent.
namespace mockserver {

/// Parameters of a request, as they came. Tokens may be among them.
constexpr std::size_t kLongestForm = 64U << 10U;
/// Parameters that begin a login are kept until it is over. So much, common servers take of a URL.
constexpr std::size_t kLongestRequest = 8U << 10U;
/// Pushed requests (RFC 9126) are there for what is too long for a URL.
constexpr std::size_t kLongestPushed = 32U << 10U;
/// A client's metadata (RFC 7591) are kept until it is deleted, and so many clients.
constexpr std::size_t kLongestRegistration = 16U << 10U;
constexpr std::size_t kMostRegistrations = 1000;
/// So many codes, device grants, pushed requests and tokens of each kind are kept. Beyond that those go first that are
/// good for nothing any more, then the oldest.
constexpr std::size_t kMostKept = 10'000;
/// Proofs and assertions that were used: of each a hash and a time.
constexpr std::size_t kMostProofs = 100'000;

}  // namespace mockserver
