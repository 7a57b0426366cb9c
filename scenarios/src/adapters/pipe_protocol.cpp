#include "adapters/pipe_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace scenarios::pipe {
namespace {

using oidc::Json;

constexpr double kLongestSleep = 1e9;  // seconds; about 31 years, far from overflowing a time point

oidc::Error bad(std::string message) {
  return {.code = oidc::Errc::kBadInput, .message = std::move(message)};
}

std::optional<std::uint64_t> number_member(const Json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_number_integer() || *member < 0) {
    return std::nullopt;
  }
  return member->get<std::uint64_t>();
}

oidc::Result<Message> parse_sleep(const Json& event, std::uint64_t n) {
  const auto seconds = event.find("for");
  if (seconds == event.end() || !seconds->is_number()) {
    return bad("a sleep needs \"for\", a number of seconds");
  }
  const auto value = seconds->get<double>();
  if (!std::isfinite(value) || value < 0 || value > kLongestSleep) {
    return bad("a sleep must be between 0 and 1e9 seconds");
  }
  return Message{SleepEvent{n, oidc::Duration{std::llround(value * 1000)}}};
}

oidc::Result<Message> parse_event(const Json& event, const std::string& kind) {
  if (kind == "log") {
    return Message{LogEvent{oidc::string_member(event, "msg").value_or("")}};
  }
  const auto n = number_member(event, "n");
  if (!n) {
    return bad(fmt::format("the event \"{}\" needs a number \"n\"", kind));
  }
  if (kind == "sleep") {
    return parse_sleep(event, *n);
  }
  if (kind == "now") {
    return Message{NowEvent{*n}};
  }
  if (kind == "prompt") {
    return Message{PromptEvent{*n}};
  }
  if (kind == "open_url") {
    const auto url = oidc::string_member(event, "url");
    return url ? oidc::Result<Message>{Message{OpenUrlEvent{*n, *url}}} : bad("the event \"open_url\" needs a \"url\"");
  }
  return bad(fmt::format("unknown event \"{}\" (expected one of: sleep, now, open_url, prompt, log)", kind));
}

}  // namespace

oidc::Result<Err> parse_err(const Json& body) {
  if (!body.is_object()) {
    return bad("\"err\" must be an object");
  }
  const auto kind = oidc::string_member(body, "kind");
  if (!kind || std::ranges::find(kErrorKinds, *kind) == kErrorKinds.end()) {
    return bad(fmt::format("unknown err kind \"{}\"", kind.value_or("")));
  }
  Err err;
  err.kind = *kind;
  err.oauth_error = oidc::string_member(body, "oauth_error").value_or("");
  err.reason = oidc::string_member(body, "reason").value_or("");
  if (!err.reason.empty() && std::ranges::find(kValidationReasons, err.reason) == kValidationReasons.end()) {
    return bad(fmt::format("unknown err reason \"{}\"", err.reason));
  }
  err.message = oidc::string_member(body, "message").value_or("");
  if (const auto definite = body.find("definite"); definite != body.end() && definite->is_boolean()) {
    err.definite = definite->get<bool>();
  }
  if (const auto status = number_member(body, "http_status"); status && *status < 1000) {
    err.http_status = static_cast<int>(*status);
  }
  return err;
}

namespace {

oidc::Result<Message> parse_reply(const Json& line) {
  const auto id = number_member(line, "id");
  if (!id) {
    return bad("neither an event (\"ev\") nor a reply (\"id\")");
  }
  const std::size_t answers = line.count("ok") + line.count("err") + line.count("unsupported") + line.count("broken");
  if (answers != 1) {
    return bad(fmt::format("a reply has exactly one of ok, err, unsupported, broken; this one has {}", answers));
  }
  if (line.contains("broken")) {
    const std::string how = oidc::string_member(line, "broken").value_or("it does not say how");
    return Message{Reply{*id, Broken{Broken::Who::kAdapter, "the adapter's own code failed: " + how}}};
  }
  if (line.contains("ok")) {
    if (!line["ok"].is_object()) {
      return bad("\"ok\" must be an object");
    }
    return Message{Reply{*id, Ok{line["ok"]}}};
  }
  if (line.contains("unsupported")) {
    return Message{Reply{*id, Unsupported{oidc::string_member(line, "unsupported").value_or("no reason given")}}};
  }
  auto err = parse_err(line["err"]);
  if (!err) {
    return std::move(err).error();
  }
  return Message{Reply{*id, *std::move(err)}};
}

}  // namespace

oidc::Result<Message> parse_message(const std::string& line) {
  const auto parsed = oidc::parse_json(line);
  if (!parsed) {
    return bad("a line that is not JSON: " + parsed.error().message);
  }
  if (!parsed->is_object()) {
    return bad("a line that is not a JSON object");
  }
  const auto event = oidc::string_member(*parsed, "ev");
  return event ? parse_event(*parsed, *event) : parse_reply(*parsed);
}

oidc::Json configuration(const ClientSetup& setup) {
  Json auth = {{"method", setup.client_auth}};
  if (!setup.client_secret.empty()) {
    auth["secret"] = setup.client_secret;
  }
  if (!setup.client_private_key.empty()) {
    auth["private_key"] = setup.client_private_key;
  }
  Json configuration = {{"issuer", setup.issuer},
                        {"ca_file", setup.ca_file},
                        {"client_id", setup.client_id},
                        {"client_auth", auth},
                        {"flow", setup.flow},
                        {"scopes", setup.scopes},
                        {"audience", setup.audience},
                        {"redirect_uri", setup.redirect_uri},
                        {"storage_dir", setup.storage_dir},
                        {"options", setup.options}};
  if (setup.flow == "password") {
    configuration["username"] = setup.username;
    configuration["password"] = setup.password;
  }
  return configuration;
}

}  // namespace scenarios::pipe
