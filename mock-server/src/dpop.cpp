#include "dpop.hpp"

#include <chrono>
#include <optional>

#include "client_auth/algorithms.hpp"
#include "client_auth/authenticate.hpp"
#include "jose/received_jwt.hpp"
#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

using namespace std::chrono_literals;

constexpr oidc::Duration kOldest = 5min;
constexpr oidc::Duration kLeeway = 60s;  // for a clock that is ahead of ours
constexpr std::chrono::seconds kNonceTime = 5min;

struct Proof {
  std::string jkt;
  UsedAssertion use;
};

oidc::Error invalid_proof(const std::string& why) {
  return refusal("invalid_dpop_proof", why);
}

/// The public key in the header; nothing if it is none, or a private or symmetric one.
std::optional<oidc::Jwk> key_of(const ReceivedJwt& proof) {
  const auto json = proof.header.find("jwk");
  if (json == proof.header.end() || !json->is_object() || json->contains("d") || json->contains("k")) {
    return std::nullopt;
  }
  const auto key = oidc::parse_jwk(*json);
  return key ? std::optional{*key} : std::nullopt;
}

/// Scheme and host in lower case, the default port left out, no query and no fragment (section 4.3).
std::string normalized(std::string_view text) {
  const auto url = oidc::parse_url(text);
  return url ? url->origin() + url->path : "";
}

bool is_this_url(const Call& call, const std::string& htu) {
  const std::string asked = normalized(htu);
  return !asked.empty() &&
         (asked == normalized(call.world.base_url + call.path) || asked == normalized(call.request.url));
}

/// Good for a while, then another: a function of time and the issuer, so that nothing need be kept.
std::string nonce_at(const World& world, std::int64_t period) {
  const std::string text = world.base_path + '\n' + std::to_string(world.config.seed) + '\n' + std::to_string(period);
  return oidc::base64url_encode(oidc::sha256("DPoP nonce\n" + text)).substr(0, 22);
}

std::int64_t period_of(oidc::TimePoint now) {
  return oidc::epoch_seconds(now) / kNonceTime;
}

oidc::Status check_nonce(const Call& call, const std::string& nonce) {
  const std::int64_t period = period_of(call.now);
  const bool good = nonce == nonce_at(call.world, period) || nonce == nonce_at(call.world, period - 1);
  return !call.world.config.dpop.nonce || good
             ? oidc::Status{oidc::Done{}}
             : refusal("use_dpop_nonce", "the DPoP proof needs the nonce of the DPoP-Nonce header");
}

oidc::Status check_claims(const Call& call, const ReceivedJwt& proof) {
  if (proof.claim("htm") != call.request.method) {
    return invalid_proof("htm of the DPoP proof is not the request's method");
  }
  if (!is_this_url(call, proof.claim("htu"))) {
    return invalid_proof("htu of the DPoP proof is not the request's URL");
  }
  const auto issued_at = time_claim(proof.claims, "iat");
  if (!issued_at || *issued_at > call.now + kLeeway || *issued_at <= call.now - kOldest) {
    return invalid_proof("iat of the DPoP proof is too old or in the future");
  }
  return check_nonce(call, proof.claim("nonce"));
}

oidc::Result<Proof> read_proof(const Call& call) {
  if (call.request.headers.count("DPoP") != 1) {
    return invalid_proof("there must be one DPoP proof");
  }
  const auto jwt = read_jwt(call.request.headers.get("DPoP").value_or(""));
  if (!jwt || oidc::string_member(jwt->header, "typ") != "dpop+jwt") {
    return invalid_proof("the DPoP proof is no JWT of type dpop+jwt");
  }
  const auto key = key_of(*jwt);
  if (!key) {
    return invalid_proof("jwk of the DPoP proof is no public key");
  }
  if (!is_signed_by(*key, jwt->alg(), jwt->input, jwt->signature)) {
    return invalid_proof("the key in the DPoP proof did not sign it");
  }
  if (const auto checked = check_claims(call, *jwt); !checked) {
    return checked.error();
  }
  const std::string jkt = oidc::thumbprint(*key);
  const std::string jti = jwt->claim("jti");
  const UsedAssertion use{"dpop\n" + jkt + '\n' + jti, *time_claim(jwt->claims, "iat") + kOldest};
  if (jti.empty() || !call.world.assertions.is_fresh(use.id, call.now)) {
    return invalid_proof("the DPoP proof has no jti, or one that was used before");
  }
  return Proof{jkt, use};
}

/// Section 4.3, item 12: made for this token.
bool is_for_token(const Call& call, std::string_view access_token) {
  const auto jwt = read_jwt(call.request.headers.get("DPoP").value_or(""));
  return jwt && jwt->claim("ath") == oidc::base64url_encode(oidc::sha256(access_token));
}

}  // namespace

oidc::Status check_token_request_proof(Call& call) {
  if (!call.request.headers.contains("DPoP")) {
    return call.world.config.dpop.required || call.client->dpop_bound
               ? oidc::Status{invalid_proof("a DPoP proof is required")}
               : oidc::Done{};
  }
  auto proof = read_proof(call);
  if (!proof) {
    return proof.error();
  }
  call.dpop_jkt = std::move(proof->jkt);
  call.proof = std::move(proof->use);
  return oidc::Done{};
}

oidc::Status check_token_use(const Call& call, std::string_view access_token, const std::string& dpop_jkt) {
  if (dpop_jkt.empty()) {
    return uses_dpop_scheme(call) ? oidc::Status{refusal("invalid_token", "the access token is a bearer token")}
                                  : oidc::Done{};
  }
  if (!uses_dpop_scheme(call)) {
    return refusal("invalid_token", "the access token is bound to a key and goes by the scheme DPoP");
  }
  const auto proof = read_proof(call);
  if (!proof) {
    return proof.error();
  }
  if (proof->jkt != dpop_jkt) {
    return refusal("invalid_token", "the access token is bound to another key");
  }
  if (!is_for_token(call, access_token)) {
    return invalid_proof("ath of the DPoP proof is not the hash of the access token");
  }
  if (!call.world.assertions.use(proof->use.id, proof->use.expires_at, call.now)) {
    return invalid_proof("the DPoP proof was used before");
  }
  return oidc::Done{};
}

bool uses_dpop_scheme(const Call& call) {
  const auto authorization = call.request.headers.get("Authorization");
  return authorization && has_scheme(*authorization, "DPoP");
}

std::string dpop_algorithms() {
  std::string names;
  for (const std::string_view name : client_key_algorithms()) {
    names.append(names.empty() ? "" : " ").append(name);
  }
  return names;
}

void offer_dpop_nonce(const Call& call, oidc::HttpResponse& reply) {
  if (call.world.config.dpop.nonce && call.request.headers.contains("DPoP") && !reply.headers.contains("DPoP-Nonce")) {
    reply.headers.add("DPoP-Nonce", nonce_at(call.world, period_of(call.now)));
  }
}

void describe_dpop(oidc::Json& metadata) {
  metadata["dpop_signing_alg_values_supported"] = client_key_algorithms();
}

}  // namespace mockserver
