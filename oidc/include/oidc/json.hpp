#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "oidc/result.hpp"

namespace oidc {

using Json = nlohmann::json;

/// Strict RFC 8259 parsing: one value, no comments, no duplicate member names, valid
/// UTF-8, nesting up to 100. Errors: `kInvalidArgument`; the message names the byte offset
/// or the repeated member and never quotes the text.
Result<Json> parse_json(std::string_view text);

/// Compact text; invalid UTF-8 is replaced, never thrown at; what no terminal may see is escaped (`clean_json`).
std::string to_text(const Json& value);
/// Two-space indentation, keys sorted, non-ASCII as \uXXXX, no trailing newline.
std::string to_pretty_text(const Json& value);

/// The member if `object` is an object that has it as a string.
std::optional<std::string> string_member(const Json& object, std::string_view name);

}  // namespace oidc
