#include "flows/acknowledgement.hpp"

#include <fstream>
#include <sstream>

namespace authcore {

oidc::Result<std::string> Acknowledgement::page() {
  if (!config_.acknowledgement.empty() || config_.acknowledgement_file.empty()) {
    return config_.acknowledgement;
  }
  const std::scoped_lock lock{mutex_};
  if (!read_) {
    std::ifstream file{config_.acknowledgement_file, std::ios::binary};
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) {
      return oidc::Error{oidc::Errc::kConfig,
                         "authorization_callback_acknowledgement_file: cannot read " + config_.acknowledgement_file};
    }
    read_ = text.str();
  }
  return *read_;
}

}  // namespace authcore
