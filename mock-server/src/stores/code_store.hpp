#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "oidc/clock.hpp"
#include "oidc/result.hpp"
#include "stores/token_store.hpp"

namespace mockserver {

/// An authorization code: one-time, and bound to what the authorization request said.
struct Code {
  GrantId grant = 0;
  std::string name;  ///< lineage name
  std::string client;
  std::string redirect_uri;  ///< "" if the authorization request had none
  std::string challenge;     ///< PKCE S256; "" if there was none
  oidc::TimePoint expires_at;
};

/// What a token request says about the code it presents.
struct CodeProof {
  std::string code;
  std::string client;
  std::string redirect_uri;
  std::optional<std::string> verifier;
  /// What else is wrong with the request: told if the proof fits, and then the code is still good.
  oidc::Status otherwise = oidc::Done{};
};

struct Redemption {
  std::optional<Code> code;         ///< if it was good
  oidc::Error refused{};            ///< otherwise the OAuth error
  std::optional<GrantId> reused{};  ///< the grant to revoke, if the code had been used before
};

/// The codes of one issuer. Its mutex is a leaf. Thread-safe.
class CodeStore {
 public:
  /// The oldest are forgotten beyond `kMostKept`, used and expired ones first.
  void add(std::string_view value, Code code, oidc::TimePoint now);
  /// Checks the proof against the code and uses the code up. A proof that doesn't fit leaves
  /// the code usable: somebody else's guess must not end a login.
  Redemption redeem(const CodeProof& proof, oidc::TimePoint now);
  /// False if there is no such code.
  bool expire(std::string_view value, oidc::TimePoint now);
  /// Returns how many it ended.
  std::size_t expire_all(oidc::TimePoint now);
  std::optional<GrantId> grant_of(std::string_view value) const;

  struct CodeState {
    Code code;
    bool used = false;
    std::size_t order = 0;
  };
  /// All that the store holds, as a value.
  struct State {
    std::unordered_map<std::string, CodeState> codes;  ///< by value
  };
  State snapshot() const;
  void restore(State state);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, CodeState> codes_;  // guarded by mutex_; by value
  std::size_t next_order_ = 1;                        // guarded by mutex_; restored ones of another process are older
};

}  // namespace mockserver
