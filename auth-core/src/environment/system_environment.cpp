#include "authcore/system_environment.hpp"

#include <utility>

namespace authcore {
namespace {

// Requests that an application sends by `http()` name the same sender as the library's own.
oidc::HttpClientOptions with_user_agent(oidc::HttpClientOptions options, const Sender& sender) {
  options.user_agent = sender.user_agent.empty() ? library_user_agent() : sender.user_agent;
  return options;
}

}  // namespace

SystemEnvironment::SystemEnvironment(SystemOptions options)
    : http_{with_user_agent(std::move(options.http), options.sender)},
      log_{clock_, std::move(options.log)},
      sender_{std::move(options.sender)} {}

}  // namespace authcore
