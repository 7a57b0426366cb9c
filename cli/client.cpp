#include "client.hpp"

#include "scenarios/words.hpp"

namespace cli {

CLI::Validator not_empty(const std::string& what) {
  return CLI::Validator{[what](const std::string& text) { return text.empty() ? what + " is empty" : std::string{}; },
                        ""};
}

oidc::Result<std::unique_ptr<scenarios::AdapterFactory>> make_client(const std::string& command) {
  if (command.empty()) {
    return scenarios::make_auth_core_factory();
  }
  if (scenarios::is_commands_file(command)) {
    return scenarios::make_commands_factory(command);
  }
  auto words = scenarios::split_words(command);
  if (!words) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "--client: " + words.error().message};
  }
  return scenarios::make_pipe_factory(*std::move(words));
}

oidc::Result<scenarios::Transport> choose_transport(const std::string& name, const scenarios::AdapterFactory& client) {
  using scenarios::Transport;
  if (name.empty()) {
    return client.can_use_direct_transport() ? Transport::kDirect : Transport::kHttps;
  }
  for (const auto transport : {Transport::kDirect, Transport::kHttp, Transport::kHttps}) {
    if (name == scenarios::to_string(transport)) {
      return transport;
    }
  }
  return oidc::Error{oidc::Errc::kInvalidArgument, "--transport: \"" + name + "\" is none of direct, http, https"};
}

}  // namespace cli
