#pragma once

#include <string>

#include "oidc/clock.hpp"
#include "oidc/openssl.hpp"

/// Making X.509 certificates (RFC 5280) that strict verifiers take.
namespace mockserver {

struct CertificateTime {
  oidc::TimePoint from;
  oidc::TimePoint until;
};
/// From a day ago for ten years, on the machine's clock, which is what clients compare it with.
CertificateTime long_time();
/// Over since yesterday.
CertificateTime past_time();

/// An authority of its own, for `key`. Null if OpenSSL fails.
oidc::X509Certificate make_ca(EVP_PKEY& key, const char* name);
/// A server's certificate for `key`, signed by the authority. `names` as in OpenSSL's
/// configuration: "DNS:localhost,IP:127.0.0.1". Null if OpenSSL fails.
oidc::X509Certificate make_server_certificate(EVP_PKEY& key, const char* names, const CertificateTime& time, X509& ca,
                                              EVP_PKEY& ca_key);

/// PEM; "" if OpenSSL fails.
std::string to_pem(X509& certificate);
std::string to_pem(EVP_PKEY& key);
/// Null if `pem` holds none. A key with a passphrase is none.
oidc::X509Certificate read_certificate(const std::string& pem);
oidc::EvpPkey read_private_key(const std::string& pem);

}  // namespace mockserver
