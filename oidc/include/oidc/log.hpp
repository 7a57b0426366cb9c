#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"

namespace oidc {

/// First 8 hex digits of the SHA-256 of a secret: tells two secrets apart, shows neither.
std::string fingerprint(std::string_view secret);

/// Whether what has this name is a secret by it: "access_token", "Client-Secret", "passwd", "X-Api-Key". Case and the
/// way words are joined don't matter.
bool names_a_secret(std::string_view name);

enum class LogLevel { kDebug, kInfo, kWarning, kError };
std::string_view to_string(LogLevel level);

/// Structured log: stable event names, members with units in their names
/// (`expires_in_s`), tokens only as `fingerprint`. Thread-safe if the sink is.
///
/// Members named like a secret ("access_token", "client_secret", "code", ...) are
/// fingerprinted even if the caller forgot.
class Log {
 public:
  using Sink = std::function<void(LogLevel level, std::string_view event, const Json& record)>;

  /// No sink: nothing is logged.
  Log() = default;
  Log(const Clock& clock, Sink sink) : clock_{&clock}, sink_{std::move(sink)} {}

  void write(LogLevel level, std::string_view event, Json members = Json::object()) const;
  void debug(std::string_view event, Json members = Json::object()) const {
    write(LogLevel::kDebug, event, std::move(members));
  }
  void info(std::string_view event, Json members = Json::object()) const {
    write(LogLevel::kInfo, event, std::move(members));
  }
  void warning(std::string_view event, Json members = Json::object()) const {
    write(LogLevel::kWarning, event, std::move(members));
  }

 private:
  const Clock* clock_ = nullptr;
  Sink sink_;
};

/// One JSON object a line: {"ts":…,"level":…,"event":…, members…}.
std::string to_line(LogLevel level, std::string_view event, const Json& record);

}  // namespace oidc
