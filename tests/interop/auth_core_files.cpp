// auth-core's half of test_planet_auth.py:
//
//   auth_core_files config FILE                   the client of a configuration: {"client_type", "credential_kind"}
//   auth_core_files keep FILE < CONFIG               checks a configuration and stores it
//   auth_core_files types                         all client types: [{"name", "keys"}]
//   auth_core_files load KIND FILE NOW            a stored credential, as auth-core sees it
//   auth_core_files save KIND FILE NOW < OBJECT   stores one; a token response if KIND is oidc
//   auth_core_files header CONFIG FILE NOW        {"header"}: what a request is sent with, refreshed if that is due
//
// Prints one JSON object: what was asked for, or {"error": CODE, "message": TEXT}. NOW is in epoch seconds.

#include <array>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "authcore/auth.hpp"
#include "authcore/file_storage.hpp"
#include "authcore/stored_client_config.hpp"
#include "oidc/http_client.hpp"

namespace {

using Arguments = std::vector<std::string>;
using authcore::Credential;
using authcore::CredentialKind;

oidc::TimePoint to_time(const std::string& epoch_seconds) {
  return oidc::TimePoint{std::chrono::seconds{std::atoll(epoch_seconds.c_str())}};
}

CredentialKind to_kind(const std::string& name) {
  for (const auto kind : {CredentialKind::kApiKey, CredentialKind::kPlanetLegacy}) {
    if (name == authcore::to_string(kind)) {
      return kind;
    }
  }
  return CredentialKind::kOidc;
}

oidc::Json or_null(const std::optional<std::string>& text) {
  return text ? oidc::Json(*text) : oidc::Json();
}

oidc::Json or_null(const std::optional<oidc::TimePoint>& time) {
  return time ? oidc::Json(oidc::epoch_seconds(*time).count()) : oidc::Json();
}

/// Everything that a client takes from outside, at a moment that stands still.
struct World {
  explicit World(const std::string& now) : clock{to_time(now)} {}
  authcore::Environment environment() { return {.clock = clock, .random = random, .http = http}; }

  oidc::VirtualClock clock;
  oidc::SystemRandom random{};
  oidc::HttpClient http{};
};

oidc::Result<oidc::Json> config(const Arguments& arguments) {
  World world{"0"};
  const auto object = authcore::FileStorage{}.load(arguments[0]);
  if (!object) {
    return object.error();
  }
  const auto client = authcore::make_client(*object, world.environment());
  if (!client) {
    return client.error();
  }
  return oidc::Json{{"client_type", (*client)->type_name()},
                    {"credential_kind", authcore::to_string((*client)->credential_kind())}};
}

oidc::Result<oidc::Json> standard_input() {
  return oidc::parse_json(std::string{std::istreambuf_iterator<char>{std::cin}, {}});
}

oidc::Result<oidc::Json> keep(const Arguments& arguments) {
  const auto object = standard_input();
  if (!object) {
    return object.error();
  }
  oidc::SystemClock clock;
  const authcore::CredentialLocation location{std::make_shared<authcore::FileStorage>(), arguments[0]};
  const auto saved = authcore::StoredObject{clock, authcore::client_config_rule(), location, *object}.save();
  return saved ? oidc::Result<oidc::Json>{oidc::Json::object()} : saved.error();
}

oidc::Result<oidc::Json> types(const Arguments& /*arguments*/) {
  oidc::Json list = oidc::Json::array();
  for (const auto& info : authcore::client_type_infos()) {
    oidc::Json keys = oidc::Json::array();
    for (const auto& hint : info.config_hints) {
      keys.push_back(hint.key);
    }
    list.push_back({{"name", info.name}, {"keys", keys}});
  }
  return list;
}

oidc::Result<oidc::Json> load(const Arguments& arguments) {
  const auto object = authcore::FileStorage{}.load(arguments[1]);
  if (!object) {
    return object.error();
  }
  const auto credential = Credential::from_json(to_kind(arguments[0]), *object, to_time(arguments[2]));
  if (!credential) {
    return credential.error();
  }
  return oidc::Json{{"access_token", or_null(credential->access_token())},
                    {"refresh_token", or_null(credential->refresh_token())},
                    {"id_token", or_null(credential->id_token())},
                    {"api_key", or_null(credential->api_key())},
                    {"legacy_jwt", or_null(credential->legacy_jwt())},
                    {"prefix", credential->token_prefix()},
                    {"issued_at", or_null(credential->issued_at())},
                    {"expires_at", or_null(credential->expires_at())},
                    {"expired", credential->is_expired(to_time(arguments[2]))}};
}

oidc::Result<oidc::Json> save(const Arguments& arguments) {
  const auto object = standard_input();
  if (!object) {
    return object.error();
  }
  const CredentialKind kind = to_kind(arguments[0]);
  const auto now = to_time(arguments[2]);
  const auto credential = kind == CredentialKind::kOidc ? Credential::from_response(*object, now)
                                                        : Credential::from_json(kind, *object, now);
  if (!credential) {
    return credential.error();
  }
  const auto saved = authcore::FileStorage{}.save(arguments[1], credential->json());
  return saved ? oidc::Result<oidc::Json>{oidc::Json::object()} : saved.error();
}

oidc::Result<oidc::Json> header(const Arguments& arguments) {
  World world{arguments[2]};
  const auto object = authcore::FileStorage{}.load(arguments[0]);
  if (!object) {
    return object.error();
  }
  const authcore::CredentialLocation location{std::make_shared<authcore::FileStorage>(), arguments[1]};
  const auto auth = authcore::Auth::from_config(*object, {.location = location}, world.environment());
  if (!auth) {
    return auth.error();
  }
  const auto value = (*auth)->request_authenticator().authorization_header();
  return value ? oidc::Result<oidc::Json>{oidc::Json{{"header", *value}}} : value.error();
}

struct Command {
  const char* name;
  std::size_t arguments;
  oidc::Result<oidc::Json> (*run)(const Arguments&);
};
constexpr std::array kCommands{Command{"config", 1, config}, Command{"keep", 1, keep}, Command{"types", 0, types},
                               Command{"load", 3, load},     Command{"save", 3, save}, Command{"header", 3, header}};

}  // namespace

int main(int argc, char** argv) {
  const Arguments words{argv + 1, argv + argc};
  for (const Command& command : kCommands) {
    if (words.size() == command.arguments + 1 && words[0] == command.name) {
      const auto result = command.run(Arguments{words.begin() + 1, words.end()});
      const oidc::Json answer =
          result ? *result
                 : oidc::Json{{"error", oidc::to_string(result.error().code)}, {"message", result.error().message}};
      fmt::print("{}\n", oidc::to_text(answer));
      return EXIT_SUCCESS;
    }
  }
  fmt::print(stderr, "usage: auth_core_files config|keep|types|load|save|header ... (see the head of its source)\n");
  return 2;
}
