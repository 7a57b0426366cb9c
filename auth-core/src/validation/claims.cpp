#include "validation/claims.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "oidc/openssl.hpp"

namespace authcore {
namespace {

// Beyond any date that matters and far from overflow in milliseconds.
constexpr double kMaxSeconds = 1e12;
constexpr double kMillisecondsPerSecond = 1000;

oidc::Error missing(const std::string& claim) {
  return {oidc::Errc::kMissingClaim, "the token has no claim " + claim};
}

oidc::Error bad(const std::string& claim, const std::string& why) {
  return {oidc::Errc::kBadClaim, "the claim " + claim + " " + why};
}

// A null value counts as absent (TV-007).
const oidc::Json* find_claim(const oidc::Json& claims, const std::string& name) {
  const auto found = claims.find(name);
  return found == claims.end() || found->is_null() ? nullptr : &*found;
}

oidc::Result<std::optional<oidc::TimePoint>> time_claim(const oidc::Json& claims, const std::string& name) {
  const oidc::Json* value = find_claim(claims, name);
  if (value == nullptr) {
    return std::optional<oidc::TimePoint>{};
  }
  if (!value->is_number()) {
    return bad(name, "is not a number");
  }
  const double seconds = std::clamp(value->get<double>(), -kMaxSeconds, kMaxSeconds);
  const auto milliseconds = static_cast<std::int64_t>(std::floor(seconds * kMillisecondsPerSecond));
  return std::optional{oidc::TimePoint{oidc::Duration{milliseconds}}};
}

oidc::Status check_string_types(const oidc::Json& claims) {
  for (const char* name : {"iss", "sub", "jti"}) {
    const oidc::Json* value = find_claim(claims, name);
    if (value != nullptr && !value->is_string()) {
      return bad(name, "is not a string");
    }
  }
  return oidc::Done{};
}

oidc::Status check_issuer(const oidc::Json& claims, const std::string& issuer) {
  const oidc::Json* value = find_claim(claims, "iss");
  if (value == nullptr) {
    return missing("iss");
  }
  if (value->get_ref<const std::string&>() != issuer) {
    return oidc::Error{oidc::Errc::kBadIssuer, "the token is from another issuer"};
  }
  return oidc::Done{};
}

oidc::Status check_audience(const oidc::Json& claims, const std::string& audience) {
  const oidc::Json* value = find_claim(claims, "aud");
  if (value == nullptr) {
    return missing("aud");
  }
  const auto is_string = [](const oidc::Json& element) { return element.is_string(); };
  const bool is_list = value->is_array() && std::all_of(value->begin(), value->end(), is_string);
  if (!value->is_string() && !is_list) {
    return bad("aud", "is neither a string nor a list of strings");
  }
  const oidc::Json wanted = audience;
  if (is_list ? std::find(value->begin(), value->end(), wanted) == value->end() : *value != wanted) {
    return oidc::Error{oidc::Errc::kBadAudience, "the token is not meant for this audience"};
  }
  return oidc::Done{};
}

oidc::Status check_times(const oidc::Json& claims, oidc::TimePoint now, const ClockLeeway& leeway) {
  const auto expiry = time_claim(claims, "exp");
  if (!expiry) {
    return expiry.error();
  }
  if (!*expiry) {
    return missing("exp");
  }
  for (const char* name : {"nbf", "iat"}) {
    const auto start = time_claim(claims, name);
    if (!start) {
      return start.error();
    }
    if (*start && **start > now + std::max(leeway.overall, leeway.start)) {
      return oidc::Error{oidc::Errc::kTokenNotYetValid,
                         "the token is not yet valid: its " + std::string{name} + " lies ahead"};
    }
  }
  if (**expiry + leeway.overall <= now) {
    return oidc::Error{oidc::Errc::kTokenExpired, "the token has expired"};
  }
  return oidc::Done{};
}

oidc::Status check_nonce(const oidc::Json& claims, const std::string& nonce) {
  const oidc::Json* value = find_claim(claims, "nonce");
  const auto not_the_answer = [](const char* why) {
    return oidc::Error{oidc::Errc::kBadNonce, std::string{"the token is not the answer to this login: "} + why};
  };
  if (value == nullptr) {
    return not_the_answer("it has no nonce");
  }
  if (!value->is_string()) {
    return not_the_answer("its nonce is not a string");
  }
  if (!oidc::equal_secrets(value->get_ref<const std::string&>(), nonce)) {
    return not_the_answer("its nonce differs");
  }
  return oidc::Done{};
}

void add_words(std::vector<std::string>& words, const std::string& text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) {
      words.push_back(text.substr(begin, end - begin));
    }
    begin = end + 1;
  }
}

oidc::Result<std::vector<std::string>> granted_scopes(const oidc::Json& claims, const std::string& name) {
  std::vector<std::string> scopes;
  const oidc::Json* value = find_claim(claims, name);
  if (value == nullptr) {
    return scopes;
  }
  if (value->is_string()) {
    add_words(scopes, value->get_ref<const std::string&>());
    return scopes;
  }
  if (!value->is_array()) {
    return bad(name, "is neither a string nor a list of strings");
  }
  for (const oidc::Json& element : *value) {
    if (!element.is_string()) {
      return bad(name, "is neither a string nor a list of strings");
    }
    add_words(scopes, element.get_ref<const std::string&>());
  }
  return scopes;
}

}  // namespace

oidc::Status check_claims(const oidc::Json& claims, const Expectation& expected, oidc::TimePoint now,
                          const ClockLeeway& leeway) {
  const oidc::Status types = check_string_types(claims);
  if (!types) {
    return types;
  }
  const oidc::Status issuer = check_issuer(claims, expected.issuer);
  if (!issuer) {
    return issuer;
  }
  const oidc::Status audience = check_audience(claims, expected.audience);
  if (!audience) {
    return audience;
  }
  const oidc::Status times = check_times(claims, now, leeway);
  if (!times) {
    return times;
  }
  for (const std::string& name : expected.required_claims) {
    if (find_claim(claims, name) == nullptr) {
      return missing(name);
    }
  }
  if (expected.nonce) {
    return check_nonce(claims, *expected.nonce);
  }
  return oidc::Done{};
}

oidc::Status check_scopes(const oidc::Json& claims, const std::vector<std::string>& scopes_anyof) {
  if (scopes_anyof.empty()) {
    return oidc::Done{};
  }
  for (const char* name : {"scope", "scp"}) {
    const oidc::Result<std::vector<std::string>> granted = granted_scopes(claims, name);
    if (!granted) {
      return granted.error();
    }
    if (granted->empty()) {
      continue;
    }
    if (std::find_first_of(granted->begin(), granted->end(), scopes_anyof.begin(), scopes_anyof.end()) ==
        granted->end()) {
      return oidc::Error{oidc::Errc::kScopeNotGranted, "the token grants none of the scopes asked for"};
    }
    return oidc::Done{};
  }
  return oidc::Error{oidc::Errc::kMissingScope, "the token names no scopes at all, and one was asked for"};
}

oidc::Status check_id_token_claims(const oidc::Json& claims, const std::string& client_id) {
  for (const char* name : {"sub", "iat"}) {
    if (find_claim(claims, name) == nullptr) {
      return missing(name);
    }
  }
  const oidc::Json* audience = find_claim(claims, "aud");
  const oidc::Json* party = find_claim(claims, "azp");
  if (party == nullptr && audience->is_array() && audience->size() > 1) {
    return oidc::Error{oidc::Errc::kBadAuthorizedParty, "the ID token has several audiences and no azp"};
  }
  if (party != nullptr && *party != oidc::Json(client_id)) {
    return oidc::Error{oidc::Errc::kBadAuthorizedParty, "the ID token was issued to another client"};
  }
  return oidc::Done{};
}

}  // namespace authcore
