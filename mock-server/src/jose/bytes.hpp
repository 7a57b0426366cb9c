#pragma once

#include <string>
#include <string_view>

#include "oidc/openssl.hpp"
#include "oidc/result.hpp"

/// What every call of OpenSSL here needs.
namespace mockserver {

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

[[noreturn]] inline void fail(std::string_view what) {
  throw oidc::Failure{oidc::openssl_error(what)};
}

}  // namespace mockserver
