#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include <fmt/core.h>

namespace authctl {
namespace {

constexpr const char* kEraseLine = "\r\x1b[K";

void count_down(oidc::Clock& clock, const std::string& what, oidc::Duration left, const std::stop_token& stop) {
  const oidc::Duration end = clock.steady_now() + left;
  do {
    left = end - clock.steady_now();
    fmt::print(stderr, "{}{}, {} left", kEraseLine, what, format_remaining(left));
    std::fflush(stderr);
  } while (left.count() > 0 && clock.sleep_for(std::min<oidc::Duration>(std::chrono::seconds{1}, left), stop));
  fmt::print(stderr, "{}", kEraseLine);
  std::fflush(stderr);
}

}  // namespace

std::string format_remaining(oidc::Duration left) {
  const auto seconds = std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(left).count(), 0);
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

Progress::Progress(oidc::Clock& clock, std::string what, oidc::Duration left) {
  if (isatty(STDERR_FILENO) == 0) {
    fmt::print(stderr, "{}, {} left\n", what, format_remaining(left));
    return;
  }
  thread_ = std::jthread{
      [&clock, what = std::move(what), left](std::stop_token stop) { count_down(clock, what, left, stop); }};
}

}  // namespace authctl
