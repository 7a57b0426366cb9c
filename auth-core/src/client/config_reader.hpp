#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/result.hpp"

/// Reads the members of a client configuration, which is a JSON object. A null is an absent key. Errors are
/// `kConfig`; they name the key and what it must be, and never quote a value.
namespace authcore {

oidc::Error config_error(std::string_view key, std::string_view why);

/// nullptr if absent.
const oidc::Json* find_key(const oidc::Json& config, std::string_view key);
/// Present, and not "".
bool has_key(const oidc::Json& config, std::string_view key);

/// "" if absent.
oidc::Result<std::string> read_string(const oidc::Json& config, std::string_view key);
/// Leaves `out` as it is if the key is absent.
oidc::Status read_list(const oidc::Json& config, std::string_view key, std::vector<std::string>& out);

/// One of `alternatives` ("a|b") must be there. The error names that one of `unknown` which looks like a slip.
oidc::Status require_key(const oidc::Json& config, std::string_view alternatives,
                         const std::vector<std::string>& unknown);

/// The keys of `config` that are neither among `known` nor of all client types.
std::vector<std::string> keys_except(const oidc::Json& config, const std::vector<std::string>& known);

}  // namespace authcore
