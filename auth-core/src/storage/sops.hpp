#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "authcore/storage.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// Objects under keys with this ending are encrypted by SOPS (STOR-009, D-26).
inline constexpr std::string_view kSopsSuffix = ".sops.json";

/// What a `sops` program does for us. Which keys it uses, its own configuration says: the environment, or a
/// `.sops.yaml` in the directory of the file or above it. No error quotes what it prints.
class Sops {
 public:
  /// `program`: a path, or a name that is looked up in PATH.
  explicit Sops(const std::string& program);

  /// The clear text of the encrypted file `path`. Errors: `kNotFound`; `kCorruptStorage` for what SOPS did not write
  /// or somebody changed since, or more than `limit` bytes; `kStorage`, naming sops's exit code, if there is no key, or
  /// the file isn't of those `owners`.
  oidc::Result<std::string> decrypt(const std::filesystem::path& path, std::size_t limit, FileOwners owners) const;

  /// `text`, a JSON object, encrypted for the file `path`, which is not touched. Errors: `kStorage`.
  oidc::Result<std::string> encrypt(const std::filesystem::path& path, std::string_view text) const;

 private:
  std::string program_;
};

}  // namespace authcore
