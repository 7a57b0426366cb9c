#include "oidc/random.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <stdexcept>
#include <vector>

#include <openssl/rand.h>

#include "oidc/base64url.hpp"

namespace oidc {

std::string Random::token(std::size_t count) {
  std::string bytes(count, '\0');
  fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return base64url_encode(bytes);
}

std::uint64_t Random::below(std::uint64_t bound) {
  if (bound == 0) {
    throw std::invalid_argument{"Random::below: the bound is 0"};
  }
  // The top of the range that isn't a whole multiple of `bound` would favour small values.
  const std::uint64_t excess = (UINT64_MAX % bound + 1) % bound;
  for (;;) {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    fill(bytes);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) {
      value = (value << 8U) | byte;
    }
    if (value <= UINT64_MAX - excess) {
      return value % bound;
    }
  }
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), INT_MAX);
    if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
      throw std::runtime_error{"the system's random generator has no entropy"};
    }
    bytes = bytes.subspan(count);
  }
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  const std::lock_guard lock{mutex_};
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    // Shifts, not memcpy: the same bytes on a big-endian machine.
    word = i % sizeof word == 0 ? engine_() : word >> 8U;
    bytes[i] = static_cast<std::uint8_t>(word & 0xFFU);
  }
}

}  // namespace oidc
