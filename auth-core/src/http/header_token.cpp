#include "http/header_token.hpp"

#include <algorithm>

namespace authcore {

bool is_header_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace authcore
