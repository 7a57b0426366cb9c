#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace oidc {

/// Valid UTF-8 without what a terminal obeys, what turns the order of the letters around (bidirectional controls) and
/// what XML refuses; of all controls line feed and tab stay. At most `limit` bytes, cut between two characters; "…"
/// comes on top where something was cut.
std::string clean_text(std::string_view text, std::size_t limit = std::string_view::npos);
/// As above, on one line.
std::string clean_line(std::string_view text, std::size_t limit = 400);
/// JSON text with the same characters as \uXXXX: the value stays what it is.
std::string clean_json(std::string json);

/// Prints clean text: the one way to a terminal for what others may have written.
void say(std::FILE* stream, std::string_view text);

}  // namespace oidc
