#include "redaction.hpp"

#include <algorithm>
#include <array>

#include "client_auth/authenticate.hpp"
#include "endpoints/endpoint.hpp"
#include "oidc/log.hpp"

namespace mockserver {
namespace {

/// Parameters whose values are secret even if this issuer never made them.
constexpr std::array<std::string_view, 16> kSecretParameters = {
    "token",         "access_token",     "refresh_token", "id_token",      "id_token_hint", "code",
    "device_code",   "user_code",        "code_verifier", "client_secret", "password",      "assertion",
    "subject_token", "client_assertion", "actor_token",   "request"};

constexpr std::array<std::string_view, 4> kSecretHeaders = {"cookie", "set-cookie", "proxy-authorization", "dpop"};

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string named(const Ledger& ledger, std::string_view secret) {
  return ledger.name_of(secret).value_or("fp:" + oidc::fingerprint(secret));
}

std::string redact_parameter(const Ledger& ledger, const std::string& name, const std::string& value) {
  const bool secret = std::ranges::find(kSecretParameters, name) != kSecretParameters.end();
  return secret && !value.empty() ? named(ledger, value) : ledger.redact(value);
}

/// What of a request's parameters is kept: a journal holds thousands of requests, and clients choose their size.
constexpr std::size_t kMostKept = 64U << 10U;

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
  std::size_t room = kMostKept;
  for (const auto& [name, value] : form) {
    std::string kept_name = shortened(ledger.redact(name), room);
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

oidc::Headers redact_headers(const Ledger& ledger, const oidc::Headers& headers) {
  oidc::Headers result;
  for (const auto& [name, value] : headers) {
    const std::string lower_name = lower(name);
    if (lower_name == "authorization") {
      result.add(name, redact_authorization(ledger, value));
    } else if (std::ranges::find(kSecretHeaders, lower_name) != kSecretHeaders.end()) {
      result.add(name, "fp:" + oidc::fingerprint(value));
    } else {
      result.add(name, ledger.redact(value));
    }
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
  std::string target = ledger.redact(call.path);
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
  exchange.grant = ledger.redact(call.grant);
  exchange.client = ledger.redact(call.client_id);
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
  exchange.reply_body = ledger.redact(reply.body);
  return exchange;
}

}  // namespace mockserver
