#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "jose/signing_key.hpp"
#include "oidc/random.hpp"

namespace mockserver {

/// The signing keys of one issuer: the active key, an RSA or P-256 key beside it, and the retired ones
/// that are still published. Thread-safe; its lock is a leaf and never held while signing.
class KeyRing {
 public:
  /// `alg` names the algorithm that tokens are signed with. `random` must outlive this. `seed`
  /// chooses the first of the RSA test keys, so that two issuers usually differ in theirs.
  KeyRing(std::string alg, oidc::Random& random, std::uint64_t seed);

  SigningKeyPtr active() const;
  /// A key of the active algorithm that is in no JWKS.
  SigningKeyPtr unpublished();
  /// The JWKS document, newest keys first, no private members.
  std::shared_ptr<const std::string> jwks() const;

  /// Puts a new key of the active algorithm in place; with `keep_old` the previous ones stay
  /// published. No key ever comes back as a new one: once the RSA test keys are used up, each
  /// rotation generates a key, which takes a tenth of a second and no seed repeats.
  SigningKeyPtr rotate(bool keep_old);

 private:
  void publish();  // requires mutex_
  SigningKeyPtr next_key();
  bool is_derived() const;  ///< keys come out of `random_`, not of files
  SigningKeyPtr derive() const;
  /// The RSA key in the form that the active algorithm takes.
  SigningKeyPtr fitted(const SigningKeyPtr& rsa) const;

  const std::string alg_;
  oidc::Random& random_;
  mutable std::mutex mutex_;
  const std::size_t first_rsa_;
  std::size_t used_rsa_ = 1;                 // guarded by mutex_; test keys, the first included
  std::vector<SigningKeyPtr> keys_;          // guarded by mutex_; of the active algorithm, newest first
  SigningKeyPtr other_;                      // the published key of another algorithm; set once
  SigningKeyPtr unpublished_;                // guarded by mutex_; made when first asked for
  std::shared_ptr<const std::string> jwks_;  // guarded by mutex_
};

}  // namespace mockserver
