#include "world.hpp"

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

std::string World::origin() const {
  return base_url.substr(0, base_url.size() - base_path.size());
}

void World::move_to(const std::string& origin) {
  base_url = origin + base_path;
  issuer_id = config.trailing_slash ? base_url + "/" : base_url;
}

World::World(IssuerConfig issuer_config, std::string url, oidc::Clock& issuer_clock)
    : config{std::move(issuer_config)},
      base_url{std::move(url)},
      issuer_id{config.trailing_slash ? base_url + "/" : base_url},
      base_path{path_of(base_url)},
      clock{issuer_clock},
      created{clock.steady_now()},
      random{mixed_seed(config.seed, base_path)},
      registry{config.clients, config.users},
      keys{config.signing_alg, config.keys, random, mixed_seed(config.seed, base_path)},
      script{mixed_seed(config.seed, base_path + "#script")},
      journal{config.journal_max} {
  for (const auto& one : config.clients) {
    if (!one.secret.empty()) {
      ledger.record("secret", one.secret, "", now());
    }
    for (const std::string& alg : {one.id_token_alg, one.userinfo_alg}) {
      if (!alg.empty() && !alg.starts_with("HS")) {
        (void)keys.active(alg);  // in the JWKS from the start
      }
    }
  }
  checkpoints.put(Checkpoints::kFirst, snapshot(*this));
}

}  // namespace mockserver
