#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "oidc/result.hpp"

namespace oidc {

template <auto Free>
struct OpenSslDeleter {
  template <typename T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

using Bio = std::unique_ptr<BIO, OpenSslDeleter<BIO_free_all>>;
using Bignum = std::unique_ptr<BIGNUM, OpenSslDeleter<BN_clear_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, OpenSslDeleter<ECDSA_SIG_free>>;
using EvpMdCtx = std::unique_ptr<EVP_MD_CTX, OpenSslDeleter<EVP_MD_CTX_free>>;
using EvpPkey = std::unique_ptr<EVP_PKEY, OpenSslDeleter<EVP_PKEY_free>>;
using EvpPkeyCtx = std::unique_ptr<EVP_PKEY_CTX, OpenSslDeleter<EVP_PKEY_CTX_free>>;
using OsslParamBuild = std::unique_ptr<OSSL_PARAM_BLD, OpenSslDeleter<OSSL_PARAM_BLD_free>>;
using OsslParams = std::unique_ptr<OSSL_PARAM, OpenSslDeleter<OSSL_PARAM_free>>;
using X509Certificate = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;

/// Empties OpenSSL's error queue into one `kUnknown` error: "RS256 signature: <reason>".
Error openssl_error(std::string_view what);

/// Raw 32-byte digest.
std::string sha256(std::string_view bytes);
/// Constant-time for equal lengths.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace oidc
