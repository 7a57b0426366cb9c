#include "oidc/log.hpp"

#include <algorithm>
#include <array>

#include "oidc/openssl.hpp"

namespace oidc {
namespace {

constexpr std::size_t kFingerprintDigits = 8;
constexpr std::string_view kHexDigits = "0123456789abcdef";

constexpr std::array<std::string_view, 20> kSecretNames = {"token",
                                                           "secret",
                                                           "password",
                                                           "passphrase",
                                                           "code",
                                                           "authorization",
                                                           "cookie",
                                                           "set_cookie",
                                                           "assertion",
                                                           "code_verifier",
                                                           "private_key",
                                                           "device_code",
                                                           "user_code",
                                                           "api_key",
                                                           "credentials",
                                                           "pin",
                                                           "otp",
                                                           "refresh_token",
                                                           "proxy_authorization",
                                                           "jwt"};
constexpr std::array<std::string_view, 5> kSecretEndings = {"_token", "_secret", "_password", "_assertion", "_api_key"};

std::string normalized(std::string_view name) {
  std::string text{name};
  for (char& c : text) {
    c = c == '-' ? '_' : c;
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

bool is_secret_name(std::string_view name) {
  const std::string text = normalized(name);
  return std::find(kSecretNames.begin(), kSecretNames.end(), text) != kSecretNames.end() ||
         std::any_of(kSecretEndings.begin(), kSecretEndings.end(),
                     [&](std::string_view ending) { return text.ends_with(ending); });
}

// So that a caller who did fingerprint a token sees the same digits as one who forgot.
bool is_fingerprint(std::string_view text) {
  return text.size() == kFingerprintDigits && text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

void redact(Json& value, bool secret) {
  if (value.is_object()) {
    for (auto member = value.begin(); member != value.end(); ++member) {
      redact(member.value(), secret || is_secret_name(member.key()));
    }
  } else if (value.is_array()) {
    for (Json& element : value) {
      redact(element, secret);
    }
  } else if (secret && value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!is_fingerprint(text)) {
      value = fingerprint(text);
    }
  } else if (secret && value.is_number()) {
    value = fingerprint(value.dump());
  }
}

}  // namespace

std::string fingerprint(std::string_view secret) {
  const std::string digest = sha256(secret);
  std::string text;
  for (std::size_t i = 0; i < kFingerprintDigits / 2; ++i) {
    const auto byte = static_cast<unsigned char>(digest[i]);
    text += kHexDigits[byte >> 4U];
    text += kHexDigits[byte & 0xFU];
  }
  return text;
}

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

void Log::write(LogLevel level, std::string_view event, Json members) const {
  if (!sink_) {
    return;
  }
  Json record = Json::object();
  if (members.is_object()) {
    record = std::move(members);
  } else {
    record["value"] = std::move(members);
  }
  redact(record, false);
  record["ts"] = format_iso8601(clock_->now());
  sink_(level, event, record);
}

std::string to_line(LogLevel level, std::string_view event, const Json& record) {
  nlohmann::ordered_json line = nlohmann::ordered_json::object();
  line["ts"] = string_member(record, "ts").value_or("");
  line["level"] = to_string(level);
  line["event"] = event;
  for (auto member = record.begin(); member != record.end(); ++member) {
    if (member.key() == "ts") {
      continue;
    }
    const bool taken = member.key() == "level" || member.key() == "event";
    line[taken ? "_" + member.key() : member.key()] = member.value();
  }
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace oidc
