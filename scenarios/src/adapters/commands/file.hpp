#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/commands/extract.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios::commands {

struct Operation {
  std::vector<std::string> words;  ///< of the command line, with placeholders
  std::string input;
  std::string opens;  ///< pattern of the URL for the browser; "": it opens none
  std::map<std::string, Extract> gives;
};

/// What a failing command means.
struct Failure {
  std::optional<int> exit;
  std::string output;  ///< pattern; "" fits anything
  Err err;
};

/// A program that runs beside the commands as long as the client does: a daemon that is kept in the foreground.
struct Service {
  std::vector<std::string> words;
  std::map<std::string, Extract> gives;  ///< environment variables of the commands; told when it is ready
};

/// A commands file as values (docs/adapters.md).
struct Client {
  Hello hello;
  std::chrono::milliseconds timeout{30'000};
  std::map<std::string, std::string> environment;
  std::optional<Service> service;
  std::vector<std::vector<std::string>> start;
  std::map<std::string, Operation> operations;
  std::vector<Failure> failures;
};

/// Errors: `kBadInput`, a line for each problem: "file:line:column: sentence".
oidc::Result<Client> load(const std::string& file);

/// What stands in commands for {issuer}, {client_id}, … by name.
using Values = std::map<std::string, std::string>;
/// `args` are those of the call; `port` is free.
Values values_for(const ClientSetup& setup, const oidc::Json& args, int port);
/// `text` with what is named in braces replaced; what is none of them is left as it is.
std::string filled(const std::string& text, const Values& values);

}  // namespace scenarios::commands
