#pragma once

#include <optional>
#include <string_view>

#include "call.hpp"

namespace mockserver {

/// How the parameters of an authorization response travel (OAuth 2.0 Multiple Response Types section 2.1, Form Post).
enum class ResponseMode { kQuery, kFragment, kFormPost };

/// By its name; nullopt for one that isn't known here.
std::optional<ResponseMode> parse_response_mode(std::string_view name);

/// How this request is answered, with an error too: as it asks, else as its response type has it. What would answer a
/// type with tokens never stands in the query (OAuth 2.0 Multiple Response Types sections 3 and 5), although here only
/// errors do.
ResponseMode response_mode_of(const Call& call);

}  // namespace mockserver
