// What an application pays for each request it sends (header) or receives (validation).
#include <benchmark/benchmark.h>

#include <memory>

#include "authcore/auth.hpp"
#include "authcore/memory_storage.hpp"
#include "authcore/token_validator.hpp"
#include "mockserver/direct_transport.hpp"
#include "oidc/clock.hpp"
#include "oidc/random.hpp"

namespace {

/// An issuer in this process, a client of it, and the machine's clock.
struct World {
  oidc::SystemClock clock;
  oidc::SystemRandom random;
  mockserver::Issuers issuers{"https://issuer.test"};
  std::shared_ptr<mockserver::Issuer> issuer;
  mockserver::DirectTransport http{issuers, clock};

  explicit World(const char* signing_alg)
      : issuer{issuers.create("bench", mockserver::parse_issuer_config({{"signing_alg", signing_alg}}).value(), clock)
                   .value()} {}

  authcore::Environment environment() { return {.clock = clock, .random = random, .http = http}; }
};

void header_from_cached_token(benchmark::State& state) {
  static World world{"RS256"};
  static const auto auth = [] {
    auto storage = std::make_shared<authcore::MemoryStorage>();
    const auto session = world.issuer->mint_session({.issued_at = world.clock.now()}).value();
    if (!storage->save("token.json", session)) {
      std::abort();
    }
    const oidc::Json config = {
        {"client_type", "oidc_device_code"}, {"client_id", "app"}, {"auth_server", world.issuer->base_url()}};
    return authcore::Auth::from_config(config, {storage, "token.json"}, world.environment()).value();
  }();
  for (auto _ : state) {
    auto header = auth->request_authenticator().authorization_header();
    benchmark::DoNotOptimize(header);
    if (!header) {
      state.SkipWithError(header.error().message.c_str());
      break;
    }
  }
}
BENCHMARK(header_from_cached_token)->Threads(1)->Threads(2)->UseRealTime();

void validate(benchmark::State& state, const char* algorithm) {
  World world{algorithm};
  authcore::JwksCache keys{world.issuer->base_url() + "/jwks", world.environment()};
  authcore::TokenValidator validator{keys, world.clock, {.algorithms = {algorithm}}};
  const std::string token = world.issuer->mint_token({}).value();
  const authcore::Expectation expected{.issuer = world.issuer->base_url(), .audience = world.issuer->config().audience};
  for (auto _ : state) {
    auto claims = validator.validate(token, expected);
    benchmark::DoNotOptimize(claims);
    if (!claims) {
      state.SkipWithError(claims.error().message.c_str());
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
void validate_rs256(benchmark::State& state) {
  validate(state, "RS256");
}
void validate_es256(benchmark::State& state) {
  validate(state, "ES256");
}
BENCHMARK(validate_rs256);
BENCHMARK(validate_es256);

}  // namespace
