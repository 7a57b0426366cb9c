#include "server/certificate.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "oidc/random.hpp"

namespace mockserver {
namespace {

using oidc::EvpPkey;
using oidc::X509Certificate;
using Extension = std::unique_ptr<X509_EXTENSION, oidc::OpenSslDeleter<X509_EXTENSION_free>>;

constexpr std::chrono::hours kBackdate{24};  // for clients whose clock is behind
constexpr std::chrono::hours kLifetime{24 * 365 * 10};

struct ExtensionText {
  int nid;
  const char* value;
};

// What Python's ssl.VERIFY_X509_STRICT wants (RFC 5280 §4.2). The key identifier of the
// subject comes before that of the authority, which refers to it.
constexpr std::array kCaExtensions{
    ExtensionText{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    ExtensionText{NID_key_usage, "critical,keyCertSign,cRLSign"},
    ExtensionText{NID_subject_key_identifier, "hash"},
    ExtensionText{NID_authority_key_identifier, "keyid:always"},
};
constexpr std::array kServerExtensions{
    ExtensionText{NID_basic_constraints, "critical,CA:FALSE"},
    ExtensionText{NID_key_usage, "critical,digitalSignature"},
    ExtensionText{NID_ext_key_usage, "serverAuth"},
    ExtensionText{NID_subject_key_identifier, "hash"},
    ExtensionText{NID_authority_key_identifier, "keyid:always"},
};

bool set_serial(X509& certificate) {
  std::array<std::uint8_t, 16> bytes{};
  oidc::SystemRandom{}.fill(bytes);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7FU) | 0x40U);  // positive, and of full length
  const oidc::Bignum serial{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
  return serial && BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool set_lifetime(X509& certificate, const CertificateTime& time) {
  const auto from = static_cast<std::time_t>(oidc::epoch_seconds(time.from).count());
  const auto until = static_cast<std::time_t>(oidc::epoch_seconds(time.until).count());
  return ASN1_TIME_set(X509_getm_notBefore(&certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(&certificate), until) != nullptr;
}

bool set_name(X509& certificate, const char* common_name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name);
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(&certificate), "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1;
}

bool add_extension(X509& certificate, X509& issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

/// A certificate for `key` in the name of `issuer` (null: its own), without extensions or signature.
X509Certificate make_bare(EVP_PKEY& key, const char* common_name, X509* issuer, const CertificateTime& time) {
  X509Certificate certificate{X509_new()};
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 || !set_serial(*certificate) ||
      !set_lifetime(*certificate, time) || !set_name(*certificate, common_name)) {
    return nullptr;
  }
  X509& signer = issuer == nullptr ? *certificate : *issuer;
  if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(&signer)) != 1 ||
      X509_set_pubkey(certificate.get(), &key) != 1) {
    return nullptr;
  }
  return certificate;
}

std::string text_of(BIO& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(&bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

CertificateTime long_time() {
  const auto now = oidc::SystemClock{}.now();
  return {now - kBackdate, now + kLifetime};
}

CertificateTime past_time() {
  const auto now = oidc::SystemClock{}.now();
  return {now - kLifetime, now - kBackdate};
}

X509Certificate make_ca(EVP_PKEY& key, const char* name) {
  auto certificate = make_bare(key, name, nullptr, long_time());
  bool good = certificate != nullptr;
  for (const auto& [nid, value] : kCaExtensions) {
    good = good && add_extension(*certificate, *certificate, nid, value);
  }
  return good && X509_sign(certificate.get(), &key, EVP_sha256()) != 0 ? std::move(certificate) : nullptr;
}

X509Certificate make_server_certificate(EVP_PKEY& key, const char* names, const CertificateTime& time, X509& ca,
                                        EVP_PKEY& ca_key) {
  auto certificate = make_bare(key, "localhost", &ca, time);
  bool good = certificate != nullptr;
  for (const auto& [nid, value] : kServerExtensions) {
    good = good && add_extension(*certificate, ca, nid, value);
  }
  good = good && add_extension(*certificate, ca, NID_subject_alt_name, names);
  return good && X509_sign(certificate.get(), &ca_key, EVP_sha256()) != 0 ? std::move(certificate) : nullptr;
}

std::string to_pem(X509& certificate) {
  const oidc::Bio bio{BIO_new(BIO_s_mem())};
  return bio && PEM_write_bio_X509(bio.get(), &certificate) == 1 ? text_of(*bio) : "";
}

std::string to_pem(EVP_PKEY& key) {
  const oidc::Bio bio{BIO_new(BIO_s_mem())};
  return bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1
             ? text_of(*bio)
             : "";
}

X509Certificate read_certificate(const std::string& pem) {
  const oidc::Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  X509Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
  ERR_clear_error();
  return certificate;
}

EvpPkey read_private_key(const std::string& pem) {
  const oidc::Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  // The empty passphrase keeps OpenSSL from asking for one on the terminal.
  char no_passphrase[] = "";
  EvpPkey key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, no_passphrase)};
  ERR_clear_error();
  return key;
}

}  // namespace mockserver
