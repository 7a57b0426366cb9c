#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "oidc/result.hpp"
#include "scenarios/scenario.hpp"

namespace cli {

/// Adds --shard; `shard` must outlive the command.
void add_shard(CLI::App& command, std::string& shard);

/// What `--shard` leaves of a selection; all of it for "". Errors: `kInvalidArgument` for what is no shard.
oidc::Result<std::vector<scenarios::Scenario>> take_part(const std::string& shard,
                                                         std::vector<scenarios::Scenario> selection);

/// Which shard is empty, and of how many scenarios. `kInvalidArgument`.
oidc::Error empty_part(const std::string& shard, std::size_t scenarios);

}  // namespace cli
