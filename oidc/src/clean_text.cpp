#include "oidc/clean_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

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

/// Which is 1 for bytes of ASCII, 2 to 4 for the first of another character of valid UTF-8.
std::size_t size_at(std::string_view valid, std::size_t at) {
  const auto lead = static_cast<unsigned char>(valid[at]);
  return lead < 0x80U ? 1 : lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
}

char32_t code_of(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  char32_t code = character.size() == 1 ? lead : lead & (0xFFU >> (character.size() + 1));
  for (const char byte : character.substr(1)) {
    code = code << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  }
  return code;
}

bool is_control(char32_t code) {
  const bool is_for_terminals = (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code <= 0x9F);
  const bool turns_text = code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
                          (code >= 0x2066 && code <= 0x2069);
  const bool ends_a_line = code == 0x2028 || code == 0x2029;
  const bool is_no_character = code == 0xFFFE || code == 0xFFFF;
  return is_for_terminals || turns_text || ends_a_line || is_no_character;
}

/// `valid` with what `replacement` makes of each control.
template <class Replacement>
std::string without_controls(std::string_view valid, Replacement replacement) {
  std::string clean;
  clean.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const std::string_view character = valid.substr(at, size_at(valid, at));
    const char32_t code = code_of(character);
    is_control(code) ? clean.append(replacement(code)) : clean.append(character);
    at += character.size();
  }
  return clean;
}

/// True if the text may hold a control above ASCII, judged by its first byte.
bool may_hold_controls(std::string_view text) {
  return text.find_first_of("\x7F\xC2\xD8\xE2\xEF") != std::string_view::npos;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
  return cut(without_controls(valid_utf8(text), [](char32_t code) { return code == '\r' ? "" : "\uFFFD"; }), limit);
}

std::string clean_line(std::string_view text, std::size_t limit) {
  std::string line = clean_text(text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return cut(std::move(line), limit);
}

std::string clean_json(std::string json) {
  return may_hold_controls(json)
             ? without_controls(json, [](char32_t code) { return fmt::format("\\u{:04x}", std::uint32_t{code}); })
             : json;
}

void say(std::FILE* stream, std::string_view text) {
  const std::string clean = clean_text(text);
  std::fwrite(clean.data(), 1, clean.size(), stream);
}

}  // namespace oidc
