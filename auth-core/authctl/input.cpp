#include "input.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "output.hpp"

namespace authctl {
namespace {

constexpr int kPatienceMs = 100;  // how long Ctrl-C may go unseen
constexpr std::string_view kSpace = " \t\r\n\v\f";

/// The first word so far; ends with the space behind it, if that was seen.
std::string_view first_word(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  const std::size_t end = text.find_first_of(kSpace);
  return text.substr(0, end == std::string_view::npos ? end : end + 1);
}

bool ends_with_space(std::string_view word) {
  return !word.empty() && kSpace.find(word.back()) != std::string_view::npos;
}

/// False at the end of the input.
bool read_more(std::string& text) {
  std::array<char, 4096> chunk{};
  const ssize_t count = ::read(STDIN_FILENO, chunk.data(), chunk.size());
  if (count > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

oidc::Result<std::string> read_token_from_stdin(const std::stop_token& stop) {
  if (::isatty(STDIN_FILENO) != 0) {
    note("Waiting for a token and the end of its line (Ctrl-C: none).");
  }
  std::string text;
  bool has_more = true;
  while (has_more && !ends_with_space(first_word(text))) {
    if (stop.stop_requested()) {
      return oidc::Error{oidc::Errc::kCancelled, "no token was read from standard input"};
    }
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, kPatienceMs) > 0) {
      has_more = read_more(text);
    }
  }
  std::string token{first_word(text)};
  if (ends_with_space(token)) {
    token.pop_back();
  }
  if (token.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "there is no token on standard input"};
  }
  return token;
}

}  // namespace authctl
