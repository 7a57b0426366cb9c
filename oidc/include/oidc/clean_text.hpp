#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oidc {

/// Valid UTF-8 without control characters but line feed and tab: what XML, HTML and terminals can take. At most
/// `limit` bytes, cut between two characters; "…" comes on top where something was cut.
std::string clean_text(std::string_view text, std::size_t limit = std::string_view::npos);
/// As above, on one line.
std::string clean_line(std::string_view text, std::size_t limit = 400);

}  // namespace oidc
