#include "jose/signing_key.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "embedded.hpp"
#include "jose/bytes.hpp"
#include "oidc/base64url.hpp"
#include "oidc/json.hpp"

namespace mockserver {
namespace {

using EcGroup = std::unique_ptr<EC_GROUP, oidc::OpenSslDeleter<EC_GROUP_free>>;
using EcPoint = std::unique_ptr<EC_POINT, oidc::OpenSslDeleter<EC_POINT_free>>;

std::string encoded_header(const SigningKey& key, std::string_view typ) {
  return oidc::base64url_encode(oidc::to_text({{"alg", key.alg}, {"kid", key.kid()}, {"typ", typ}}));
}

bool use_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

oidc::EvpMdCtx make_signer(const Algorithm& algorithm, EVP_PKEY* pkey) {
  oidc::EvpMdCtx signer{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* context = nullptr;  // owned by `signer`
  const EVP_MD* digest = algorithm.digest == nullptr ? nullptr : algorithm.digest();
  if (!signer || EVP_DigestSignInit(signer.get(), &context, digest, nullptr, pkey) != 1 ||
      (algorithm.pss && !use_pss(context))) {
    fail(algorithm.name);
  }
  return signer;
}

SigningKeyPtr make_key(oidc::EvpPkey pkey, std::string alg) {
  auto key = std::make_shared<SigningKey>();
  key->jwk = oidc::to_jwk(*pkey).value();
  key->jwk.kid = oidc::thumbprint(key->jwk);
  key->jwk.use = "sig";
  key->jwk.alg = alg;
  key->alg = std::move(alg);
  key->algorithm = find_algorithm(key->alg);
  key->pkey = std::move(pkey);
  // Made once and not with every token: of an ES256 signature OpenSSL's set-up alone is a tenth.
  key->signer = make_signer(*key->algorithm, key->pkey.get());
  key->access_header = encoded_header(*key, "at+jwt");
  key->jwt_header = encoded_header(*key, "JWT");
  return key;
}

SigningKeyPtr parse_rsa(std::string_view pem) {
  return read_signing_key(pem, "RS256");
}

/// The uncompressed point d*G: a byte that says so, and two coordinates.
std::string public_point(const EC_GROUP& group, const BIGNUM& d, std::size_t coordinate_size) {
  const EcPoint point{EC_POINT_new(&group)};
  std::string bytes(1 + 2 * coordinate_size, '\0');
  if (!point || EC_POINT_mul(&group, point.get(), &d, nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(&group, point.get(), POINT_CONVERSION_UNCOMPRESSED,
                         reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), nullptr) != bytes.size()) {
    fail("EC public point");
  }
  return bytes;
}

struct Curve {
  std::string_view crv;
  int nid;
  const char* group;
  unsigned top_bits;  ///< that are used of the highest byte of a private key
};
constexpr std::array<Curve, 3> kCurves{{{"P-256", NID_X9_62_prime256v1, "prime256v1", 0xFF},
                                        {"P-384", NID_secp384r1, "secp384r1", 0xFF},
                                        {"P-521", NID_secp521r1, "secp521r1", 0x01}}};

oidc::EvpPkey ec_key(const Curve& curve, std::string_view point, const BIGNUM& d) {
  const oidc::OsslParamBuild build{OSSL_PARAM_BLD_new()};
  if (!build || OSSL_PARAM_BLD_push_utf8_string(build.get(), "group", curve.group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(build.get(), "pub", point.data(), point.size()) != 1 ||
      OSSL_PARAM_BLD_push_BN(build.get(), "priv", &d) != 1) {
    fail("EC parameters");
  }
  const oidc::OsslParams params{OSSL_PARAM_BLD_to_param(build.get())};
  const oidc::EvpPkeyCtx context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
  EVP_PKEY* pkey = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &pkey, EVP_PKEY_KEYPAIR, params.get()) != 1) {
    fail("EC key");
  }
  return oidc::EvpPkey{pkey};
}

SigningKeyPtr derive_ec_key(const Algorithm& algorithm, oidc::Random& random) {
  const Curve& curve = *std::ranges::find(kCurves, algorithm.crv, &Curve::crv);
  const EcGroup group{EC_GROUP_new_by_curve_name(curve.nid)};
  if (!group) {
    fail(algorithm.crv);
  }
  for (;;) {
    std::vector<std::uint8_t> bytes(algorithm.coordinate_size);
    random.fill(bytes);
    bytes.front() = static_cast<std::uint8_t>(bytes.front() & curve.top_bits);
    const oidc::Bignum d{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
    // Hardly any candidate is not below the order: one in 2^32 of P-256.
    if (d && BN_is_zero(d.get()) == 0 && BN_cmp(d.get(), EC_GROUP_get0_order(group.get())) < 0) {
      return make_key(ec_key(curve, public_point(*group, *d, algorithm.coordinate_size), *d),
                      std::string{algorithm.name});
    }
  }
}

SigningKeyPtr derive_ed25519_key(oidc::Random& random) {
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  oidc::EvpPkey pkey{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size())};
  if (!pkey) {
    fail("Ed25519 key");
  }
  return make_key(std::move(pkey), "EdDSA");
}

}  // namespace

SigningKeyPtr read_signing_key(std::string_view pem, std::string alg) {
  const oidc::Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  char no_passphrase[] = "";
  oidc::EvpPkey pkey{bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, no_passphrase) : nullptr};
  if (!pkey) {
    fail("reading a private key");
  }
  return make_key(std::move(pkey), std::move(alg));
}

SigningKeyPtr rsa_test_key(std::size_t index) {
  static const std::array<std::string_view, kRsaTestKeys> kPems = {
      assay::embedded::rsa_1_pem_text, assay::embedded::rsa_2_pem_text, assay::embedded::rsa_3_pem_text,
      assay::embedded::rsa_4_pem_text};
  static std::array<std::once_flag, kRsaTestKeys> once;
  static std::array<SigningKeyPtr, kRsaTestKeys> keys;
  std::call_once(once.at(index), [&] { keys[index] = parse_rsa(kPems[index]); });
  return keys[index];
}

SigningKeyPtr generate_rsa_key() {
  oidc::EvpPkey pkey{EVP_RSA_gen(2048)};
  if (!pkey) {
    fail("RSA key generation");
  }
  return make_key(std::move(pkey), "RS256");
}

SigningKeyPtr client_test_key() {
  static const SigningKeyPtr kKey = parse_rsa(assay::embedded::rsa_client_pem_text);
  return kKey;
}

SigningKeyPtr unpublished_rsa_key() {
  static const SigningKeyPtr kKey = parse_rsa(assay::embedded::rsa_unpublished_pem_text);
  return kKey;
}

SigningKeyPtr derive_key(const Algorithm& algorithm, oidc::Random& random) {
  return algorithm.kty == "OKP" ? derive_ed25519_key(random) : derive_ec_key(algorithm, random);
}

SigningKeyPtr as_algorithm(const SigningKeyPtr& key, const Algorithm& algorithm) {
  if (key->alg == algorithm.name) {
    return key;
  }
  if (EVP_PKEY_up_ref(key->pkey.get()) != 1) {
    fail("RSA key");
  }
  return make_key(oidc::EvpPkey{key->pkey.get()}, std::string{algorithm.name});
}

std::string public_pem(const SigningKey& key) {
  const oidc::Bio bio{BIO_new(BIO_s_mem())};
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key.pkey.get()) != 1) {
    fail("public key");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace mockserver
