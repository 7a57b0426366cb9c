#include "client_auth/private_jwk.hpp"

#include <array>
#include <utility>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/jwk.hpp"

namespace authcore {
namespace {

constexpr std::size_t kMaxMemberBytes = 2048;

oidc::Error bad(const std::string& why) {
  ERR_clear_error();
  return {oidc::Errc::kInvalidArgument, why};
}

/// The parameters of a key: numbers, and the octets and names they point to.
class KeyBuilder {
 public:
  KeyBuilder() : builder_{OSSL_PARAM_BLD_new()} {}

  bool add(const char* name, const std::string& bytes) {
    // On the heap until the key is made: the builder only points to it.
    numbers_.emplace_back(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
    return builder_ && numbers_.back() && OSSL_PARAM_BLD_push_BN(builder_.get(), name, numbers_.back().get()) == 1;
  }
  bool add_octets(const char* name, const std::string& bytes) {
    return builder_ && OSSL_PARAM_BLD_push_octet_string(builder_.get(), name, bytes.data(), bytes.size()) == 1;
  }
  bool add_text(const char* name, const std::string& text) {
    return builder_ && OSSL_PARAM_BLD_push_utf8_string(builder_.get(), name, text.c_str(), 0) == 1;
  }

  oidc::EvpPkey make(const char* type) const {
    const oidc::OsslParams params{OSSL_PARAM_BLD_to_param(builder_.get())};
    const oidc::EvpPkeyCtx context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* key = nullptr;
    if (params && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get());
    }
    return oidc::EvpPkey{key};
  }

 private:
  oidc::OsslParamBuild builder_;
  std::vector<oidc::Bignum> numbers_;
};

oidc::Result<std::string> private_member(const oidc::Json& json, const char* name) {
  const auto text = oidc::string_member(json, name);
  oidc::Result<std::string> bytes = oidc::base64url_decode(text.value_or(""));
  if (!text || !bytes || bytes->empty() || bytes->size() > kMaxMemberBytes) {
    return bad("JWK member \"" + std::string{name} + "\" of the private key is missing or malformed");
  }
  return bytes;
}

bool is_pair(EVP_PKEY& key) {
  const oidc::EvpPkeyCtx context{EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr)};
  return context && EVP_PKEY_pairwise_check(context.get()) == 1;
}

oidc::Error not_a_pair() {
  return bad("the private members of the JWK are not those of its public key");
}

// The primes and what follows from them come together or not at all.
oidc::Result<oidc::EvpPkey> rsa_key(const oidc::Json& json, const oidc::Jwk& jwk) {
  static constexpr std::array<std::pair<const char*, const char*>, 5> kFactors{
      {{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
       {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
       {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
       {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
       {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}};
  std::vector<std::pair<const char*, const char*>> wanted{{"d", OSSL_PKEY_PARAM_RSA_D}};
  const bool has_factors = json.contains("p");
  if (has_factors) {
    wanted.insert(wanted.end(), kFactors.begin(), kFactors.end());
  }
  KeyBuilder builder;
  bool is_built = builder.add(OSSL_PKEY_PARAM_RSA_N, jwk.n) && builder.add(OSSL_PKEY_PARAM_RSA_E, jwk.e);
  for (const auto& [member, parameter] : wanted) {
    const oidc::Result<std::string> bytes = private_member(json, member);
    if (!bytes) {
      return bytes.error();
    }
    is_built = is_built && builder.add(parameter, *bytes);
  }
  oidc::EvpPkey key = is_built ? builder.make("RSA") : nullptr;
  if (!key || (has_factors && !is_pair(*key))) {
    return not_a_pair();
  }
  return key;
}

oidc::Result<oidc::EvpPkey> ec_key(const oidc::Jwk& jwk, const std::string& secret) {
  KeyBuilder builder;
  const std::string point = '\x04' + jwk.x + jwk.y;  // uncompressed, SEC 1 §2.3.3
  const bool is_built = builder.add_text(OSSL_PKEY_PARAM_GROUP_NAME, jwk.crv) &&
                        builder.add_octets(OSSL_PKEY_PARAM_PUB_KEY, point) &&
                        builder.add(OSSL_PKEY_PARAM_PRIV_KEY, secret);
  oidc::EvpPkey key = is_built ? builder.make("EC") : nullptr;
  if (!key || !is_pair(*key)) {
    return not_a_pair();
  }
  return key;
}

oidc::Result<oidc::EvpPkey> ed25519_key(const oidc::Jwk& jwk, const std::string& secret) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(secret.data());
  oidc::EvpPkey key{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes, secret.size())};
  const oidc::Result<oidc::Jwk> made = key ? oidc::to_jwk(*key) : not_a_pair();
  if (!made || made->x != jwk.x) {
    return not_a_pair();
  }
  return key;
}

oidc::Result<oidc::EvpPkey> make_key(const oidc::Json& json, const oidc::Jwk& jwk) {
  if (jwk.kty == "RSA") {
    return rsa_key(json, jwk);
  }
  const oidc::Result<std::string> secret = private_member(json, "d");
  if (!secret) {
    return secret.error();
  }
  return jwk.kty == "EC" ? ec_key(jwk, *secret) : ed25519_key(jwk, *secret);
}

}  // namespace

oidc::Result<PrivateJwk> parse_private_jwk(std::string_view text) {
  const oidc::Result<oidc::Json> json = oidc::parse_json(text);
  if (!json) {
    return bad("the JWK is not valid JSON");
  }
  const oidc::Result<oidc::Jwk> jwk = oidc::parse_jwk(*json);
  if (!jwk) {
    return jwk.error();
  }
  oidc::Result<oidc::EvpPkey> handle = make_key(*json, *jwk);
  if (!handle) {
    return handle.error();
  }
  return PrivateJwk{*std::move(handle), jwk->kid, jwk->alg};
}

}  // namespace authcore
