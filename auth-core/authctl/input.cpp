#include "input.hpp"

#include <iostream>

namespace authctl {

oidc::Result<std::string> read_token_from_stdin() {
  std::string token;
  if (!(std::cin >> token)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "there is no token on standard input"};
  }
  return token;
}

}  // namespace authctl
