#include "flows/resource_owner.hpp"

#include "client/client_context.hpp"
#include "flows/login_reply.hpp"
#include "flows/request_parameters.hpp"

namespace authcore {
namespace {

/// What a password login asks a person for, if it must.
struct Question {
  const char* text;
  bool is_secret;
};
constexpr Question kUsername{"Username", false};
constexpr Question kPassword{"Password", true};

oidc::Error interaction_required(const char* why) {
  return {oidc::Errc::kInteractionRequired, why};
}

// What the call says, else the configuration, else the user.
oidc::Result<std::string> settle(const std::string& given, const std::string& configured, const Question& question,
                                 const LoginOptions& options) {
  if (!given.empty()) {
    return given;
  }
  if (!configured.empty()) {
    return configured;
  }
  if (!options.allow_tty_prompt || !options.prompt) {
    return interaction_required("this login must ask for username or password, which is not permitted");
  }
  oidc::Result<std::string> answer = options.prompt(question.text, question.is_secret);
  if (answer && answer->empty()) {
    return interaction_required("username or password was left empty");
  }
  return answer;
}

class ResourceOwnerFlow final : public Flow {
 public:
  explicit ResourceOwnerFlow(ClientContext& context) : context_{context} {}

  bool is_unattended() const override { return !context_.config.username.empty() && !context_.config.password.empty(); }

  oidc::Result<Credential> login(const LoginOptions& options) override {
    const oidc::Result<std::string> username = settle(options.username, context_.config.username, kUsername, options);
    if (!username) {
      return username.error();
    }
    const oidc::Result<std::string> password = settle(options.password, context_.config.password, kPassword, options);
    if (!password) {
      return password.error();
    }
    oidc::Form form = login_parameters(context_.config, options);
    form.set("grant_type", "password");
    form.set("username", *username);
    form.set("password", *password);
    const oidc::Result<oidc::Json> response = context_.tokens.request(std::move(form), *context_.login_authentication);
    if (!response) {
      return response.error();
    }
    return accept_login(context_, *response);  // there is no nonce
  }

 private:
  ClientContext& context_;
};

}  // namespace

std::unique_ptr<Flow> make_resource_owner_flow(ClientContext& context) {
  return std::make_unique<ResourceOwnerFlow>(context);
}

}  // namespace authcore
