// A client for the tests of this folder:
//
//   soak_client seed    PROVIDER LOCATION CONFIG < TOKEN_RESPONSE   stores a login
//   soak_client loop    PROVIDER LOCATION CONFIG [FAULT]            renews and saves until it is killed
//   soak_client threads PROVIDER LOCATION CONFIG COUNT [FAULT]      a round for each line of stdin
//
// PROVIDER is file or sqlite; LOCATION is the path of the file or of the database. CONFIG is a client configuration as
// JSON. FAULT is what the storage does wrong: in-place, forgetful, unlocked.
//
// loop prints a line after each renewal. A line for threads is the number of seconds that its clock is to be ahead;
// COUNT threads then ask for the token at once, and what they got is printed as one JSON array.
//
// Exit codes: 0 stdin ended, 1 no token could be had, 2 usage.

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <iterator>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "ahead_clock.hpp"
#include "authcore/auth.hpp"
#include "authcore/file_storage.hpp"
#include "authcore/sqlite_storage.hpp"
#include "faulty_storage.hpp"
#include "oidc/http_client.hpp"

namespace {

using soak::Storage;

constexpr int kFailed = 1;
constexpr int kUsage = 2;
/// Longer than any access token of these tests lives.
constexpr std::chrono::seconds kNap{3601};

struct World {
  soak::AheadClock clock{};
  oidc::SystemRandom random{};
  oidc::HttpClient http{};

  authcore::Environment environment() {
    const auto to_stderr = [](oidc::LogLevel level, std::string_view event, const oidc::Json& record) {
      fmt::print(stderr, "{}\n", oidc::to_line(level, event, record));
    };
    return {.clock = clock, .random = random, .http = http, .log = oidc::Log{clock, to_stderr}};
  }
};

/// nullopt for an unknown provider.
std::optional<authcore::CredentialLocation> open_storage(const std::string& provider, const std::string& location,
                                                         oidc::Clock& clock) {
  if (provider == "file") {
    return authcore::CredentialLocation{std::make_shared<authcore::FileStorage>(), location};
  }
  if (provider == "sqlite") {
    return authcore::CredentialLocation{std::make_shared<authcore::SqliteStorage>(location, clock), "token.json"};
  }
  return std::nullopt;
}

/// Null for an unknown fault.
std::shared_ptr<Storage> with_fault(std::shared_ptr<Storage> sound, const std::string& fault, oidc::Clock& clock) {
  if (fault.empty()) {
    return sound;
  }
  if (fault == "in-place") {
    return std::make_shared<soak::InPlaceStorage>(std::move(sound), clock);
  }
  if (fault == "forgetful") {
    return std::make_shared<soak::ForgetfulStorage>(std::move(sound));
  }
  return fault == "unlocked" ? std::make_shared<soak::UnlockedStorage>(std::move(sound)) : nullptr;
}

int failed(const oidc::Error& error) {
  fmt::print(stderr, "soak_client: {}: {}\n", oidc::to_string(error.code), error.message);
  return kFailed;
}

int seed(World& world, const authcore::CredentialLocation& location) {
  const std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
  const auto response = oidc::parse_json(text);
  if (!response) {
    return failed(response.error());
  }
  const auto credential = authcore::Credential::from_response(*response, world.clock.now());
  if (!credential) {
    return failed(credential.error());
  }
  const auto saved = location.provider->save(location.key, credential->json());
  return saved ? EXIT_SUCCESS : failed(saved.error());
}

int loop(World& world, authcore::Auth& auth) {
  std::string last;
  for (int renewals = 1;; ++renewals) {
    world.clock.set_ahead(renewals * kNap);
    const auto token = auth.request_authenticator().access_token();
    if (!token) {
      return failed(token.error());
    }
    if (*token == last) {
      return failed({oidc::Errc::kTokenExpired, "the token was not renewed"});
    }
    last = *token;
    fmt::print("{}\n", renewals);
    std::fflush(stdout);
  }
}

/// What `count` threads get that ask at the same moment.
oidc::Json ask_at_once(authcore::Auth& auth, std::size_t count) {
  std::vector<std::string> answers(count);
  std::latch everybody{static_cast<std::ptrdiff_t>(count)};
  std::vector<std::jthread> threads;
  for (std::string& answer : answers) {
    threads.emplace_back([&] {
      everybody.arrive_and_wait();
      const auto token = auth.request_authenticator().access_token();
      answer = token ? *token : "error: " + token.error().message;
    });
  }
  threads.clear();
  return answers;
}

int rounds(World& world, authcore::Auth& auth, std::size_t count) {
  for (std::string line; std::getline(std::cin, line);) {
    world.clock.set_ahead(std::chrono::seconds{std::atoll(line.c_str())});
    fmt::print("{}\n", oidc::to_text(ask_at_once(auth, count)));
    std::fflush(stdout);
  }
  return EXIT_SUCCESS;
}

int usage() {
  fmt::print(stderr, "usage: soak_client seed|loop|threads PROVIDER LOCATION CONFIG [COUNT] [FAULT]\n");
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments{argv + 1, argv + argc};
  if (arguments.size() < 4) {
    return usage();
  }
  World world;
  auto location = open_storage(arguments[1], arguments[2], world.clock);
  const auto config = oidc::parse_json(arguments[3]);
  const bool threads = arguments[0] == "threads";
  const std::size_t fault_at = threads ? 5 : 4;
  if (!location || !config || arguments.size() < fault_at || arguments.size() > fault_at + 1) {
    return usage();
  }
  const std::string fault = arguments.size() > fault_at ? arguments[fault_at] : "";
  location->provider = with_fault(location->provider, fault, world.clock);
  if (location->provider == nullptr) {
    return usage();
  }
  if (arguments[0] == "seed") {
    return seed(world, *location);
  }
  const auto auth = authcore::Auth::from_config(*config, {.location = *location}, world.environment());
  if (!auth) {
    return failed(auth.error());
  }
  return threads ? rounds(world, **auth, std::stoul(arguments[4])) : loop(world, **auth);
}
