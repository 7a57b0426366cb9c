#include "control/routes.hpp"

#include "control/actions.hpp"
#include "oidc/url.hpp"

namespace mockserver::control {
namespace {

constexpr std::string_view kJournalQuery =
    "endpoint grant client client_auth method path status step dropped since limit form.* headers.* reply.* "
    "reply_headers.*";
constexpr std::string_view kWaitQuery =
    "endpoint grant client client_auth method path status step dropped since limit form.* headers.* reply.* "
    "reply_headers.* "
    "count timeout";

// clang-format off
constexpr Route kRoutes[] = {
    // method, path, body, query, action, summary
    {"GET", "/v1", "", "", &list_calls, "this list"},
    {"GET", "/v1/health", "", "", &health, "the server answers"},
    {"GET", "/v1/endpoints", "", "", &list_endpoints, "what an issuer can have"},
    {"GET", "/v1/version", "", "", &version, "its version"},
    {"GET", "/v1/ca.pem", "", "", &ca_certificate, "the certificate that clients have to trust"},
    {"GET", "/v1/schema/{schema}", "", "", &schema, "a JSON Schema: issuer, step, token, control, server"},
    {"GET", "/v1/listener", "", "", &get_listener, "whether the issuers' server takes connections"},
    {"POST", "/v1/listener/down", "", "", &take_listener_down, "refuses connections, and resets the open ones"},
    {"POST", "/v1/listener/up", "", "", &bring_listener_up, "takes connections again"},
    {"POST", "/v1/listener/handshakes", "handshakes", "", &script_handshakes, "lets TLS handshakes go wrong"},

    {"POST", "/v1/issuers", "issuer", "", &create_issuer, "a new issuer; tells the clients' secrets, once"},
    {"GET", "/v1/issuers", "", "", &list_issuers, "all issuers"},
    {"GET", "/v1/issuers/{issuer}", "", "", &get_issuer, "one issuer"},
    {"PATCH", "/v1/issuers/{issuer}", "patch", "", &patch_issuer, "changes its configuration"},
    {"POST", "/v1/issuers/{issuer}/reset", "reset", "", &reset_issuer, "lets parts of it start anew"},
    {"DELETE", "/v1/issuers/{issuer}", "", "", &delete_issuer, "its verdict, and its end"},
    {"GET", "/v1/issuers/{issuer}/verdict", "", "", &verdict, "did all go as scripted and expected?"},

    {"GET", "/v1/issuers/{issuer}/clients", "", "", &list_clients, "its clients, without secrets"},
    {"PUT", "/v1/issuers/{issuer}/clients/{id}", "client", "", &put_client, "adds or replaces a client"},
    {"DELETE", "/v1/issuers/{issuer}/clients/{id}", "", "", &delete_client, "removes a client"},
    {"GET", "/v1/issuers/{issuer}/users", "", "", &list_users, "its users, without passwords"},
    {"PUT", "/v1/issuers/{issuer}/users/{id}", "user", "", &put_user, "adds or replaces a user"},
    {"DELETE", "/v1/issuers/{issuer}/users/{id}", "", "", &delete_user, "removes a user"},
    {"GET", "/v1/issuers/{issuer}/resources", "", "", &list_resources, "its APIs below /resource"},
    {"PUT", "/v1/issuers/{issuer}/resources/{id}", "resource", "", &put_resource, "adds or replaces an API"},
    {"DELETE", "/v1/issuers/{issuer}/resources/{id}", "", "", &delete_resource, "removes an API"},

    {"POST", "/v1/issuers/{issuer}/snapshot", "snapshot", "", &take_snapshot, "keeps the issuer's state"},
    {"POST", "/v1/issuers/{issuer}/restore", "snapshot", "", &restore_snapshot, "brings a kept state back"},

    {"GET", "/v1/issuers/{issuer}/steps", "", "", &list_steps, "the script and what of it was delivered"},
    {"POST", "/v1/issuers/{issuer}/steps", "steps", "", &add_steps, "adds a step, or an array of them"},
    {"DELETE", "/v1/issuers/{issuer}/steps", "", "", &clear_steps, "removes all steps"},
    {"DELETE", "/v1/issuers/{issuer}/steps/{id}", "", "", &delete_step, "removes a step"},

    {"GET", "/v1/issuers/{issuer}/clock", "", "", &get_clock, "the issuer's time"},
    {"PUT", "/v1/issuers/{issuer}/clock", "clock", "", &set_clock, "sets it"},
    {"POST", "/v1/issuers/{issuer}/clock/advance", "advance", "", &advance_clock, "moves it forward"},

    {"GET", "/v1/issuers/{issuer}/requests", "", kJournalQuery, &list_requests, "the journal"},
    {"GET", "/v1/issuers/{issuer}/requests/wait", "", kWaitQuery, &await_requests,
     "waits until that many requests came"},
    {"POST", "/v1/issuers/{issuer}/verify", "expectation", "", &verify, "is the journal as expected? If not, what comes closest?"},
    {"GET", "/v1/issuers/{issuer}/events", "", "since", &stream_events, "the journal as server-sent events"},
    {"GET", "/v1/issuers/{issuer}/scenario", "", "", &journal_as_scenario, "the journal as a scenario file"},

    {"POST", "/v1/issuers/{issuer}/authorize", "authorize", "", &decide_authorization,
     "decides an authorization request in place of browser and user"},
    {"POST", "/v1/issuers/{issuer}/device", "device", "", &decide_device, "decides a device grant"},

    {"GET", "/v1/issuers/{issuer}/lineage", "", "", &lineage, "what was issued, as trees: which came from which"},
    {"GET", "/v1/issuers/{issuer}/tokens", "", "", &list_tokens, "what was issued, by lineage name"},
    {"GET", "/v1/issuers/{issuer}/tokens/{id}", "", "", &decode_token, "what a token says"},
    {"POST", "/v1/issuers/{issuer}/tokens", "token", "", &mint_token, "mints a token, right or wrong"},
    {"POST", "/v1/issuers/{issuer}/tokens/revoke", "token_name", "", &revoke_token, "revokes a token and its family"},
    {"POST", "/v1/issuers/{issuer}/tokens/expire", "token_name", "", &expire_token, "expires a token"},
    {"GET", "/v1/issuers/{issuer}/keys", "", "", &list_keys, "its keys, and which of them are published"},
    {"POST", "/v1/issuers/{issuer}/keys/{kid}/retire", "", "", &retire_key, "takes a key out of the JWKS"},
    {"POST", "/v1/issuers/{issuer}/keys/rotate", "rotate", "", &rotate_keys, "makes a new signing key active"},
    {"POST", "/v1/issuers/{issuer}/sessions", "session", "", &mint_session, "the tokens of a finished login"},

    {"GET", "/inspector", "", "", &inspector_page, "a page that shows all this to people"},
    {"GET", "/inspector/inspector.js", "", "", &inspector_script, "its script"},
    {"GET", "/inspector/inspector.css", "", "", &inspector_style, "its style"},
};
// clang-format on

/// Whether it can be a name in a configuration: UTF-8 without NUL.
bool is_name(const std::string& text) {
  const auto read = oidc::parse_json(oidc::to_text(oidc::Json(text)));  // bad UTF-8 comes back as something else
  return text.find('\0') == std::string::npos && read && *read == text;
}

/// A '+' in a path is a plus.
std::optional<std::string> decode_segment(const std::string& segment) {
  std::string text;
  for (const char character : segment) {
    text += character == '+' ? std::string{"%2B"} : std::string{character};
  }
  auto decoded = oidc::form_decode(text);
  return decoded && is_name(*decoded) ? std::optional{*std::move(decoded)} : std::nullopt;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(separator));
    if (!part.empty()) {
      parts.emplace_back(part);
    }
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return parts;
}

std::optional<PathArguments> match(std::string_view pattern, std::string_view path) {
  const auto expected = split(pattern, '/');
  const auto segments = split(path, '/');
  if (expected.size() != segments.size()) {
    return std::nullopt;
  }
  PathArguments arguments;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!expected[i].starts_with('{')) {
      if (expected[i] != segments[i]) {
        return std::nullopt;
      }
      continue;
    }
    const auto decoded = decode_segment(segments[i]);
    if (!decoded) {
      return std::nullopt;
    }
    arguments[expected[i].substr(1, expected[i].size() - 2)] = *decoded;
  }
  return arguments;
}

}  // namespace mockserver::control
