// JWTs as client assertions: a line of header, a line of claims, and what stands in place of a right signature.

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "mockserver/issuer.hpp"
#include "oidc/base64url.hpp"
#include "oidc/form.hpp"
#include "oidc/jwk.hpp"
#include "target.hpp"

namespace fuzz {
namespace {

constexpr oidc::TimePoint kStart = std::chrono::sys_days{std::chrono::January / 1 / 2030};
constexpr const char* kBase = "https://issuer.test/alpha";

/// RS256 with the default client's key, by OpenSSL and not by our own code.
std::string sign(const std::string& text) {
  static const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key = [] {
    const std::string_view pem = mockserver::client_private_key();
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                        BIO_free};
    return std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>{
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  }();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  std::string signature(256, '\0');
  std::size_t size = signature.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  require(
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size()) == 1,
      "a signature");
  return signature;
}

std::string jwt_of(std::string_view input) {
  const auto first = input.find('\n');
  if (first == std::string_view::npos) {
    return std::string{input};  // a JWT, or nothing like it
  }
  const std::string_view header = input.substr(0, first);
  const std::string_view rest = input.substr(first + 1);
  const auto second = rest.find('\n');
  const std::string text = oidc::base64url_encode(header) + "." + oidc::base64url_encode(rest.substr(0, second));
  const bool is_signed = second == std::string_view::npos || rest.substr(second + 1).empty();
  return text + "." + (is_signed ? oidc::base64url_encode(sign(text)) : std::string{rest.substr(second + 1)});
}

/// Whatever the first line is: a key, too.
void read_as_key(std::string_view line) {
  const auto json = oidc::parse_json(line);
  if (!json) {
    return;
  }
  if (const auto key = oidc::parse_jwk(*json)) {
    (void)oidc::to_public_key(*key);
    require(!oidc::thumbprint(*key).empty(), "a thumbprint");
  }
}

}  // namespace

void run_assertion(std::string_view input) {
  static const mockserver::IssuerConfig config = mockserver::parse_issuer_config({{"signing_alg", "ES256"}}).value();
  oidc::VirtualClock clock{kStart};
  mockserver::Issuer issuer{config, kBase, clock};
  const std::string jwt = jwt_of(input);
  read_as_key(input.substr(0, input.find('\n')));

  const oidc::Form form{{"grant_type", "client_credentials"},
                        {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                        {"client_assertion", jwt}};
  const oidc::HttpRequest request{.method = "POST",
                                  .url = std::string{kBase} + "/token",
                                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                  .body = form.encode()};
  const int first = issuer.handle(request).response.status;
  const auto again = issuer.handle(request).response;
  require(first == 200 || first == 400 || first == 401, "a status that no assertion can have");
  require(again.status != 200, "an assertion that was taken twice");
  require_sound(again);
  require_sound(issuer
                    .handle({.method = "GET",
                             .url = std::string{kBase} + "/userinfo",
                             .headers = {{"Authorization", "Bearer " + jwt}},
                             .body = {}})
                    .response);
}

}  // namespace fuzz
