#pragma once

#include <string_view>

namespace authcore {

/// True for a token or key that a header line can hold: visible ASCII, and not empty.
bool is_header_token(std::string_view text);

/// True for words of visible ASCII with spaces between them: what a header line can hold and keeps as it is.
bool is_header_text(std::string_view text);

}  // namespace authcore
