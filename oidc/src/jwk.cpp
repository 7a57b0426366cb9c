#include "oidc/jwk.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "oidc/base64url.hpp"

namespace oidc {
namespace {

constexpr std::size_t kEd25519KeySize = 32;
constexpr std::size_t kMaxModulusBytes = 2048;  // 16,384 bits, OpenSSL's own limit for verifying
constexpr std::size_t kMaxExponentBytes = 8;    // above it a verification would take minutes
constexpr int kMinModulusBits = 512;            // OpenSSL's own limit; what is safe is the validator's judgement

struct Curve {
  std::string_view name;     // RFC 7518 §6.2.1.1
  const char* openssl_name;  // as `EVP_PKEY_get_group_name` gives it
  std::size_t coordinate_size;
};
constexpr std::array<Curve, 3> kCurves = {
    {{"P-256", "prime256v1", 32}, {"P-384", "secp384r1", 48}, {"P-521", "secp521r1", 66}}};

const Curve* find_curve(std::string_view name) {
  const auto found =
      std::find_if(kCurves.begin(), kCurves.end(), [&](const Curve& curve) { return curve.name == name; });
  return found == kCurves.end() ? nullptr : &*found;
}

Error bad_member(std::string_view name, std::string_view why) {
  return {Errc::kInvalidArgument, "JWK member \"" + std::string{name} + "\" " + std::string{why}};
}

Result<std::string> optional_string(const Json& json, const char* name) {
  const auto member = json.find(name);
  if (member == json.end()) {
    return std::string{};
  }
  if (!member->is_string()) {
    return bad_member(name, "is not a string");
  }
  return member->get<std::string>();
}

Result<std::string> required_bytes(const Json& json, const char* name) {
  const auto text = string_member(json, name);
  if (!text) {
    return bad_member(name, json.contains(name) ? "is not a string" : "is missing");
  }
  auto bytes = base64url_decode(*text);
  if (!bytes) {
    return bad_member(name, "is not base64url");
  }
  return bytes;
}

Result<std::string> required_number(const Json& json, const char* name) {
  auto bytes = required_bytes(json, name);
  if (!bytes) {
    return bytes;
  }
  bytes->erase(0, std::min(bytes->find_first_not_of('\0'), bytes->size()));
  if (bytes->empty()) {
    return bad_member(name, "is zero");
  }
  return bytes;
}

Status parse_rsa(const Json& json, Jwk& key) {
  auto modulus = required_number(json, "n");
  if (!modulus) {
    return modulus.error();
  }
  auto exponent = required_number(json, "e");
  if (!exponent) {
    return exponent.error();
  }
  key.n = *std::move(modulus);
  key.e = *std::move(exponent);
  return Done{};
}

Status parse_coordinate(const Json& json, const char* name, std::size_t size, std::string& out) {
  auto bytes = required_bytes(json, name);
  if (!bytes) {
    return bytes.error();
  }
  if (bytes->size() != size) {
    return bad_member(name, "is not " + std::to_string(size) + " bytes long");
  }
  out = *std::move(bytes);
  return Done{};
}

Status parse_curve_key(const Json& json, Jwk& key) {
  const auto name = string_member(json, "crv");
  if (!name) {
    return bad_member("crv", "is missing or not a string");
  }
  key.crv = *name;
  if (key.kty == "OKP") {
    return key.crv == "Ed25519" ? parse_coordinate(json, "x", kEd25519KeySize, key.x)
                                : Status{bad_member("crv", "names an unsupported curve")};
  }
  const Curve* curve = find_curve(key.crv);
  if (curve == nullptr) {
    return bad_member("crv", "names an unsupported curve");
  }
  auto status = parse_coordinate(json, "x", curve->coordinate_size, key.x);
  if (!status) {
    return status;
  }
  return parse_coordinate(json, "y", curve->coordinate_size, key.y);
}

Status parse_key_ops(const Json& json, Jwk& key) {
  const auto member = json.find("key_ops");
  if (member == json.end()) {
    return Done{};
  }
  if (!member->is_array()) {
    return bad_member("key_ops", "is not an array of strings");
  }
  for (const Json& operation : *member) {
    if (!operation.is_string()) {
      return bad_member("key_ops", "is not an array of strings");
    }
    key.key_ops.push_back(operation.get<std::string>());
  }
  return Done{};
}

Status parse_common(const Json& json, Jwk& key) {
  const std::array<std::pair<const char*, std::string*>, 3> members = {
      {{"kid", &key.kid}, {"use", &key.use}, {"alg", &key.alg}}};
  for (const auto& [name, target] : members) {
    auto text = optional_string(json, name);
    if (!text) {
      return text.error();
    }
    *target = *std::move(text);
  }
  return parse_key_ops(json, key);
}

Bignum to_bignum(const std::string& bytes) {
  return Bignum{
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr)};
}

Result<EvpPkey> key_from_params(const char* type, OSSL_PARAM_BLD* builder) {
  const OsslParams params{OSSL_PARAM_BLD_to_param(builder)};
  const EvpPkeyCtx context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    Error error = openssl_error("JWK");
    error.code = Errc::kInvalidArgument;
    return error;
  }
  return EvpPkey{key};
}

Result<EvpPkey> to_rsa_key(const Jwk& key) {
  if (key.n.size() > kMaxModulusBytes || key.e.size() > kMaxExponentBytes) {
    return bad_member(key.n.size() > kMaxModulusBytes ? "n" : "e", "is too large");
  }
  const Bignum n = to_bignum(key.n);
  const Bignum e = to_bignum(key.e);
  const OsslParamBuild builder{OSSL_PARAM_BLD_new()};
  if (!n || !e || !builder) {
    return openssl_error("JWK");
  }
  if (BN_is_odd(n.get()) == 0 || BN_num_bits(n.get()) < kMinModulusBits) {
    return bad_member("n", "is not an RSA modulus");
  }
  if (BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) != 0) {
    return bad_member("e", "is not an RSA exponent");
  }
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return openssl_error("JWK");
  }
  return key_from_params("RSA", builder.get());
}

Result<EvpPkey> to_ec_key(const Jwk& key) {
  const Curve* curve = find_curve(key.crv);
  if (curve == nullptr) {
    return bad_member("crv", "names an unsupported curve");
  }
  if (key.x.size() != curve->coordinate_size || key.y.size() != curve->coordinate_size) {
    return bad_member(key.x.size() != curve->coordinate_size ? "x" : "y", "has the wrong size");
  }
  const std::string point = '\x04' + key.x + key.y;  // uncompressed, SEC 1 §2.3.3
  const OsslParamBuild builder{OSSL_PARAM_BLD_new()};
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve->openssl_name, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return openssl_error("JWK");
  }
  return key_from_params("EC", builder.get());
}

Result<EvpPkey> to_ed25519_key(const Jwk& key) {
  if (key.crv != "Ed25519" || key.x.size() != kEd25519KeySize) {
    return bad_member(key.crv != "Ed25519" ? "crv" : "x", "is not that of an Ed25519 key");
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.x.data());
  EvpPkey result{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes, key.x.size())};
  if (!result) {
    return openssl_error("JWK");
  }
  return result;
}

// Big-endian; `size` 0 means as many bytes as the number needs.
Result<std::string> number_param(const EVP_PKEY& key, const char* name, std::size_t size = 0) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(&key, name, &raw) != 1) {
    return openssl_error("key parameters");
  }
  const Bignum number{raw};
  std::string bytes(size == 0 ? static_cast<std::size_t>(BN_num_bytes(raw)) : size, '\0');
  if (BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) < 0) {
    return openssl_error("key parameters");
  }
  return bytes;
}

Status read_pair(const EVP_PKEY& key, const char* first_name, const char* second_name, std::size_t size,
                 std::string& first, std::string& second) {
  auto first_value = number_param(key, first_name, size);
  if (!first_value) {
    return first_value.error();
  }
  auto second_value = number_param(key, second_name, size);
  if (!second_value) {
    return second_value.error();
  }
  first = *std::move(first_value);
  second = *std::move(second_value);
  return Done{};
}

Status read_ec(const EVP_PKEY& key, Jwk& jwk) {
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr) != 1) {
    return openssl_error("key parameters");
  }
  const std::string_view name = group.data();
  for (const Curve& curve : kCurves) {
    if (name == curve.openssl_name || name == curve.name) {
      jwk.crv = curve.name;
      return read_pair(key, OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y, curve.coordinate_size, jwk.x, jwk.y);
    }
  }
  return Error{Errc::kInvalidArgument, "the curve of the key is not supported"};
}

Status read_ed25519(const EVP_PKEY& key, Jwk& jwk) {
  jwk.crv = "Ed25519";
  jwk.x.resize(kEd25519KeySize);
  std::size_t size = jwk.x.size();
  if (EVP_PKEY_get_raw_public_key(&key, reinterpret_cast<unsigned char*>(jwk.x.data()), &size) != 1) {
    return openssl_error("key parameters");
  }
  return Done{};
}

}  // namespace

Result<Jwk> parse_jwk(const Json& json) {
  if (!json.is_object()) {
    return Error{Errc::kInvalidArgument, "a JWK is a JSON object"};
  }
  const auto kty = string_member(json, "kty");
  if (!kty) {
    return bad_member("kty", "is missing or not a string");
  }
  if (*kty != "RSA" && *kty != "EC" && *kty != "OKP") {
    return bad_member("kty", "names an unsupported key type");
  }
  Jwk key;
  key.kty = *kty;
  auto status = parse_common(json, key);
  if (status) {
    status = key.kty == "RSA" ? parse_rsa(json, key) : parse_curve_key(json, key);
  }
  if (!status) {
    return status.error();
  }
  return key;
}

Json to_json(const Jwk& key) {
  Json json = Json::object();
  const std::array<std::pair<const char*, const std::string*>, 5> texts = {
      {{"kty", &key.kty}, {"kid", &key.kid}, {"use", &key.use}, {"alg", &key.alg}, {"crv", &key.crv}}};
  for (const auto& [name, value] : texts) {
    if (!value->empty()) {
      json[name] = *value;
    }
  }
  const std::array<std::pair<const char*, const std::string*>, 4> numbers = {
      {{"n", &key.n}, {"e", &key.e}, {"x", &key.x}, {"y", &key.y}}};
  for (const auto& [name, value] : numbers) {
    if (!value->empty()) {
      json[name] = base64url_encode(*value);
    }
  }
  if (!key.key_ops.empty()) {
    json["key_ops"] = key.key_ops;
  }
  return json;
}

std::string thumbprint(const Jwk& key) {
  // RFC 7638 §3.2 and RFC 8037 §2; members in lexicographic order, which is Json's own.
  Json members = Json::object();
  members["kty"] = key.kty;
  if (key.kty == "RSA") {
    members["n"] = base64url_encode(key.n);
    members["e"] = base64url_encode(key.e);
  } else {
    members["crv"] = key.crv;
    members["x"] = base64url_encode(key.x);
    if (key.kty == "EC") {
      members["y"] = base64url_encode(key.y);
    }
  }
  return base64url_encode(sha256(to_text(members)));
}

Result<EvpPkey> to_public_key(const Jwk& key) {
  if (key.kty == "RSA") {
    return to_rsa_key(key);
  }
  if (key.kty == "EC") {
    return to_ec_key(key);
  }
  if (key.kty == "OKP") {
    return to_ed25519_key(key);
  }
  return bad_member("kty", "names an unsupported key type");
}

Result<Jwk> to_jwk(const EVP_PKEY& key) {
  Jwk jwk;
  Status status = Error{Errc::kInvalidArgument, "the type of the key is not supported"};
  if (EVP_PKEY_is_a(&key, "RSA") == 1) {
    jwk.kty = "RSA";
    status = read_pair(key, OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, 0, jwk.n, jwk.e);
  } else if (EVP_PKEY_is_a(&key, "EC") == 1) {
    jwk.kty = "EC";
    status = read_ec(key, jwk);
  } else if (EVP_PKEY_is_a(&key, "ED25519") == 1) {
    jwk.kty = "OKP";
    status = read_ed25519(key, jwk);
  }
  if (!status) {
    return status.error();
  }
  return jwk;
}

}  // namespace oidc
