#include <algorithm>

#include "exchange_facts.hpp"
#include "scenarios/condition.hpp"

namespace scenarios {
namespace {

using mockserver::Exchange;

template <class Predicate>
bool any_request(const ClientFacts& facts, Predicate predicate) {
  return std::ranges::any_of(facts.exchanges, predicate);
}

bool sent(const ClientFacts& facts, const char* endpoint, const char* field) {
  return any_request(facts, [&](const Exchange& exchange) {
    return exchange.endpoint == endpoint && parameter(exchange, field).has_value();
  });
}

bool has_word(const std::string& list, std::string_view word) {
  return (" " + list + " ").find(" " + std::string{word} + " ") != std::string::npos;
}

/// The scope alone says nothing: the harness configures it.
bool asked_for_id_token(const ClientFacts& facts) {
  return facts.hello.capabilities.contains("openid") && any_request(facts, [](const Exchange& exchange) {
           return has_word(parameter(exchange, "scope").value_or(""), "openid");
         });
}

/// An authorization request went out without that parameter.
bool left_out(const ClientFacts& facts, const char* field) {
  return any_request(
      facts, [&](const Exchange& exchange) { return exchange.endpoint == "authorize" && !parameter(exchange, field); });
}

bool reached(const ClientFacts& facts, const char* endpoint) {
  return any_request(facts, [&](const Exchange& exchange) { return exchange.endpoint == endpoint; });
}

bool sends_assertion(const ClientFacts& facts) {
  return any_request(facts,
                     [](const Exchange& exchange) { return parameter(exchange, "client_assertion").has_value(); });
}

bool is_public(const ClientFacts& facts) {
  return any_request(facts, [](const Exchange& exchange) { return exchange.client_auth == "none"; });
}

/// The same endpoint again, after it refused or failed.
bool asked_again(const ClientFacts& facts) {
  for (auto first = facts.exchanges.begin(); first != facts.exchanges.end(); ++first) {
    const bool refused = first->status == 429 || first->status >= 500 || first->dropped;
    if (refused && std::any_of(first + 1, facts.exchanges.end(), [&](const Exchange& later) {
          return later.endpoint == first->endpoint && later.grant == first->grant && !is_attempt_to_authenticate(later);
        })) {
      return true;
    }
  }
  return false;
}

bool refreshes(const ClientFacts& facts) {
  return any_request(facts, [](const Exchange& exchange) { return exchange.grant == "refresh_token"; });
}

bool polls(const ClientFacts& facts) {
  return any_request(facts, [](const Exchange& exchange) {
    return exchange.grant == "device_code" || (exchange.endpoint == "token" && parameter(exchange, "device_code"));
  });
}

/// In whatever way it presents it.
bool sent_bearer(const ClientFacts& facts) {
  return any_request(facts, [](const Exchange& exchange) {
    const bool is_resource = exchange.endpoint == "userinfo" || exchange.endpoint == "resource";
    return exchange.headers.get("Authorization").value_or("").starts_with("Bearer ") ||
           (is_resource && parameter(exchange, "access_token").has_value());
  });
}

bool sends_scheme(const ClientFacts& facts, std::string_view scheme) {
  return any_request(facts, [&](const Exchange& exchange) {
    return exchange.headers.get("Authorization").value_or("").starts_with(scheme);
  });
}

}  // namespace

/// A new condition is a line here, and its name in docs/scenarios.md.
const std::vector<Condition>& conditions() {
  static const std::vector<Condition> kAll{
      {"keeps_tokens", "it keeps its tokens in files", true,
       [](const ClientFacts& facts) { return facts.hello.capabilities.contains("storage"); }},
      {"rfc9207", "it supports RFC 9207", true,
       [](const ClientFacts& facts) { return facts.hello.capabilities.contains("rfc9207"); }},
      {"typed_errors", "it tells errors by their kind", true,
       [](const ClientFacts& facts) { return facts.hello.capabilities.contains("typed_errors"); }},
      {"validates_access_tokens", "it validates access tokens", true,
       [](const ClientFacts& facts) { return facts.hello.ops.contains("validate"); }},
      {"refresh_ahead", "it renews tokens before they expire", true,
       [](const ClientFacts& facts) { return facts.hello.policy.refresh.is_ahead(); }},
      {"retries_in_call", "it repeats refused requests by itself", true,
       [](const ClientFacts& facts) { return facts.hello.policy.retries_in_call.value_or(false); }},
      {"listens", "it listens for the redirect itself", true,
       [](const ClientFacts& facts) { return facts.hello.policy.listens; }},
      {"caches_keys", "it says how long it keeps keys", true,
       [](const ClientFacts& facts) { return facts.hello.policy.keys_age || facts.hello.policy.keys_pause; }},
      {"openid", "it knows OpenID Connect and asked for an ID token", false, asked_for_id_token},
      {"discovers", "it asked for the metadata", false,
       [](const ClientFacts& facts) { return reached(facts, "discovery"); }},
      {"introspects", "it introspects tokens", false,
       [](const ClientFacts& facts) { return facts.hello.ops.contains("introspect") || reached(facts, "introspect"); }},
      {"public", "it is a public client", false, is_public},
      {"sends_redirect_uri", "it sent a redirect URI", false,
       [](const ClientFacts& facts) { return sent(facts, "authorize", "redirect_uri"); }},
      {"no_nonce", "it sent no nonce", false, [](const ClientFacts& facts) { return left_out(facts, "nonce"); }},
      {"sends_assertion", "it authenticated by an assertion", false, sends_assertion},
      {"sent_nonce", "it sent a nonce", false,
       [](const ClientFacts& facts) { return sent(facts, "authorize", "nonce"); }},
      {"sent_state", "it sent a state", false,
       [](const ClientFacts& facts) { return sent(facts, "authorize", "state"); }},
      {"sent_pkce", "it sent a code challenge", false,
       [](const ClientFacts& facts) { return sent(facts, "authorize", "code_challenge"); }},
      {"sent_form_post", "it asked to have the answer posted", false,
       [](const ClientFacts& facts) {
         return any_request(facts, [](const Exchange& exchange) {
           return exchange.endpoint == "authorize" && parameter(exchange, "response_mode") == "form_post";
         });
       }},
      {"no_pkce", "it sent no code challenge", false,
       [](const ClientFacts& facts) { return left_out(facts, "code_challenge"); }},
      {"asked_again", "it asked again after a refusal", false, asked_again},
      {"refreshes", "it sent a refresh request", false, refreshes},
      {"polls", "it polled for a device's token", false, polls},
      {"sends_basic", "it authenticated by HTTP Basic", false,
       [](const ClientFacts& facts) { return sends_scheme(facts, "Basic "); }},
      {"sent_bearer", "it sent a bearer token", false, sent_bearer},
  };
  return kAll;
}

const Condition* find_condition(std::string_view name) {
  const auto found = std::ranges::find(conditions(), name, &Condition::name);
  return found == conditions().end() ? nullptr : &*found;
}

std::vector<std::string> condition_names() {
  std::vector<std::string> names;
  for (const Condition& condition : conditions()) {
    names.emplace_back(condition.name);
  }
  return names;
}

}  // namespace scenarios
