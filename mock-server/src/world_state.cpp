#include "world_state.hpp"

#include <utility>

#include "world.hpp"

namespace mockserver {

WorldState snapshot(const World& world) {
  return {.registry = world.registry.snapshot(),
          .keys = world.keys.snapshot(),
          .tokens = world.tokens.snapshot(),
          .codes = world.codes.snapshot(),
          .devices = world.devices.snapshot(),
          .decisions = world.decisions.snapshot(),
          .assertions = world.assertions.snapshot(),
          .pushed = world.pushed.snapshot(),
          .registrations = world.registrations.snapshot(),
          .browsers = world.browsers.snapshot()};
}

void restore(World& world, WorldState state) {
  world.registry.restore(std::move(state.registry));
  world.keys.restore(std::move(state.keys));
  world.tokens.restore(std::move(state.tokens));
  world.codes.restore(std::move(state.codes));
  world.devices.restore(std::move(state.devices));
  world.decisions.restore(std::move(state.decisions));
  world.assertions.restore(std::move(state.assertions));
  world.pushed.restore(std::move(state.pushed));
  world.registrations.restore(std::move(state.registrations));
  world.browsers.restore(std::move(state.browsers));
}

void Checkpoints::put(std::string_view name, WorldState state) {
  auto kept = std::make_shared<const WorldState>(std::move(state));
  const std::scoped_lock lock{mutex_};
  states_.insert_or_assign(std::string{name}, std::move(kept));
}

std::shared_ptr<const WorldState> Checkpoints::find(std::string_view name) const {
  const std::scoped_lock lock{mutex_};
  const auto found = states_.find(name);
  return found == states_.end() ? nullptr : found->second;
}

}  // namespace mockserver
