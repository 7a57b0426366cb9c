#include "authcore/storage.hpp"

namespace authcore {

oidc::Result<std::unique_ptr<ObjectStorageProvider::Lock>> ObjectStorageProvider::lock(const std::string& /*key*/,
                                                                                       oidc::Clock& /*clock*/,
                                                                                       oidc::Duration /*timeout*/,
                                                                                       std::stop_token /*stop*/) {
  return std::make_unique<Lock>();
}

}  // namespace authcore
