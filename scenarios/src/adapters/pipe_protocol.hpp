#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scenarios/adapter.hpp"

/// The lines of docs/adapters.md as values. Pure functions; every error is `kBadInput` with
/// a sentence for whoever writes the adapter, and never quotes the line.
namespace scenarios::pipe {

/// The client waits for "go" after each of these but `Log`.
struct SleepEvent {
  std::uint64_t n = 0;
  oidc::Duration duration{};
};
struct NowEvent {
  std::uint64_t n = 0;
};
struct OpenUrlEvent {
  std::uint64_t n = 0;
  std::string url;
};
struct PromptEvent {
  std::uint64_t n = 0;
};
struct LogEvent {
  std::string text;
};
/// The answer to the call with that id.
struct Reply {
  std::uint64_t id = 0;
  std::variant<Ok, Err, Unsupported, Broken> result;  ///< broken: an exception of the adapter's own code
};
using Message = std::variant<SleepEvent, NowEvent, OpenUrlEvent, PromptEvent, LogEvent, Reply>;

/// One line from the client.
oidc::Result<Message> parse_message(const std::string& line);

/// The "err" of a reply, or of a commands file.
oidc::Result<Err> parse_err(const oidc::Json& body);

/// The version of the protocol that both sides must speak.
inline constexpr int kProtocol = 2;

/// What the client says of itself in the ok of "hello".
oidc::Result<Hello> parse_hello(const oidc::Json& ok);

/// The fields of "configure".
oidc::Json configuration(const ClientSetup& setup);

}  // namespace scenarios::pipe
