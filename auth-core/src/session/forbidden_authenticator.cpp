#include <utility>

#include "authcore/authenticator.hpp"

namespace authcore {
namespace {

class ForbiddenAuthenticator final : public RequestAuthenticator {
 public:
  explicit ForbiddenAuthenticator(std::string reason) : reason_{std::move(reason)} {}

  oidc::Result<Authorization> authorization() override { return refusal(); }
  bool is_initialized() override { return false; }
  oidc::Result<std::optional<Credential>> credential() override { return std::optional<Credential>{}; }
  oidc::Status update_credential(Credential /*credential*/) override { return refusal(); }
  oidc::Status update_credential_data(const oidc::Json& /*data*/) override { return refusal(); }
  oidc::Status forget() override { return oidc::Done{}; }

 private:
  oidc::Error refusal() const { return {oidc::Errc::kUnsupportedByClient, reason_}; }

  std::string reason_;
};

}  // namespace

std::unique_ptr<RequestAuthenticator> make_forbidden_authenticator(std::string reason) {
  return std::make_unique<ForbiddenAuthenticator>(std::move(reason));
}

}  // namespace authcore
