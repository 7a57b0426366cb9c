#include "jose/received_jwt.hpp"

#include <algorithm>
#include <chrono>

#include "jose/verify.hpp"
#include "oidc/base64url.hpp"

namespace mockserver {
namespace {

using namespace std::chrono_literals;

constexpr oidc::Duration kLongestLife = 1h;
constexpr oidc::Duration kLeeway = 60s;  // for a clock that is ahead of ours

std::optional<oidc::Json> decode_object(std::string_view part) {
  const auto text = oidc::base64url_decode(part);
  auto json = text ? oidc::parse_json(*text) : oidc::Result<oidc::Json>{oidc::Error{}};
  return json && json->is_object() ? std::optional{*std::move(json)} : std::nullopt;
}

}  // namespace

std::optional<ReceivedJwt> read_jwt(std::string_view text) {
  const auto first = text.find('.');
  const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  auto header = decode_object(text.substr(0, first));
  auto claims = decode_object(text.substr(first + 1, second - first - 1));
  auto signature = oidc::base64url_decode(text.substr(second + 1));
  if (!header || !claims || !signature || header->contains("crit")) {
    return std::nullopt;
  }
  return ReceivedJwt{*std::move(header), *std::move(claims), std::string{text.substr(0, second)},
                     *std::move(signature)};
}

bool is_signed_by_one_of(const std::vector<oidc::Jwk>& keys, const ReceivedJwt& jwt) {
  const auto kid = oidc::string_member(jwt.header, "kid");
  return std::ranges::any_of(keys, [&](const oidc::Jwk& key) {
    return (!kid || key.kid.empty() || key.kid == *kid) && is_signed_by(key, jwt.alg(), jwt.input, jwt.signature);
  });
}

std::optional<oidc::TimePoint> time_claim(const oidc::Json& claims, std::string_view name) {
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

const char* why_untimely(const oidc::Json& claims, oidc::TimePoint now) {
  const auto expires_at = time_claim(claims, "exp");
  if (!expires_at || *expires_at <= now) {
    return "has expired, or never would";
  }
  if (*expires_at > now + kLongestLife) {
    return "lives longer than an hour";
  }
  for (const char* name : {"iat", "nbf"}) {
    const auto time = time_claim(claims, name);
    if (claims.contains(name) && (!time || *time > now + kLeeway)) {
      return "is not valid yet";
    }
  }
  return nullptr;
}

}  // namespace mockserver
