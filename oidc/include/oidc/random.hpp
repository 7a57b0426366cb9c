#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>

/// The only randomness in the project.
namespace oidc {

/// A source of random bytes. Thread-safe.
class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;

  virtual void fill(std::span<std::uint8_t> bytes) = 0;

  /// `count` random bytes as unpadded base64url: 32 bytes make 43 characters.
  std::string token(std::size_t count = 32);
  /// Uniform in [0, bound); `bound` must not be 0.
  std::uint64_t below(std::uint64_t bound);
};

/// OpenSSL's generator; throws `std::runtime_error` if it has no entropy.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

/// The same bytes for the same seed, on every platform. For tests only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_{seed} {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;  // guarded by mutex_
};

}  // namespace oidc
