// Requests to an issuer that has a session: forms, headers, queries, and what the journal keeps of them.

#include <cctype>
#include <string>

#include "mockserver/issuer.hpp"
#include "target.hpp"

namespace fuzz {
namespace {

constexpr oidc::TimePoint kStart = std::chrono::sys_days{std::chrono::January / 1 / 2030};
constexpr const char* kOrigin = "https://issuer.test";

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

/// The session's tokens, which corpus files call {{rt}}, {{at}} and {{id}}.
std::string with_tokens(std::string_view input, const oidc::Json& session) {
  std::string text{input};
  replace_all(text, "{{rt}}", session.at("refresh_token").get<std::string>());
  replace_all(text, "{{at}}", session.at("access_token").get<std::string>());
  replace_all(text, "{{id}}", session.at("id_token").get<std::string>());
  return text;
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

/// Whether `secret` stands in the text on its own. Glued to other such characters the ledger doesn't know it: it looks
/// up words.
bool tells(const std::string& text, const std::string& secret) {
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 1)) {
    const auto end = at + secret.size();
    if ((at == 0 || !is_word_character(text[at - 1])) && (end == text.size() || !is_word_character(text[end]))) {
      return true;
    }
  }
  return false;
}

mockserver::IssuerConfig small_config() {
  auto config = mockserver::parse_issuer_config({{"signing_alg", "ES256"}, {"refresh_grace_s", 30}});
  require(config.has_value(), "the configuration");
  return *std::move(config);
}

}  // namespace

void run_token(std::string_view input) {
  static const mockserver::IssuerConfig config = small_config();
  oidc::VirtualClock clock{kStart};
  mockserver::Issuer issuer{config, std::string{kOrigin} + "/alpha", clock};
  const auto session = issuer.mint_session({.scopes = {"openid", "offline_access", "api"}, .issued_at = kStart});
  require(session.has_value(), "a session");
  const std::string text = with_tokens(input, *session);
  require_sound(issuer.handle(read_request(text, kOrigin)).response);
  require_sound(issuer.handle(read_request(text, kOrigin)).response);  // used up, by now
  const auto refresh_token = session->at("refresh_token").get<std::string>();
  for (const auto& exchange : issuer.journal().exchanges()) {
    require(!tells(oidc::to_text(to_json(exchange)), refresh_token), "a secret in the journal");
  }
  require(issuer.verdict().is_object(), "a verdict");
}

}  // namespace fuzz
