#include "client_auth/private_key_jwt.hpp"

#include <array>
#include <utility>

#include "client_auth/jws_signer.hpp"

namespace authcore {
namespace {

constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::int64_t kLifetimeSeconds = 300;

class PrivateKeyJwt final : public ClientAuthentication {
 public:
  PrivateKeyJwt(std::string client_id, std::shared_ptr<PrivateKey> key, oidc::Clock& clock, oidc::Random& random)
      : client_id_{std::move(client_id)}, key_{std::move(key)}, clock_{clock}, random_{random} {}

  oidc::Status apply(const std::string& endpoint, oidc::Form& form, oidc::Headers& /*headers*/) const override {
    const oidc::Result<std::shared_ptr<const SigningKey>> key = key_->get();
    if (!key) {
      return key.error();
    }
    oidc::Result<std::string> assertion = sign_jwt(**key, claims(endpoint));
    if (!assertion) {
      return assertion.error();
    }
    // A second method in the body would make the request invalid (RFC 6749 §2.3).
    form.remove("client_id");
    form.remove("client_secret");
    form.set("client_assertion_type", kAssertionType);
    form.set("client_assertion", *std::move(assertion));
    return oidc::Done{};
  }

 private:
  oidc::Json claims(const std::string& endpoint) const {
    const std::int64_t now = oidc::epoch_seconds(clock_.now()).count();
    return {{"iss", client_id_},
            {"sub", client_id_},
            {"aud", endpoint},
            {"iat", now},
            {"nbf", now},
            {"exp", now + kLifetimeSeconds},
            {"jti", make_uuid(random_)}};
  }

  std::string client_id_;
  std::shared_ptr<PrivateKey> key_;
  oidc::Clock& clock_;
  oidc::Random& random_;
};

}  // namespace

std::unique_ptr<ClientAuthentication> make_private_key_jwt(std::string client_id, std::shared_ptr<PrivateKey> key,
                                                           oidc::Clock& clock, oidc::Random& random) {
  return std::make_unique<PrivateKeyJwt>(std::move(client_id), std::move(key), clock, random);
}

std::string make_uuid(oidc::Random& random) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // the variant of RFC 9562
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
    text += kHex[bytes[i] >> 4U];
    text += kHex[bytes[i] & 0x0FU];
  }
  return text;
}

}  // namespace authcore
