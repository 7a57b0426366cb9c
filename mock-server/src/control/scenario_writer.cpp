#include "control/scenario_writer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace mockserver::control {
namespace {

/// Endpoints whose order a scenario may judge: what a client caches (discovery, JWKS) is its own affair.
constexpr std::array<std::string_view, 6> kOrdered{"authorize", "device_authorization", "token",
                                                   "userinfo",  "introspect",           "revoke"};

/// "service-1" or "rt#1".
bool is_plain(std::string_view text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_word = [&](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '-'; };
  const std::string_view word = text.substr(0, text.find('#'));
  const std::string_view number = text.substr(word.size());
  return !word.empty() && is_lower(word.front()) && std::ranges::all_of(word, is_word) &&
         (number.empty() || (number.size() > 1 && std::ranges::all_of(number.substr(1), is_digit)));
}

/// A YAML scalar; in quotes unless it could be nothing but this text.
std::string scalar(const std::string& text) {
  static constexpr std::array<std::string_view, 9> kRetyped{"y",   "n",    "yes",   "no",  "on",
                                                            "off", "true", "false", "null"};
  const bool plain = is_plain(text) && std::ranges::find(kRetyped, std::string_view{text}) == kRetyped.end();
  return plain ? text : oidc::to_text(oidc::Json(text));
}

std::string list_of(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += (text.empty() ? "" : ", ") + scalar(item);
  }
  return "[" + text + "]";
}

/// Whatever a client may have written goes through `scalar`: else a grant type could bring an `issuer:` of its own.
/// `flow` and what the client needs of its configuration.
struct Client {
  std::string flow = "code";
  std::string auth = "none";
  std::string scope;
};

Client client_of(const std::vector<Exchange>& exchanges) {
  Client client;
  for (const Exchange& exchange : exchanges) {
    if (client.scope.empty()) {
      client.scope = exchange.form.value_or_empty("scope");
    }
    if (exchange.endpoint == "token" && !exchange.grant.empty() && exchange.grant != "refresh_token") {
      client.flow = exchange.grant == "authorization_code" ? "code"
                    : exchange.grant == "device_code"      ? "device"
                                                           : exchange.grant;
      client.auth = exchange.client_auth.empty() ? "none" : exchange.client_auth;
      break;
    }
  }
  return client;
}

std::string to_text(const Client& client) {
  std::vector<std::string> scopes;
  std::string_view rest = client.scope;
  while (!rest.empty()) {
    const auto blank = rest.find(' ');
    scopes.emplace_back(rest.substr(0, blank));
    rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
  }
  std::erase(scopes, "");
  const std::string asked = scopes.empty() ? "" : ", scopes: " + list_of(scopes);
  return "{flow: " + scalar(client.flow) + ", auth: " + scalar(client.auth) + asked + "}";
}

/// What the operation that ended with this exchange gave.
std::string result_of(const Exchange& exchange) {
  if (exchange.dropped) {
    return "{err: {kind: network}}";
  }
  const auto body = oidc::parse_json(exchange.reply_body);
  const auto member = [&](const char* name) {
    return body && body->is_object() ? oidc::string_member(*body, name) : std::nullopt;
  };
  if (exchange.status < 400) {
    const auto token = member("access_token");
    return token ? "{ok: {access_token: " + scalar(*token) + "}}" : "{ok: {}}";
  }
  if (const auto error = member("error")) {
    return "{err: {oauth_error: " + scalar(*error) + "}}";
  }
  return "{err: {http_status: " + std::to_string(exchange.status) + "}}";
}

/// Turns requests into the operations that make them.
class Steps {
 public:
  void add(const Exchange& exchange) {
    advance_to(exchange);
    if (exchange.endpoint == "token") {
      add_token_request(exchange);
    } else if (exchange.endpoint == "authorize" || exchange.endpoint == "device_authorization") {
      logging_in_ = true;
    } else if (exchange.endpoint == "userinfo") {
      push("request", "{ok: {status: " + std::to_string(exchange.status) + "}}");
    } else if (exchange.endpoint == "introspect" && exchange.form.value_or_empty("token").starts_with("at#")) {
      push("introspect, token: " + scalar(exchange.form.value_or_empty("token")), "");
    }
  }

  std::vector<std::string> finished() {
    if (logging_in_) {
      push("login", "");
    }
    return std::move(lines_);
  }

 private:
  /// Time that passed while nobody logged in: it was moved, not waited for.
  void advance_to(const Exchange& exchange) {
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(exchange.at - last_);
    if (last_ != oidc::TimePoint{} && !logging_in_ && passed >= std::chrono::seconds{1}) {
      lines_.push_back("{advance: " + std::to_string(passed.count()) + "}");
    }
    last_ = exchange.at;
  }

  void add_token_request(const Exchange& exchange) {
    const auto body = oidc::parse_json(exchange.reply_body);
    const auto error = body && body->is_object() ? oidc::string_member(*body, "error").value_or("") : "";
    if (error == "authorization_pending" || error == "slow_down") {
      return;  // the login goes on
    }
    logging_in_ = false;
    const std::string op = exchange.grant == "refresh_token"        ? "refresh"
                           : exchange.grant == "client_credentials" ? "get_access_token"
                                                                    : "login";
    push(op, result_of(exchange));
  }

  void push(const std::string& op, const std::string& result) {
    lines_.push_back("{do: " + op + (result.empty() ? "" : ", expect: " + result) + ", because: as recorded}");
  }

  std::vector<std::string> lines_;
  oidc::TimePoint last_{};
  bool logging_in_ = false;
};

/// States the rule in the first thing that is judged, for the author to put into words; the others judge it, too.
/// False: nothing is judged.
bool state_a_rule(std::vector<std::string>& steps, std::vector<std::string>& checks) {
  constexpr std::string_view kReason = ", because: as recorded}";
  for (auto* lines : {&steps, &checks}) {
    for (std::string& line : *lines) {
      const bool is_judged = lines == &checks || line.find(", expect: ") != std::string::npos;
      if (is_judged && line.ends_with(kReason)) {
        line.resize(line.size() - kReason.size());
        line += ", statement: {id: RECORDED-1, level: MUST, text: say the rule that this shows}";
        line += kReason;
        return true;
      }
    }
  }
  return false;
}

std::string block(const std::string& key, const std::vector<std::string>& lines) {
  std::string text = lines.empty() ? "" : key + ":\n";
  for (const std::string& line : lines) {
    text += "  - " + line + "\n";
  }
  return text;
}

std::vector<std::string> script_of(const oidc::Json& script) {
  std::vector<std::string> lines;
  for (const oidc::Json& state : script) {
    oidc::Json step = {{"id", state.at("id")}, {"when", state.at("when")}, {"do", state.at("do")}};
    if (state.at("times") != 1) {
      step["times"] = state.at("times");
    }
    if (state.value("optional", false)) {
      step["optional"] = true;
    }
    if (state.value("consumed", "") == "before") {
      step["consumed"] = "before";
    }
    if (state.contains("probability")) {
      step["probability"] = state["probability"];
    }
    lines.push_back(oidc::to_text(step));  // JSON is YAML
  }
  return lines;
}

/// A line of its own, or nothing for the default issuer.
std::string issuer_of(oidc::Json config) {
  config.erase("clients");
  if (const auto users = config.find("users"); users != config.end()) {
    for (auto& user : *users) {
      user.erase("password");
    }
  }
  return config.empty() ? "" : "issuer: " + oidc::to_text(config) + "\n";  // JSON is YAML
}

}  // namespace

std::string write_scenario(const std::vector<Exchange>& exchanges, const oidc::Json& config, const oidc::Json& script) {
  const Client client = client_of(exchanges);
  Steps steps;
  std::vector<std::string> order;
  for (const Exchange& exchange : exchanges) {
    steps.add(exchange);
    if (std::ranges::find(kOrdered, std::string_view{exchange.endpoint}) != kOrdered.end()) {
      order.push_back(exchange.endpoint);
    }
  }
  auto lines = steps.finished();
  if (lines.empty()) {
    lines.emplace_back("{do: login, because: nothing was recorded}");
  }
  std::vector<std::string> checks;
  if (!order.empty()) {
    checks.push_back("{check: in-order, order: " + list_of(order) + ", because: as recorded}");
  }
  const std::string rule = state_a_rule(lines, checks) ? "statements: [RECORDED-1]\n" : "";
  return "# Recorded at an issuer. Say what it shows, why that matters, and the rule that it judges.\n"
         "title: Recorded session\n"
         "why: say what goes wrong without it\n" +
         rule + "client: " + to_text(client) + "\n" + issuer_of(config) + block("script", script_of(script)) +
         block("steps", lines) + block("expect", checks);
}

}  // namespace mockserver::control
