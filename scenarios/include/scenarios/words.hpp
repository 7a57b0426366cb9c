#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oidc/result.hpp"

namespace scenarios {

/// Splits a command as a POSIX shell does, without being one: white space separates, 'single'
/// and "double" quotes and backslashes group; nothing is expanded, so `$HOME`, `*` and `|`
/// stand for themselves. Errors: `kInvalidArgument` for an open quote, a trailing backslash,
/// or no word at all.
oidc::Result<std::vector<std::string>> split_words(std::string_view command);

}  // namespace scenarios
