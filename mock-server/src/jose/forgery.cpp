#include "jose/forgery.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "oidc/base64url.hpp"

namespace mockserver {
namespace {

constexpr std::array<std::pair<std::string_view, Signature>, 6> kSignatures{{
    {"next", Signature::kNext},
    {"retired", Signature::kRetired},
    {"unpublished", Signature::kUnpublished},
    {"none", Signature::kNone},
    {"hs256", Signature::kHs256},
    {"corrupt", Signature::kCorrupt},
}};

constexpr std::array<std::string_view, 10> kCorruptions{"signature",     "short_signature", "no_signature", "der",
                                                        "payload",       "header",          "json",         "segments",
                                                        "extra_segment", "encoding"};

constexpr std::string_view kUnknownKid = "unknown-kid";

oidc::Json header_of(const Signer& signer, const Forgery& forgery, std::string_view typ) {
  oidc::Json header = signer.algorithm != nullptr ? oidc::Json{{"alg", signer.algorithm->name}, {"typ", typ}}
                                                  : jose_header(*signer.key, typ);
  if (forgery.signature == Signature::kNone) {
    header["alg"] = "none";
    header.erase("kid");
  } else if (forgery.signature == Signature::kHs256) {
    header["alg"] = "HS256";
  }
  if (forgery.kid == "omit") {
    header.erase("kid");
  } else if (forgery.kid == "unknown") {
    header["kid"] = kUnknownKid;
  }
  if (forgery.header != nullptr) {
    header.merge_patch(*forgery.header);
  }
  return header;
}

/// A member more in front of those of an object; it may be there already.
std::string with_member(std::string object, std::string_view name, const oidc::Json& value) {
  const std::string separator = object == "{}" ? "" : ",";
  return object.insert(1, "\"" + std::string{name} + "\":" + oidc::to_text(value) + separator);
}

std::string flipped(std::string bytes) {
  if (!bytes.empty()) {
    bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) ^ 0xFFU);
  }
  return bytes;
}

std::string ecdsa_der(std::string_view pair) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(pair.data());
  const int width = static_cast<int>(pair.size() / 2);
  const oidc::EcdsaSignature signature{ECDSA_SIG_new()};
  oidc::Bignum r{BN_bin2bn(bytes, width, nullptr)};
  oidc::Bignum s{BN_bin2bn(bytes + width, width, nullptr)};
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    throw oidc::Failure{oidc::openssl_error("ECDSA signature")};
  }
  (void)r.release();  // now the signature's
  (void)s.release();
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &end);
  return der;
}

std::string signature_bytes(const Signer& signer, const Forgery& forgery, const std::string& input) {
  if (forgery.signature == Signature::kNone || forgery.corrupt == "no_signature") {
    return "";
  }
  if (forgery.signature == Signature::kHs256) {
    return hmac(*find_algorithm("HS256"), public_pem(*signer.key), input);
  }
  std::string bytes =
      signer.algorithm != nullptr ? hmac(*signer.algorithm, signer.secret, input) : sign_bytes(*signer.key, input);
  if (forgery.corrupt == "short_signature") {
    bytes.pop_back();
    return bytes;
  }
  const bool is_ecdsa = signer.algorithm == nullptr && signer.key->algorithm->coordinate_size != 0;
  if (forgery.corrupt == "der" && is_ecdsa) {
    return ecdsa_der(bytes);
  }
  const bool flip =
      forgery.signature == Signature::kCorrupt || forgery.corrupt == "signature" || forgery.corrupt == "der";
  return flip ? flipped(std::move(bytes)) : bytes;
}

/// Base64 of RFC 4648 section 4 where JOSE wants section 5 without padding.
std::string encode(std::string_view bytes, const Forgery& forgery) {
  if (forgery.corrupt != "encoding") {
    return oidc::base64url_encode(bytes);
  }
  std::string text = oidc::base64_encode(bytes);
  return text.ends_with('=') ? text : text + "=";
}

}  // namespace

Signature signature_of(std::string_view name) {
  const auto* found = std::ranges::find(kSignatures, name, &std::pair<std::string_view, Signature>::first);
  return found == kSignatures.end() ? Signature::kActive : found->second;
}

bool is_corruption(std::string_view name) {
  return std::ranges::find(kCorruptions, name) != kCorruptions.end();
}

std::string forge_jwt(const Signer& signer, const Forgery& forgery, std::string_view typ, const oidc::Json& claims) {
  std::string header = oidc::to_text(header_of(signer, forgery, typ));
  if (forgery.kid == "duplicate") {
    header = with_member(std::move(header), "kid", kUnknownKid);
  }
  std::string payload = oidc::to_text(claims);
  if (forgery.corrupt == "json") {
    payload.pop_back();
  }
  std::string input = encode(header, forgery) + "." + encode(payload, forgery);
  const std::string signature = encode(signature_bytes(signer, forgery, input), forgery);
  if (forgery.corrupt == "payload") {
    input = encode(header, forgery) + "." + encode(with_member(payload, "tampered", true), forgery);
  } else if (forgery.corrupt == "header") {
    input = encode(with_member(header, "tampered", true), forgery) + "." + encode(payload, forgery);
  } else if (forgery.corrupt == "segments") {
    return input;
  }
  return input + "." + signature + (forgery.corrupt == "extra_segment" ? "." + oidc::base64url_encode("{}") : "");
}

}  // namespace mockserver
