#include "oidc/clean_text.hpp"

#include <algorithm>

#include "oidc/json.hpp"

namespace oidc {
namespace {

bool continues_a_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::string cut(std::string text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  while (limit > 0 && continues_a_character(text[limit])) {
    --limit;
  }
  text.resize(limit);
  return text + "…";
}

/// A round trip through JSON replaces what is not UTF-8.
std::string valid_utf8(std::string_view text) {
  return parse_json(to_text(Json(std::string{text}))).value().get<std::string>();
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
  std::string clean;
  for (const char character : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte == '\r') {
      continue;
    }
    const bool printable = byte >= 0x20 && byte != 0x7f;
    clean += printable || byte == '\n' || byte == '\t' ? std::string(1, character) : std::string{"\uFFFD"};
  }
  return cut(std::move(clean), limit);
}

std::string clean_line(std::string_view text, std::size_t limit) {
  std::string line = clean_text(text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return cut(std::move(line), limit);
}

}  // namespace oidc
