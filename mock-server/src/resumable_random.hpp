#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <span>

#include "oidc/random.hpp"

namespace mockserver {

/// `oidc::SeededRandom` that can go on where another of the same seed has stopped, so that a server that is
/// started again issues nothing twice. Thread-safe.
class ResumableRandom final : public oidc::Random {
 public:
  explicit ResumableRandom(std::uint64_t seed) : seeded_{seed} {}

  void fill(std::span<std::uint8_t> bytes) override {
    const std::scoped_lock lock{mutex_};
    words_ += (bytes.size() + kWord - 1) / kWord;
    seeded_.fill(bytes);
  }

  /// How far it has come, in words of the generator.
  std::uint64_t position() const {
    const std::scoped_lock lock{mutex_};
    return words_;
  }
  /// Goes on from there; nothing if it is past that.
  void skip_to(std::uint64_t position) {
    const std::scoped_lock lock{mutex_};
    std::array<std::uint8_t, kWord * 1024> thrown_away{};
    while (words_ < position) {
      const auto count = std::min<std::uint64_t>(position - words_, 1024);
      seeded_.fill({thrown_away.data(), static_cast<std::size_t>(count * kWord)});
      words_ += count;
    }
  }

 private:
  static constexpr std::size_t kWord = sizeof(std::uint64_t);

  mutable std::mutex mutex_;
  oidc::SeededRandom seeded_;  // guarded by mutex_
  std::uint64_t words_ = 0;    // guarded by mutex_
};

}  // namespace mockserver
