#include "redaction.hpp"

#include <algorithm>
#include <array>

#include "client_auth/authenticate.hpp"
#include "endpoints/endpoint.hpp"
#include "oidc/log.hpp"

namespace mockserver {
namespace {

/// What is secret although its name doesn't say so.
constexpr std::array<std::string_view, 3> kSecretNames = {"id_token_hint", "request", "dpop"};

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string named(const Ledger& ledger, std::string_view secret) {
  return ledger.name_of(secret).value_or("fp:" + oidc::fingerprint(secret));
}

/// Whether the value of a parameter or header field is secret even if this issuer never made it.
bool is_secret(const std::string& name) {
  return oidc::names_a_secret(name) || std::ranges::find(kSecretNames, lower(name)) != kSecretNames.end();
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (; !text.empty(); text.remove_prefix(1)) {
    const auto one =
        text.front() == '%' ? oidc::form_decode(text.substr(0, 3)) : oidc::Result<std::string>{oidc::Error{}};
    result += one ? *one : std::string{text.front()};
    text.remove_prefix(one ? 2 : 0);
  }
  return result;
}

/// Known secrets also where characters of them are escaped, or escaped again: whoever reads it reads them all the same.
std::string redact_text(const Ledger& ledger, std::string_view text) {
  constexpr int kDeepest = 3;
  std::string shown = ledger.redact(text);
  std::string plain = shown;
  for (int depth = 0; depth < kDeepest && plain.find('%') != std::string::npos; ++depth) {
    plain = unescaped(plain);
    if (std::string redacted = ledger.redact(plain); redacted != plain) {
      plain = std::move(redacted);
      shown = plain;
    }
  }
  return shown;
}

std::string redact_parameter(const Ledger& ledger, const std::string& name, const std::string& value) {
  return is_secret(name) && !value.empty() ? named(ledger, value) : redact_text(ledger, value);
}

/// What of a request's parameters is kept: a journal holds thousands of requests, and clients choose their size.
constexpr std::size_t kLongestShown = 64U << 10U;

/// The text, or its beginning and how long it was; `room` shrinks by what is kept.
std::string shortened(std::string text, std::size_t& room) {
  if (text.size() > room) {
    const std::string size = std::to_string(text.size());
    text.resize(room);
    text += "... (" + size + " bytes)";
    text.shrink_to_fit();
    room = 0;
    return text;
  }
  room -= text.size();
  return text;
}

oidc::Form redact_form(const Ledger& ledger, const oidc::Form& form) {
  oidc::Form result;
  std::size_t room = kLongestShown;
  for (const auto& [name, value] : form) {
    std::string kept_name = shortened(redact_text(ledger, name), room);
    result.add(std::move(kept_name), shortened(redact_parameter(ledger, name, value), room));
  }
  return result;
}

/// "Basic service:secret#1", "Bearer at#1", "Other fp:…".
std::string redact_authorization(const Ledger& ledger, const std::string& value) {
  if (const auto basic = parse_basic(value)) {
    return "Basic " + ledger.redact(basic->id) + ":" + named(ledger, basic->secret);
  }
  for (const std::string scheme : {"Bearer", "DPoP"}) {
    if (has_scheme(value, scheme)) {
      return scheme + " " + named(ledger, after_scheme(value));
    }
  }
  const auto blank = value.find(' ');
  return blank == std::string::npos
             ? "fp:" + oidc::fingerprint(value)
             : ledger.redact(value.substr(0, blank)) + " fp:" + oidc::fingerprint(after_scheme(value));
}

/// Credentials by their looks, in whatever field; a challenge begins like them and holds none.
bool is_authorization(const std::string& name, const std::string& value) {
  const bool has_known_scheme = has_scheme(value, "Basic") || has_scheme(value, "Bearer") || has_scheme(value, "DPoP");
  return name == "authorization" || (has_known_scheme && !is_secret(name) && name != "www-authenticate");
}

oidc::Headers redact_headers(const Ledger& ledger, const oidc::Headers& headers) {
  oidc::Headers result;
  for (const auto& [name, value] : headers) {
    result.add(name, is_authorization(lower(name), value) ? redact_authorization(ledger, value)
                                                          : redact_parameter(ledger, name, value));
  }
  return result;
}

/// Also what counts as left out because it has no value: the journal says what was sent.
oidc::Form sent_form(const Call& call) {
  oidc::Form form = call.form;
  for (const std::string& name : call.empty_parameters) {
    form.add(name, "");
  }
  return form;
}

/// Whether the client gets to see the status.
bool sends_header(Fault fault) {
  return fault != Fault::kReset && fault != Fault::kEmpty && fault != Fault::kHang;
}

std::string redact_target(const Ledger& ledger, const Call& call) {
  std::string target = redact_text(ledger, call.path);
  if (call.url.query.empty()) {
    return target;
  }
  const auto query = oidc::parse_form(call.url.query);
  return target + "?" + (query ? redact_form(ledger, *query).encode() : "fp:" + oidc::fingerprint(call.url.query));
}

}  // namespace

Exchange describe(const Call& call, const oidc::HttpResponse& reply, std::size_t seq, oidc::Duration offset) {
  const Ledger& ledger = call.world.ledger;
  Exchange exchange;
  exchange.seq = seq;
  exchange.at = call.now;
  exchange.offset = offset;
  exchange.endpoint = call.endpoint != nullptr ? call.endpoint->name : "";
  exchange.grant = redact_text(ledger, call.grant);
  exchange.client = redact_text(ledger, call.client_id);
  exchange.client_auth = call.client_auth;
  exchange.method = ledger.redact(call.request.method);
  exchange.path = redact_target(ledger, call);
  exchange.headers = redact_headers(ledger, call.request.headers);
  exchange.form = redact_form(ledger, sent_form(call));
  exchange.steps = call.steps;
  exchange.delay = call.delivery.delay;
  exchange.dropped = call.delivery.fault != Fault::kNone;
  exchange.status = sends_header(call.delivery.fault) ? reply.status : 0;
  exchange.reply_headers = redact_headers(ledger, reply.headers);
  exchange.reply_body = redact_text(ledger, reply.body);
  return exchange;
}

}  // namespace mockserver
