#include "flows/client_credentials.hpp"

#include "client/client_context.hpp"
#include "flows/request_parameters.hpp"

namespace authcore {
namespace {

class ClientCredentialsFlow final : public Flow {
 public:
  explicit ClientCredentialsFlow(ClientContext& context) : context_{context} {}

  bool is_unattended() const override { return true; }

  oidc::Result<Credential> login(const LoginOptions& options) override {
    log_ignored_arguments(context_.environment.log, options);
    oidc::Form form = login_parameters(context_.config, options);
    form.set("grant_type", "client_credentials");
    const oidc::Result<oidc::Json> response = context_.tokens.request(std::move(form), *context_.login_authentication);
    if (!response) {
      return response.error();
    }
    return Credential::from_response(*response, context_.environment.clock.now());
  }

 private:
  ClientContext& context_;
};

}  // namespace

std::unique_ptr<Flow> make_client_credentials_flow(ClientContext& context) {
  return std::make_unique<ClientCredentialsFlow>(context);
}

}  // namespace authcore
