// Judges tokens that another library signed:
//
//   validate_token access|id ISSUER AUDIENCE JWKS_FILE EPOCH_SECONDS < TOKENS
//
// Prints one line for each token (one a line): "ok <claims>" or the name of the error code.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <fmt/core.h>

#include "authcore/token_validator.hpp"
#include "oidc/clock.hpp"
#include "oidc/random.hpp"

namespace {

/// Answers every request with the key set.
class KeysOnly final : public oidc::HttpTransport {
 public:
  explicit KeysOnly(std::string body) : body_{std::move(body)} {}
  oidc::Result<oidc::HttpResponse> send(const oidc::HttpRequest&) override {
    return oidc::HttpResponse{.status = 200, .headers = {{"Content-Type", "application/jwk-set+json"}}, .body = body_};
  }

 private:
  std::string body_;
};

std::string judge(authcore::TokenValidator& validator, bool id_token, const std::string& token,
                  const authcore::Expectation& expected) {
  const auto claims = id_token ? validator.validate_id_token(token, expected) : validator.validate(token, expected);
  return claims ? "ok " + oidc::to_text(*claims) : std::string{oidc::to_string(claims.error().code)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: validate_token access|id ISSUER AUDIENCE JWKS_FILE EPOCH_SECONDS < TOKENS\n");
    return 2;
  }
  std::ifstream file{argv[4], std::ios::binary};
  KeysOnly transport{std::string{std::istreambuf_iterator<char>{file}, {}}};
  oidc::VirtualClock clock{oidc::TimePoint{std::chrono::seconds{std::atoll(argv[5])}}};
  oidc::SeededRandom random{1};
  authcore::JwksCache keys{"https://issuer.test/jwks", {.clock = clock, .random = random, .http = transport}};
  authcore::TokenValidator validator{keys, clock, {.algorithms = {"RS256", "ES256"}}};
  const authcore::Expectation expected{.issuer = argv[2], .audience = argv[3]};
  for (std::string token; std::getline(std::cin, token);) {
    fmt::print("{}\n", judge(validator, std::string{argv[1]} == "id", token, expected));
  }
  return 0;
}
