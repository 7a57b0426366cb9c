#pragma once

#include <atomic>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "mockserver/config.hpp"
#include "mockserver/journal.hpp"
#include "mockserver/ledger.hpp"
#include "mockserver/script.hpp"
#include "oidc/clock.hpp"
#include "resumable_random.hpp"
#include "stores/assertion_store.hpp"
#include "stores/browser_store.hpp"
#include "stores/code_store.hpp"
#include "stores/decision_store.hpp"
#include "stores/device_store.hpp"
#include "stores/key_ring.hpp"
#include "stores/pushed_store.hpp"
#include "stores/registration_store.hpp"
#include "stores/registry.hpp"
#include "stores/token_store.hpp"
#include "traffic.hpp"
#include "world_state.hpp"

namespace mockserver {

/// Everything that belongs to one issuer, and nothing else does.
///
/// Lock order: there is none to get wrong. Each store has a mutex of its own, which it holds
/// only inside one of its members and never while it calls another store, signs or waits.
/// What must happen at once (using up a code, a refresh token, a poll, a step) is one member
/// of one store. Before any of them comes `settings`: whoever uses the world holds it shared, so that only
/// a change of the settings, which holds it alone, makes others wait. Thread-safe as a whole.
struct World {
  World(IssuerConfig config, std::string base_url, oidc::Clock& clock);

  /// Says that this world is seen at another origin from now on. Requires `settings` alone.
  void move_to(const std::string& origin);
  std::string origin() const;

  mutable std::shared_mutex settings;
  IssuerConfig config;                     // guarded by settings
  std::optional<IssuerConfig> original{};  // guarded by settings; before the first change
  std::string base_url;                    // guarded by settings; what endpoints are below; no trailing slash
  std::string issuer_id;        // guarded by settings; `iss`: the base URL as the configuration wants it written
  const std::string base_path;  ///< its path; "" for an issuer at the root
  oidc::Clock& clock;
  const oidc::Duration created;  ///< on the clock's monotonic time

  ResumableRandom random;
  Registry registry;
  Ledger ledger;
  KeyRing keys;
  TokenStore tokens;
  CodeStore codes;
  DeviceStore devices;
  DecisionStore decisions;
  BrowserStore browsers;
  AssertionStore assertions;
  PushedStore pushed;
  RegistrationStore registrations;
  Script script;
  Traffic traffic;
  Checkpoints checkpoints;
  Journal journal;

  /// What a script has added to the configured skew.
  std::atomic<oidc::Duration> scripted_skew{oidc::Duration::zero()};

  /// The issuer's time: the clock's with the configured and the scripted skew.
  oidc::TimePoint now() const { return clock.now() + config.skew + scripted_skew.load(); }
};

}  // namespace mockserver
