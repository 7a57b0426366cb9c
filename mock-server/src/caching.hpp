#pragma once

#include <string>
#include <string_view>

#include "call.hpp"
#include "oidc/http.hpp"

namespace mockserver {

/// A document that clients may keep as `keys.jwks_cache_control` says: with an entity tag, and 304 for a client that
/// has it already (RFC 9110 section 13.1.2). As it is if nothing is configured. `etag` "" is computed from the body.
oidc::HttpResponse cacheable(const Call& call, oidc::HttpResponse reply, std::string etag = "");

/// A strong entity tag of the text, with its quotes.
std::string entity_tag(std::string_view text);

}  // namespace mockserver
