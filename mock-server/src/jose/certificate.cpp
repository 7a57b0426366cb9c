#include "jose/certificate.hpp"

#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

bool set_times(X509& certificate) {
  return ASN1_TIME_set_string_X509(X509_getm_notBefore(&certificate), "20000101000000Z") == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notAfter(&certificate), "99991231235959Z") == 1;
}

bool set_names(X509& certificate, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(&certificate);
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(&certificate, subject) == 1;
}

}  // namespace

std::string self_signed_certificate(const SigningKey& key) {
  const oidc::X509Certificate certificate{X509_new()};
  const EVP_MD* digest = key.algorithm->digest == nullptr ? nullptr : key.algorithm->digest();
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) != 1 || !set_times(*certificate) ||
      !set_names(*certificate, key.kid()) || X509_set_pubkey(certificate.get(), key.pkey.get()) != 1 ||
      X509_sign(certificate.get(), key.pkey.get(), digest) == 0) {
    throw oidc::Failure{oidc::openssl_error("certificate of a key")};
  }
  std::string der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate.get(), &end);
  return der;
}

}  // namespace mockserver
