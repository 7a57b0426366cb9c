#include "authcore/profile.hpp"

#include <algorithm>

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Error;

constexpr std::size_t kMaxNameLength = 100;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// Names come from the environment and must not lead out of the profiles' directory.
oidc::Result<std::string> directory_name(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool is_plain = !name.empty() && name.size() <= kMaxNameLength && name.front() != '.' &&
                        std::all_of(name.begin(), name.end(), is_name_character);
  if (!is_plain) {
    return Error{Errc::kInvalidArgument, "a profile's name has letters, digits, '-', '_' and '.', which is not first"};
  }
  return name;
}

oidc::Result<std::string> key_of(const std::string& stem, ObjectStorageProvider& storage) {
  const std::string encrypted = stem + ".sops.json";
  const oidc::Result<bool> exists = storage.exists(encrypted);
  if (!exists) {
    return exists.error();
  }
  return *exists ? encrypted : stem + ".json";
}

std::string value_of(const std::map<std::string, std::string>& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string{} : found->second;
}

}  // namespace

oidc::Result<ProfileKeys> profile_keys(const std::string& profile, ObjectStorageProvider& storage) {
  const oidc::Result<std::string> name = directory_name(profile);
  if (!name) {
    return name.error();
  }
  const std::string directory = ".planet/" + *name + "/";
  auto client_config = key_of(directory + "auth_client", storage);
  if (!client_config) {
    return std::move(client_config).error();
  }
  auto token = key_of(directory + "token", storage);
  if (!token) {
    return std::move(token).error();
  }
  return ProfileKeys{*std::move(client_config), *std::move(token)};
}

ProfileVariables read_profile_variables(const std::map<std::string, std::string>& environment) {
  ProfileVariables variables;
  variables.profile = value_of(environment, "PL_AUTH_PROFILE");
  variables.client_id = value_of(environment, "PL_AUTH_CLIENT_ID");
  variables.client_secret = value_of(environment, "PL_AUTH_CLIENT_SECRET");
  variables.api_key = value_of(environment, "PL_AUTH_API_KEY");
  if (variables.api_key.empty()) {
    variables.api_key = value_of(environment, "PL_API_KEY");
  }
  return variables;
}

oidc::Result<oidc::Json> client_config_from(const ProfileVariables& variables, const std::string& auth_server) {
  if (variables.client_id.empty() != variables.client_secret.empty()) {
    return Error{Errc::kConfig, "PL_AUTH_CLIENT_ID and PL_AUTH_CLIENT_SECRET need each other"};
  }
  if (!variables.client_id.empty()) {
    return oidc::Json{{"client_type", "oidc_client_credentials_secret"},
                      {"auth_server", auth_server},
                      {"client_id", variables.client_id},
                      {"client_secret", variables.client_secret}};
  }
  if (!variables.api_key.empty()) {
    return oidc::Json{{"client_type", "static_apikey"}, {"api_key", variables.api_key}};
  }
  return Error{Errc::kNotFound, "the environment names neither a service account nor an API key"};
}

}  // namespace authcore
