#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "oidc/result.hpp"
#include "scenarios/adapter.hpp"
#include "scenarios/runner.hpp"

namespace cli {

/// An unset variable in a CI job must not silently judge another client.
CLI::Validator not_empty(const std::string& what = "the command");

/// The client that `--client` names: "" is auth-core in this process. Errors: `kInvalidArgument`.
oidc::Result<std::unique_ptr<scenarios::AdapterFactory>> make_client(const std::string& command);

/// "direct", "http" or "https"; "" stands for the client's default: direct if it can, else https.
/// Errors: `kInvalidArgument`.
oidc::Result<scenarios::Transport> choose_transport(const std::string& name, const scenarios::AdapterFactory& client);

}  // namespace cli
