#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "mockserver/server.hpp"
#include "oidc/clock.hpp"
#include "oidc/openssl.hpp"
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
    ExtensionText{NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1"},
};

bool set_serial(X509& certificate) {
  std::array<std::uint8_t, 16> bytes{};
  oidc::SystemRandom{}.fill(bytes);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7FU) | 0x40U);  // positive, and of full length
  const oidc::Bignum serial{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
  return serial && BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool set_lifetime(X509& certificate) {
  const auto now = oidc::SystemClock{}.now();
  const auto from = static_cast<std::time_t>(oidc::epoch_seconds(now - kBackdate).count());
  const auto until = static_cast<std::time_t>(oidc::epoch_seconds(now + kLifetime).count());
  return ASN1_TIME_set(X509_getm_notBefore(&certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(&certificate), until) != nullptr;
}

bool set_name(X509& certificate, const char* common_name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name);
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(&certificate), "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1;
}

template <std::size_t Count>
bool add_extensions(X509& certificate, X509& issuer, const std::array<ExtensionText, Count>& extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  for (const auto& [nid, value] : extensions) {
    const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
    if (!extension || X509_add_ext(&certificate, extension.get(), -1) != 1) {
      return false;
    }
  }
  return true;
}

/// A certificate for `key`, signed by `issuer`; null: by itself.
template <std::size_t Count>
X509Certificate make_certificate(EVP_PKEY& key, const char* common_name, X509* issuer, EVP_PKEY& issuer_key,
                                 const std::array<ExtensionText, Count>& extensions) {
  X509Certificate certificate{X509_new()};
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 || !set_serial(*certificate) ||
      !set_lifetime(*certificate) || !set_name(*certificate, common_name)) {
    return nullptr;
  }
  X509& signer = issuer == nullptr ? *certificate : *issuer;
  if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(&signer)) != 1 ||
      X509_set_pubkey(certificate.get(), &key) != 1 || !add_extensions(*certificate, signer, extensions) ||
      X509_sign(certificate.get(), &issuer_key, EVP_sha256()) == 0) {
    return nullptr;
  }
  return certificate;
}

std::string text_of(BIO& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(&bio, &data);
  return {data, static_cast<std::size_t>(size)};
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

oidc::Error bad_input(std::string message) {
  return {oidc::Errc::kBadInput, std::move(message)};
}

oidc::Result<std::string> read_text(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf())) {
    return bad_input(file + ": cannot be read");
  }
  return text.str();
}

}  // namespace

oidc::Result<TlsIdentity> make_tls_identity() {
  const EvpPkey ca_key{EVP_EC_gen("P-256")};
  const EvpPkey key{EVP_EC_gen("P-256")};
  if (!ca_key || !key) {
    return oidc::openssl_error("making a P-256 key");
  }
  const auto ca = make_certificate(*ca_key, "Assay test CA", nullptr, *ca_key, kCaExtensions);
  const auto server = ca ? make_certificate(*key, "localhost", ca.get(), *ca_key, kServerExtensions) : nullptr;
  if (!server) {
    return oidc::openssl_error("making a certificate");
  }
  TlsIdentity identity{.ca_pem = to_pem(*ca), .certificate_pem = to_pem(*server), .key_pem = to_pem(*key)};
  if (identity.ca_pem.empty() || identity.certificate_pem.empty() || identity.key_pem.empty()) {
    return oidc::openssl_error("printing a certificate");
  }
  return identity;
}

oidc::Result<TlsIdentity> load_tls_identity(const std::string& certificate_file, const std::string& key_file) {
  auto chain = read_text(certificate_file);
  if (!chain) {
    return chain.error();
  }
  auto key_text = read_text(key_file);
  if (!key_text) {
    return key_text.error();
  }
  const oidc::Bio chain_bio{BIO_new_mem_buf(chain->data(), static_cast<int>(chain->size()))};
  const X509Certificate certificate{PEM_read_bio_X509(chain_bio.get(), nullptr, nullptr, nullptr)};
  const oidc::Bio key_bio{BIO_new_mem_buf(key_text->data(), static_cast<int>(key_text->size()))};
  // The empty passphrase keeps OpenSSL from asking for one on the terminal.
  char no_passphrase[] = "";
  const EvpPkey key{PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, no_passphrase)};
  const bool match = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();  // whatever failed is said in our words
  if (!certificate) {
    return bad_input(certificate_file + ": holds no certificate in PEM");
  }
  if (!key) {
    return bad_input(key_file + ": holds no private key in PEM without a passphrase");
  }
  if (!match) {
    return bad_input(key_file + ": is not the key of the certificate in " + certificate_file);
  }
  return TlsIdentity{.ca_pem = "", .certificate_pem = *std::move(chain), .key_pem = *std::move(key_text)};
}

}  // namespace mockserver
