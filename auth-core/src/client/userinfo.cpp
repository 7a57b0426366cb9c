#include "client/userinfo.hpp"

#include "authcore/decoded_token.hpp"
#include "http/challenge.hpp"
#include "http/header_token.hpp"
#include "http/reply.hpp"

namespace authcore {
namespace {

/// A resource server says why it refuses a token in its challenge (RFC 6750 §3.1).
oidc::Error with_challenge(oidc::Error error, const Reply& reply) {
  const auto challenge = bearer_challenge(reply.response.headers);
  const std::string code = challenge ? printable(challenge->error, reply.secrets) : "";
  if (error.code != oidc::Errc::kServer || code.empty()) {
    return error;
  }
  error.code = oidc::Errc::kOAuthError;
  error.oauth_error = code;
  error.message += ", " + code;
  if (const std::string scope = printable(challenge->scope, reply.secrets); !scope.empty()) {
    error.message += " (it needs the scope " + scope + ")";
  }
  return error;
}

}  // namespace

oidc::Result<oidc::Json> fetch_userinfo(ClientContext& context, const std::string& access_token) {
  if (!is_header_token(access_token)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "userinfo needs an access token"};
  }
  const oidc::Result<std::string> endpoint = context.discovery.endpoint("userinfo_endpoint");
  if (!endpoint) {
    return endpoint.error();
  }
  oidc::HttpRequest request;
  request.url = *endpoint;
  request.headers.set("Authorization", "Bearer " + access_token);
  const oidc::Result<oidc::HttpResponse> response = context.http.send(request);
  if (!response) {
    return response.error();
  }
  const Reply reply{.response = *response,
                    .endpoint = "userinfo endpoint",
                    .secrets = secrets_of(request),
                    .received = context.environment.clock.now()};
  oidc::Result<oidc::Json> claims = read_json(reply);
  return claims ? claims : with_challenge(std::move(claims).error(), reply);
}

oidc::Status check_userinfo_subject(const oidc::Json& claims, const Credential& credential) {
  const std::optional<std::string> id_token = credential.id_token();
  if (!id_token) {
    return oidc::Done{};
  }
  const oidc::Result<DecodedToken> held = decode_unverified(*id_token);
  if (!held) {
    return held.error();
  }
  const auto subject = oidc::string_member(claims, "sub");
  if (!subject || subject != oidc::string_member(held->payload, "sub")) {
    return oidc::Error{oidc::Errc::kBadClaim, subject ? "userinfo endpoint: the claims are about another subject than "
                                                        "the ID token, and must not be used"
                                                      : "userinfo endpoint: the claims have no sub to compare with the "
                                                        "ID token's, and must not be used"};
  }
  return oidc::Done{};
}

}  // namespace authcore
