#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

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

/// An issuer's state as a value: what a provider keeps in its database. Script, journal and lineage names are
/// not part of it: they are the test's.
namespace mockserver {

struct World;

struct WorldState {
  Registry::State registry;
  KeyRing::State keys;
  TokenStore::State tokens;
  CodeStore::State codes;
  DeviceStore::State devices;
  DecisionStore::State decisions;
  AssertionStore::State assertions;
  PushedStore::State pushed;
  RegistrationStore::State registrations;
  BrowserStore::State browsers;
};

/// Store after store, not all at one moment: of requests that are on their way part may be in it.
WorldState snapshot(const World& world);
void restore(World& world, WorldState state);

/// States by name. Thread-safe; its lock is a leaf.
class Checkpoints {
 public:
  /// The state that the issuer began with.
  static constexpr std::string_view kFirst = "first";

  /// Replaces the one of the same name.
  void put(std::string_view name, WorldState state);
  /// Null if there is none.
  std::shared_ptr<const WorldState> find(std::string_view name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const WorldState>, std::less<>> states_;  // guarded by mutex_
};

}  // namespace mockserver
