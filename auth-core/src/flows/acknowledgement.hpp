#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "client/client_config.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// The page that a browser shows once it brought the code (CFG-008). Thread-safe.
class Acknowledgement {
 public:
  explicit Acknowledgement(const ClientConfig& config) : config_{config} {}

  /// The configured text, else what the configured file held when it was first needed, else "": the
  /// listener has a page of its own. Errors: `kConfig`, naming the file.
  oidc::Result<std::string> page();

 private:
  const ClientConfig& config_;
  std::mutex mutex_;
  std::optional<std::string> read_;  // guarded by mutex_; stays once there
};

}  // namespace authcore
