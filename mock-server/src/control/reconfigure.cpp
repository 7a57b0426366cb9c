#include "control/reconfigure.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <shared_mutex>

#include "control/actions.hpp"
#include "mockserver/server_config.hpp"

namespace mockserver::control {
namespace {

/// What the parts of an issuer were made from.
constexpr std::array<std::string_view, 4> kSettled = {"seed", "signing_alg", "journal_max", "trailing_slash"};

/// The overlay with the patch laid over it. In metadata and claims a null says something itself.
oidc::Json patched(oidc::Json written, oidc::Json patch) {
  for (const char* name : {"metadata", "claims"}) {
    const auto found = patch.find(name);
    if (found != patch.end() && found->is_object()) {
      written[name] = join_overlays(written.value(name, oidc::Json::object()), *found);
      patch.erase(found);
    }
  }
  written.merge_patch(patch);
  return written;
}

/// Requires `settings` alone.
void use(mockserver::World& world, IssuerConfig config, const oidc::Json& changed) {
  if (!world.original) {
    world.original = std::move(world.config);
  }
  world.config = std::move(config);
  if (changed.contains("clients")) {
    world.registry.assign(world.config.clients);
  }
  if (changed.contains("users")) {
    world.registry.assign(world.config.users);
  }
  for (const auto& client : world.config.clients) {
    if (!client.secret.empty()) {
      world.ledger.record("secret", client.secret, "", world.now());
    }
  }
}

using Reset = void (*)(mockserver::World&);

void reset_tokens(mockserver::World& world) {
  world.tokens.restore({});
  world.codes.restore({});
  world.devices.restore({});
  world.decisions.restore({});
  world.assertions.restore({});
  world.pushed.restore({});
  world.browsers.restore({});
}

// Each requires `settings` alone.
const std::pair<std::string_view, Reset> kResets[] = {
    // First: it says what the others go back to.
    {"config",
     [](mockserver::World& world) {
       if (world.original) {
         world.config = *world.original;
       }
     }},
    {"clients",
     [](mockserver::World& world) {
       world.registry.assign(world.config.clients);
       world.registrations.restore({});
     }},
    {"users", [](mockserver::World& world) { world.registry.assign(world.config.users); }},
    {"tokens", &reset_tokens},
    {"script",
     [](mockserver::World& world) {
       world.script.clear();
       world.scripted_skew = oidc::Duration::zero();  // that of a step which is gone
     }},
    {"journal", [](mockserver::World& world) { world.journal.clear(); }},
};

}  // namespace

std::optional<Problem> reconfigure(mockserver::World& world, const oidc::Json& patch) {
  const std::unique_lock alone{world.settings};
  for (const std::string_view key : kSettled) {
    if (patch.contains(key)) {
      return Problem{.status = 409,
                     .detail = "this is settled when an issuer is made",
                     .pointer = "/" + std::string{key},
                     .expected = "a new issuer"};
    }
  }
  const oidc::Json next = patched(world.config.written, patch);
  if (const auto problems = check_issuer_config(next); !problems.empty()) {
    return to_problem(problems.front());
  }
  auto config = parse_issuer_config(next);
  if (!config) {
    return to_problem(config.error());
  }
  use(world, *std::move(config), patch);
  return std::nullopt;
}

oidc::HttpResponse patch_issuer(Call& call) {
  if (const auto problem = reconfigure(call.issuer->world(), call.body)) {
    return problem_reply(*problem);
  }
  return get_issuer(call);
}

oidc::HttpResponse reset_issuer(Call& call) {
  mockserver::World& world = call.issuer->world();
  const std::unique_lock alone{world.settings};
  const bool all = !call.body.contains("what");
  const oidc::Json what = call.body.value("what", oidc::Json::array());
  for (const auto& [name, reset] : kResets) {
    if (all || std::ranges::find(what, oidc::Json(std::string{name})) != what.end()) {
      reset(world);
    }
  }
  return {.status = 204, .headers = {}, .body = ""};
}

}  // namespace mockserver::control
