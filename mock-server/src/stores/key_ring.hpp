#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "jose/signing_key.hpp"
#include "mockserver/config.hpp"
#include "oidc/random.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// When a new key gets into the JWKS, seen from when it signs.
enum class Publication {
  kAtOnce,  ///< with its first signature
  kBefore,  ///< now, and it signs from the next rotation on
  kAfter,   ///< once the JWKS has been fetched without it
  kNever,
};
/// "now", "before", "after", "never"; anything else is `kAtOnce`.
Publication publication_of(std::string_view name);

struct RotateOrder {
  bool keep_old = true;  ///< the previous keys stay published
  Publication publish = Publication::kAtOnce;
};

/// A key as the control API tells it.
struct KeyState {
  std::string kid;
  std::string alg;
  std::string state;  ///< "active", "next", "previous", "retired" or "spare" (published, nothing is signed with it)
  bool published = false;  ///< it is in the JWKS
};

struct Jwks {
  std::string text;
  std::string etag;  ///< a strong entity tag with its quotes
};

/// The keys of one issuer: for each algorithm that is signed with an active one, its successor and those before it;
/// and an RSA or P-256 key beside them that is only published. Thread-safe; the lock that signing takes is a leaf and
/// never held while a key is made or used.
class KeyRing {
 public:
  /// `alg` names the algorithm that tokens are signed with. `random` must outlive this. `seed`
  /// chooses the first of the RSA test keys, so that two issuers usually differ in theirs.
  KeyRing(std::string alg, const KeyConfig& config, oidc::Random& random, std::uint64_t seed);

  SigningKeyPtr active() const;
  /// The active key of an algorithm, "" for the issuer's; made and published when first asked for.
  SigningKeyPtr active(std::string_view alg);
  /// The key that the next rotation makes active.
  SigningKeyPtr next(std::string_view alg);
  /// The key that left the JWKS last; if none did, one that was never there.
  SigningKeyPtr retired(std::string_view alg);
  /// A key that is in no JWKS.
  SigningKeyPtr unpublished(std::string_view alg);

  /// The JWKS document as it is, active keys first, no private members.
  std::shared_ptr<const Jwks> jwks() const;
  /// The same, for a client: keys of `Publication::kAfter` are in the one after it.
  std::shared_ptr<const Jwks> fetch_jwks();
  /// As it was before its last change.
  std::shared_ptr<const Jwks> stale_jwks() const;

  /// Puts a new key in place for each algorithm that is signed with. No key ever comes back as a new one: once the
  /// RSA test keys are used up, each rotation generates a key, which takes a tenth of a second and no seed repeats.
  /// Returns the new key of the issuer's algorithm.
  SigningKeyPtr rotate(const RotateOrder& order);
  /// Takes a key out of the JWKS. Errors: `kNotFound`; `kInvalidArgument` for one that signs.
  oidc::Status retire(std::string_view kid);
  /// All of them, those of the issuer's algorithm first, newest first.
  std::vector<KeyState> list() const;

  enum class Shown { kYes, kLate, kNo };
  struct Entry {
    SigningKeyPtr key;
    Shown shown = Shown::kYes;
  };
  /// The keys of one algorithm.
  struct Chain {
    const Algorithm* algorithm = nullptr;
    bool signs = true;                     ///< false: the spare one
    std::vector<Entry> keys{};             ///< the active one first
    SigningKeyPtr next{};                  ///< null until it is asked for
    bool next_shown = false;               ///< it is published already
    std::vector<SigningKeyPtr> retired{};  ///< the last to go is the last
    SigningKeyPtr unpublished{};           ///< null until it is asked for
  };

  /// All that the ring holds, as a value.
  struct State {
    std::vector<Chain> chains;  ///< the issuer's algorithm, the spare one, others
    std::size_t used_rsa = 0;   ///< test keys that were taken
  };
  State snapshot() const;
  /// Test keys that were used meanwhile don't come again.
  void restore(State state);

 private:
  // All of these require mutex_.
  Chain* find(std::string_view alg);
  void publish();
  oidc::Json published(const SigningKey& key);
  void replace(Chain& chain, SigningKeyPtr key, const RotateOrder& order);

  // All of these require making_, and not mutex_.
  SigningKeyPtr make(const Algorithm& algorithm);
  SigningKeyPtr make_rsa();
  SigningKeyPtr ensure_next(std::string_view alg);

  const std::string alg_;
  const bool generate_;
  const bool with_certificates_;
  oidc::Random& random_;
  oidc::SystemRandom system_random_;
  const std::size_t first_rsa_;
  mutable std::mutex making_;                        // held by whoever makes a key; taken before mutex_
  std::size_t used_rsa_ = 0;                         // guarded by making_; of the test keys
  mutable std::mutex mutex_;                         // a leaf
  std::vector<Chain> chains_;                        // guarded by mutex_; as in State
  std::map<std::string, std::string> certificates_;  // guarded by mutex_; DER by kid
  std::shared_ptr<const Jwks> jwks_;                 // guarded by mutex_
  std::shared_ptr<const Jwks> stale_;                // guarded by mutex_
};

}  // namespace mockserver
