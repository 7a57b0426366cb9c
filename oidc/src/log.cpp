#include "oidc/log.hpp"

#include <algorithm>
#include <array>

#include "oidc/openssl.hpp"

namespace oidc {
namespace {

constexpr std::size_t kFingerprintDigits = 8;
constexpr std::string_view kHexDigits = "0123456789abcdef";

// Whole names, since much else ends like them ("status_code"); of names that nothing harmless ends like, the endings.
constexpr std::array<std::string_view, 9> kSecretNames = {
    "code", "device_code", "user_code", "code_verifier", "authorization_code", "pin", "jwt", "pass", "pw"};
constexpr std::array<std::string_view, 14> kSecretEndings = {
    "secret",  "password", "passwd", "pwd",         "passphrase",  "passcode",   "assertion",
    "api_key", "apikey",   "cookie", "private_key", "credentials", "credential", "authorization"};

// "clientSecret" and "Client-Secret" are "client_secret".
std::string normalized(std::string_view name) {
  std::string text;
  bool after_lower = false;
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    text += is_upper && after_lower ? "_" : "";
    text += is_upper ? static_cast<char>(c - 'A' + 'a') : c == '-' ? '_' : c;
    after_lower = c >= 'a' && c <= 'z';
  }
  return text;
}

enum class Secrecy { kNone, kToken, kOther };

Secrecy secrecy_of(std::string_view name) {
  const std::string text = normalized(name);
  if (text.ends_with("token")) {
    return Secrecy::kToken;
  }
  const bool is_secret = std::find(kSecretNames.begin(), kSecretNames.end(), text) != kSecretNames.end() ||
                         std::any_of(kSecretEndings.begin(), kSecretEndings.end(),
                                     [&](std::string_view ending) { return text.ends_with(ending); });
  return is_secret ? Secrecy::kOther : Secrecy::kNone;
}

// A token of eight hex digits is a fingerprint already; a password may well look like one.
bool is_fingerprint(std::string_view text) {
  return text.size() == kFingerprintDigits && text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

void redact(Json& value, Secrecy secrecy) {
  if (value.is_object()) {
    for (auto member = value.begin(); member != value.end(); ++member) {
      const Secrecy own = secrecy_of(member.key());
      redact(member.value(), own == Secrecy::kNone ? secrecy : own);
    }
  } else if (value.is_array()) {
    for (Json& element : value) {
      redact(element, secrecy);
    }
  } else if (secrecy != Secrecy::kNone && value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (secrecy != Secrecy::kToken || !is_fingerprint(text)) {
      value = fingerprint(text);
    }
  } else if (secrecy != Secrecy::kNone && value.is_number()) {
    value = fingerprint(value.dump());
  }
}

}  // namespace

bool names_a_secret(std::string_view name) {
  return secrecy_of(name) != Secrecy::kNone;
}

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
  redact(record, Secrecy::kNone);
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
  return clean_json(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace oidc
