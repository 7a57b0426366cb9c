#include "flows/no_login.hpp"

namespace authcore {
namespace {

class NoLoginFlow final : public Flow {
 public:
  oidc::Result<Credential> login(const LoginOptions& /*options*/) override {
    return oidc::Error{oidc::Errc::kUnsupportedByClient, "a client that only validates tokens cannot log in"};
  }
};

}  // namespace

std::unique_ptr<Flow> make_no_login_flow(ClientContext& /*context*/) {
  return std::make_unique<NoLoginFlow>();
}

}  // namespace authcore
