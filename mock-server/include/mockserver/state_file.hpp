#pragma once

#include <filesystem>
#include <memory>
#include <thread>

#include "mockserver/issuers.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// The state of issuers in a file, so that a server that is started again knows what it had issued. The file holds
/// secrets and private keys: it is readable by its owner only, and replaced as a whole or not at all. One server uses
/// it at a time; FILE.lock stays beside it.
class StateFile {
 public:
  /// Sets the issuers back to what the file says of them, by name; a file that isn't there says nothing. From then on
  /// it is kept up to date: within a second of a change, and when this ends. Issuers that are made later are none of
  /// its business. `issuers` must outlive this.
  /// Errors: `kStorage`, also while another server uses it; `kCorruptStorage` for a file that is damaged or of another
  /// version: it is left as it is.
  static oidc::Result<std::unique_ptr<StateFile>> open(std::filesystem::path path, const Issuers& issuers);
  ~StateFile();

  /// Writes it now. Errors: `kStorage`. Thread-safe.
  oidc::Status save();

 private:
  class Impl;
  explicit StateFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  std::jthread saving_;  // uses impl_
};

}  // namespace mockserver
