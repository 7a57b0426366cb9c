#pragma once

#include <map>
#include <string>

#include "authcore/storage.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

/// Where Planet's programs keep their sessions, and how the environment steers them, for programs that want
/// to share sessions with the `planet` command (Planet client authentication guide, "Using planet auth CLI
/// Managed Auth Session"). All keys are relative: a `FileStorage` puts them under the home directory.
namespace authcore {

/// The user's preferences, such as the name of the default profile (GUIDE-006).
inline constexpr const char* kUserConfigKey = ".planet.json";

/// What the two objects of a profile are stored under.
struct ProfileKeys {
  std::string client_config;  ///< .planet/<profile>/auth_client.json
  std::string token;          ///< .planet/<profile>/token.json
};

/// The keys of a profile, whose name counts in lower case. Where `storage` has an object with the suffix
/// .sops.json, that one is meant (GUIDE-008). Errors: `kInvalidArgument` for a name that is no file name;
/// those of storage.
oidc::Result<ProfileKeys> profile_keys(const std::string& profile, ObjectStorageProvider& storage);

/// What environment variables say when nothing explicit is given (GUIDE-007). "": not set.
struct ProfileVariables {
  std::string profile{};        ///< PL_AUTH_PROFILE
  std::string client_id{};      ///< PL_AUTH_CLIENT_ID
  std::string client_secret{};  ///< PL_AUTH_CLIENT_SECRET
  std::string api_key{};        ///< PL_AUTH_API_KEY, else PL_API_KEY (D-24)
};

/// Reads them from `environment`, which is the caller's to fill: nothing here looks at the process's own.
ProfileVariables read_profile_variables(const std::map<std::string, std::string>& environment);

/// The client configuration that the variables alone make: client id and secret those of a service account
/// at `auth_server`, else the API key. Errors: `kNotFound` if they make none, and then the profile counts;
/// `kConfig` for one of id and secret without the other.
oidc::Result<oidc::Json> client_config_from(const ProfileVariables& variables, const std::string& auth_server);

}  // namespace authcore
