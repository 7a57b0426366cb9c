#include "http/header_token.hpp"

#include <algorithm>

namespace authcore {

bool is_header_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool is_header_text(std::string_view text) {
  const bool is_printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return is_printable && !text.empty() && text.front() != ' ' && text.back() != ' ';
}

}  // namespace authcore
