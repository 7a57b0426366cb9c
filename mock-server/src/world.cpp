#include "world.hpp"

#include <algorithm>

#include "oidc/url.hpp"

namespace mockserver {
namespace {

std::string path_of(const std::string& base_url) {
  const auto url = oidc::parse_url(base_url);
  return !url || url->path == "/" ? "" : url->path;
}

/// The issuer's name goes in, its host and port do not: the same issuer gives the same
/// tokens over every transport, two issuers of one server never do.
std::uint64_t mixed_seed(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;  // FNV-1a
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

}  // namespace

World::World(IssuerConfig issuer_config, std::string url, oidc::Clock& issuer_clock)
    : config{std::move(issuer_config)},
      base_url{std::move(url)},
      base_path{path_of(base_url)},
      clock{issuer_clock},
      created{clock.steady_now()},
      random{mixed_seed(config.seed, base_path)},
      keys{config.signing_alg, random, mixed_seed(config.seed, base_path)},
      journal{config.journal_max} {
  for (const auto& one : config.clients) {
    if (!one.secret.empty()) {
      ledger.record("secret", one.secret, "", clock.now());
    }
  }
}

const ClientConfig* World::client(std::string_view id) const {
  const auto found = std::ranges::find(config.clients, id, &ClientConfig::id);
  return found == config.clients.end() ? nullptr : &*found;
}

const UserConfig* World::user(std::string_view sub) const {
  const auto found = std::ranges::find(config.users, sub, &UserConfig::sub);
  return found == config.users.end() ? nullptr : &*found;
}

}  // namespace mockserver
