#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "mockserver/server.hpp"
#include "oidc/openssl.hpp"
#include "server/certificate.hpp"
#include "server/faulty_identity.hpp"

namespace mockserver {
namespace {

using oidc::EvpPkey;
using oidc::X509Certificate;

constexpr const char* kNames = "DNS:localhost,IP:127.0.0.1,IP:::1";
constexpr const char* kOtherNames = "DNS:elsewhere.test";

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

/// Another server of this authority.
oidc::Result<TlsIdentity> make_server(X509& ca, EVP_PKEY& ca_key, const char* names, const CertificateTime& time) {
  const EvpPkey key{EVP_EC_gen("P-256")};
  const auto server = key ? make_server_certificate(*key, names, time, ca, ca_key) : nullptr;
  if (!server) {
    return oidc::openssl_error("making a certificate");
  }
  TlsIdentity identity{
      .ca_pem = to_pem(ca), .certificate_pem = to_pem(*server), .key_pem = to_pem(*key), .ca_key_pem = to_pem(ca_key)};
  if (identity.ca_pem.empty() || identity.certificate_pem.empty() || identity.key_pem.empty()) {
    return oidc::openssl_error("printing a certificate");
  }
  return identity;
}

}  // namespace

oidc::Result<TlsIdentity> make_tls_identity() {
  const EvpPkey ca_key{EVP_EC_gen("P-256")};
  const auto ca = ca_key ? make_ca(*ca_key, "Assay test CA") : nullptr;
  if (!ca) {
    return oidc::openssl_error("making a certificate authority");
  }
  return make_server(*ca, *ca_key, kNames, long_time());
}

oidc::Result<TlsIdentity> make_faulty_identity(const TlsIdentity& identity, TlsFault fault) {
  if (fault == TlsFault::kUntrusted) {
    return make_tls_identity();
  }
  if (identity.ca_key_pem.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       "the server's certificate was given, not made: its authority cannot sign another"};
  }
  const auto ca = read_certificate(identity.ca_pem);
  const auto ca_key = read_private_key(identity.ca_key_pem);
  if (!ca || !ca_key) {
    return oidc::openssl_error("reading the certificate authority");
  }
  return make_server(*ca, *ca_key, fault == TlsFault::kWrongName ? kOtherNames : kNames,
                     fault == TlsFault::kExpired ? past_time() : long_time());
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
  const X509Certificate certificate = read_certificate(*chain);
  const EvpPkey key = read_private_key(*key_text);
  if (!certificate) {
    return bad_input(certificate_file + ": holds no certificate in PEM");
  }
  if (!key) {
    return bad_input(key_file + ": holds no private key in PEM without a passphrase");
  }
  const bool match = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();  // whatever failed is said in our words
  if (!match) {
    return bad_input(key_file + ": is not the key of the certificate in " + certificate_file);
  }
  return TlsIdentity{.ca_pem = "", .certificate_pem = *std::move(chain), .key_pem = *std::move(key_text)};
}

}  // namespace mockserver
