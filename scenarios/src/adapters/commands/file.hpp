#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios::commands {

/// Where in a command's output a member of the result is.
struct Extract {
  enum class How { kPattern, kPointer, kAll, kValue } how = How::kAll;
  std::string text;    ///< the pattern, or the JSON Pointer
  oidc::Json value{};  ///< of kValue
};

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

/// A commands file as values (docs/adapters.md).
struct Client {
  Hello hello;
  std::chrono::milliseconds timeout{30'000};
  std::map<std::string, std::string> environment;
  std::vector<std::vector<std::string>> start;
  std::map<std::string, Operation> operations;
  std::vector<Failure> failures;
};

/// Errors: `kBadInput`, a line for each problem: "file:line:column: sentence".
oidc::Result<Client> load(const std::string& file);

/// `text` with {issuer}, {client_id}, … replaced; what is none of them is left as it is. `args` are those of the call.
std::string filled(std::string text, const ClientSetup& setup, const oidc::Json& args);
/// The names that `filled` knows.
const std::vector<std::string>& placeholders();

}  // namespace scenarios::commands
