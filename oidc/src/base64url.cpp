#include "oidc/base64url.hpp"

#include <array>
#include <cstdint>

namespace oidc {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNotInAlphabet = 0xFF;

constexpr std::array<std::uint8_t, 256> make_table(std::string_view alphabet) {
  std::array<std::uint8_t, 256> table{};
  for (auto& entry : table) {
    entry = kNotInAlphabet;
  }
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr auto kStandardTable = make_table(kStandard);
constexpr auto kUrlSafeTable = make_table(kUrlSafe);

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3 + 2);
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    buffer = (buffer << 8U) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6;) {
      bits -= 6;
      text += alphabet[(buffer >> bits) & 0x3FU];
    }
  }
  if (bits > 0) {
    text += alphabet[(buffer << (6 - bits)) & 0x3FU];
  }
  return text;
}

// Four characters at a time, up to the first four that are not whole or not good; returns how many were.
std::size_t decode_quads(std::string_view text, const std::array<std::uint8_t, 256>& table, std::string& bytes) {
  const auto value = [&](std::size_t i) -> std::uint32_t { return table[static_cast<unsigned char>(text[i])]; };
  std::size_t quad = 0;
  for (; (quad + 1) * 4 <= text.size(); ++quad) {
    const std::size_t in = quad * 4;
    const std::uint32_t a = value(in);
    const std::uint32_t b = value(in + 1);
    const std::uint32_t c = value(in + 2);
    const std::uint32_t d = value(in + 3);
    if (((a | b | c | d) & ~0x3FU) != 0) {
      break;
    }
    const std::uint32_t three = (a << 18U) | (b << 12U) | (c << 6U) | d;
    bytes[quad * 3] = static_cast<char>((three >> 16U) & 0xFFU);
    bytes[quad * 3 + 1] = static_cast<char>((three >> 8U) & 0xFFU);
    bytes[quad * 3 + 2] = static_cast<char>(three & 0xFFU);
  }
  return quad;
}

Result<std::string> decode(std::string_view text, const std::array<std::uint8_t, 256>& table, const char* what) {
  if (text.size() % 4 == 1) {
    return Error{Errc::kInvalidArgument, std::string{what} + ": the length is not possible"};
  }
  std::string bytes(text.size() * 3 / 4, '\0');
  const std::size_t quads = decode_quads(text, table, bytes);
  std::size_t size = quads * 3;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (std::size_t i = quads * 4; i < text.size(); ++i) {
    const std::uint8_t value = table[static_cast<unsigned char>(text[i])];
    if (value == kNotInAlphabet) {
      return Error{Errc::kInvalidArgument, std::string{what} + ": bad character at offset " + std::to_string(i)};
    }
    buffer = (buffer << 6U) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[size++] = static_cast<char>((buffer >> bits) & 0xFFU);
    }
  }
  if ((buffer & ((1U << bits) - 1U)) != 0) {
    return Error{Errc::kInvalidArgument, std::string{what} + ": non-zero trailing bits"};
  }
  return bytes;
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
  return encode(bytes, kUrlSafe);
}

Result<std::string> base64url_decode(std::string_view text) {
  return decode(text, kUrlSafeTable, "base64url");
}

std::string base64_encode(std::string_view bytes) {
  std::string text = encode(bytes, kStandard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

Result<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) {
    return Error{Errc::kInvalidArgument, "base64: the length is not a multiple of four"};
  }
  for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding) {
    text.remove_suffix(1);
  }
  return decode(text, kStandardTable, "base64");
}

}  // namespace oidc
