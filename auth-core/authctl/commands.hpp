#pragma once

#include <functional>
#include <stop_token>

#include "client_options.hpp"

namespace CLI {
class App;
}

/// The commands of `authctl`. Each lives in the file of its name and adds itself to the command line; its callback
/// leaves the exit code in the context.
namespace authctl {

// Exit codes, the same for every command.
constexpr int kDone = 0;
constexpr int kRefused = 1;      ///< the server or the user said no, a token is not valid, a login is needed
constexpr int kUsage = 2;        ///< wrong usage or configuration
constexpr int kStorage = 3;      ///< tokens cannot be read or kept
constexpr int kUnreachable = 4;  ///< no usable answer from the server, or none in time
constexpr int kCancelled = 130;  ///< Ctrl-C, as shells have it

struct Context {
  ClientOptions client{};
  bool as_json = false;                     ///< --json: stdout is one JSON object, also for errors
  bool logs_in_by_itself = false;           ///< the client does, so that nobody need be told to
  std::stop_token stop{};                   ///< requested by Ctrl-C
  std::function<bool()> any_owner_helps{};  ///< while there is a session: whether the tokens need --any-owner
  int exit_code = kDone;
};

void add_login(CLI::App& app, Context& context);
void add_token(CLI::App& app, Context& context);
void add_refresh(CLI::App& app, Context& context);
void add_validate(CLI::App& app, Context& context);
void add_introspect(CLI::App& app, Context& context);
void add_revoke(CLI::App& app, Context& context);
void add_userinfo(CLI::App& app, Context& context);
void add_logout(CLI::App& app, Context& context);
void add_jwt(CLI::App& app, Context& context);

}  // namespace authctl
