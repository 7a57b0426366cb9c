#include "http/app_header.hpp"

namespace authcore {

void add_app_header(oidc::Headers& headers) {
  constexpr const char* kName = "X-Planet-App";
  if (!headers.contains(kName)) {
    headers.add(kName, "assay-auth-core-" AUTH_CORE_VERSION);
  }
}

}  // namespace authcore
