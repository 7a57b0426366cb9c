#include "verbs/verb.hpp"

#include <array>

namespace mockserver {
namespace {

constexpr bool kReplaces = true;
constexpr bool kAlters = false;

// The order matters: first the reply is made, then its tokens are looked at, then its document is
// changed, then its header.
constexpr std::array kVerbs = {
    // In the place of the correct reply.
    Verb{"error", kReplaces, nullptr, &error_after},
    Verb{"status", kReplaces, nullptr, &status_after},
    Verb{"body", kReplaces, nullptr, &body_after},
    // What the request finds.
    Verb{"expire", kAlters, &expire_before, nullptr},
    Verb{"slow_down", kAlters, &slow_down_before, &slow_down_after},
    // The tokens that the reply issues.
    Verb{"claims", kAlters, &claims_before, &claims_after},
    Verb{"header", kAlters, &header_before, &header_after},
    Verb{"sign", kAlters, &sign_before, &sign_after},
    // The reply.
    Verb{"patch", kAlters, nullptr, &patch_after},
    Verb{"omit", kAlters, nullptr, &omit_after},
    Verb{"content_type", kAlters, nullptr, &content_type_after},
    Verb{"headers", kAlters, nullptr, &headers_after},
    Verb{"retry_after", kAlters, nullptr, &retry_after_after},
    // Its way to the client.
    Verb{"delay", kAlters, &delay_before, nullptr},
    Verb{"drop", kAlters, &drop_before, nullptr},
};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

}  // namespace mockserver
