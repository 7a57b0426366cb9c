#include "client_auth/assertion.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include "jose/verify.hpp"
#include "oidc/base64url.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr oidc::Duration kLongestLife = 1h;
constexpr oidc::Duration kLeeway = 60s;  // for a clock that is ahead of ours

struct Assertion {
  oidc::Json header;
  oidc::Json claims;
  std::string input;
  std::string signature;
};

oidc::Error invalid_client(const char* why) {
  return refusal("invalid_client", why);
}

std::optional<oidc::Json> decode_object(std::string_view part) {
  const auto text = oidc::base64url_decode(part);
  auto json = text ? oidc::parse_json(*text) : oidc::Result<oidc::Json>{oidc::Error{}};
  return json && json->is_object() ? std::optional{*std::move(json)} : std::nullopt;
}

std::optional<Assertion> decode(const std::string& jwt) {
  const auto first = jwt.find('.');
  const auto second = first == std::string::npos ? first : jwt.find('.', first + 1);
  if (second == std::string::npos) {
    return std::nullopt;
  }
  auto header = decode_object(std::string_view{jwt}.substr(0, first));
  auto claims = decode_object(std::string_view{jwt}.substr(first + 1, second - first - 1));
  auto signature = oidc::base64url_decode(std::string_view{jwt}.substr(second + 1));
  if (!header || !claims || !signature) {
    return std::nullopt;
  }
  return Assertion{*std::move(header), *std::move(claims), jwt.substr(0, second), *std::move(signature)};
}

/// A NumericDate, as far as it is one.
std::optional<oidc::TimePoint> time_claim(const oidc::Json& claims, const char* name) {
  const auto found = claims.find(name);
  constexpr double kYear9999 = 253'402'300'799;
  if (found == claims.end() || !found->is_number() || found->get<double>() < 0 || found->get<double>() > kYear9999) {
    return std::nullopt;
  }
  return oidc::TimePoint{
      std::chrono::duration_cast<oidc::Duration>(std::chrono::duration<double>{found->get<double>()})};
}

bool is_for(const oidc::Json& claims, const std::string& audience) {
  const auto aud = claims.find("aud");
  return aud != claims.end() &&
         (*aud == audience || (aud->is_array() && std::find(aud->begin(), aud->end(), audience) != aud->end()));
}

oidc::Status check_times(const oidc::Json& claims, oidc::TimePoint now) {
  const auto expires_at = time_claim(claims, "exp");
  if (!expires_at || *expires_at <= now) {
    return invalid_client("the client assertion has expired, or never would");
  }
  if (*expires_at > now + kLongestLife) {
    return invalid_client("the client assertion lives longer than an hour");
  }
  for (const char* name : {"iat", "nbf"}) {
    const auto time = time_claim(claims, name);
    if (claims.contains(name) && (!time || *time > now + kLeeway)) {
      return invalid_client("the client assertion is not valid yet");
    }
  }
  return oidc::Done{};
}

oidc::Status check_signature(const Assertion& assertion, const ClientConfig& client) {
  const std::string alg = oidc::string_member(assertion.header, "alg").value_or("");
  if (!is_assertion_algorithm(alg)) {
    return invalid_client("the client assertion's algorithm is not supported");
  }
  const auto kid = oidc::string_member(assertion.header, "kid");
  const bool is_signed = std::ranges::any_of(client.keys, [&](const oidc::Jwk& key) {
    return (!kid || key.kid.empty() || key.kid == *kid) && is_signed_by(key, alg, assertion.input, assertion.signature);
  });
  return is_signed ? oidc::Status{oidc::Done{}} : invalid_client("none of the client's keys signed the assertion");
}

}  // namespace

oidc::Result<std::string> claimed_client(const Call& call) {
  if (call.form.value_or_empty("client_assertion_type") != kJwtBearer) {
    return invalid_client("the client assertion's type is not supported");
  }
  const auto assertion = decode(call.form.value_or_empty("client_assertion"));
  const auto sub = assertion ? oidc::string_member(assertion->claims, "sub") : std::nullopt;
  if (!sub) {
    return invalid_client("the client assertion is no JWT with a subject");
  }
  const auto in_body = call.parameter("client_id");
  if (in_body && *in_body != *sub) {
    return invalid_client("client_id differs from the client assertion's subject");
  }
  return *sub;
}

oidc::Status check_assertion(Call& call, const ClientConfig& client) {
  const auto assertion = decode(call.form.value_or_empty("client_assertion"));
  if (!assertion) {
    return invalid_client("the client assertion is no JWT");
  }
  if (const auto is_signed = check_signature(*assertion, client); !is_signed) {
    return is_signed;
  }
  const oidc::Json& claims = assertion->claims;
  if (oidc::string_member(claims, "iss") != client.id || oidc::string_member(claims, "sub") != client.id) {
    return invalid_client("issuer and subject of the client assertion must be the client");
  }
  const std::string& base = call.world.base_url;
  if (!is_for(claims, call.world.issuer_id) && !is_for(claims, base) && !is_for(claims, base + call.path) &&
      !is_for(claims, base + "/token")) {
    return invalid_client("the client assertion is for another audience");
  }
  if (const auto timely = check_times(claims, call.now); !timely) {
    return timely;
  }
  const std::string jti = oidc::string_member(claims, "jti").value_or("");
  const std::string id = client.id + '\n' + jti;
  if (jti.empty() || !call.world.assertions.is_fresh(id, call.now)) {
    return invalid_client("the client assertion has no jti, or one that was used before");
  }
  call.assertion = UsedAssertion{id, *time_claim(claims, "exp")};
  return oidc::Done{};
}

}  // namespace mockserver
