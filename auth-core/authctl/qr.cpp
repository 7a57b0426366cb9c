#include "qr.hpp"

#include <qrencode.h>

#include <memory>

namespace authctl {
namespace {

constexpr int kQuietZone = 4;  // modules around the code, as ISO/IEC 18004 asks for
constexpr const char* kBlackOnWhite = "\x1b[30;107m";
constexpr const char* kReset = "\x1b[0m";

struct Free {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, Free>;

bool is_black(const QRcode& code, int x, int y) {
  const bool is_inside = x >= 0 && y >= 0 && x < code.width && y < code.width;
  return is_inside && (code.data[y * code.width + x] & 1U) != 0;
}

// Two modules above each other in one character.
const char* cell(bool upper, bool lower) {
  if (upper) {
    return lower ? "\u2588" : "\u2580";
  }
  return lower ? "\u2584" : " ";
}

}  // namespace

oidc::Result<std::string> qr_code(const std::string& text) {
  const Code code{QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_L)};
  if (!code) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the text does not fit into a QR code"};
  }
  std::string drawing;
  for (int y = -kQuietZone; y < code->width + kQuietZone; y += 2) {
    drawing += kBlackOnWhite;
    for (int x = -kQuietZone; x < code->width + kQuietZone; ++x) {
      drawing += cell(is_black(*code, x, y), is_black(*code, x, y + 1));
    }
    drawing += std::string{kReset} + "\n";
  }
  return drawing;
}

}  // namespace authctl
