#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mockserver/config.hpp"
#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

using GrantId = std::uint64_t;

/// What a user granted to a client (or a client got for itself): the head of the family of
/// all tokens that come from it. Revoking it revokes them all.
struct Grant {
  std::string client;
  std::string sub;  ///< the client's own id for client_credentials
  std::vector<std::string> scopes;
  std::string nonce;  ///< of the authorization request; "" if there was none
  oidc::TimePoint auth_time;
  bool of_user = true;  ///< false for client_credentials
  std::string acr{};    ///< how the user was authenticated, if it is known
  std::vector<std::string> amr{};
  oidc::Json audience{};                         ///< asked for by `resource` or `audience`; null: as configured
  std::string dpop_jkt{};                        ///< the key that its tokens are bound to (RFC 9449); "" for none
  oidc::Json actor{};                            ///< `act` (RFC 8693 section 4.1); null for none
  oidc::Json parameters = oidc::Json::object();  ///< of the request that led to it, for claim templates
};

/// An access token as userinfo and introspection see it.
struct AccessToken {
  GrantId grant = 0;
  std::string name;  ///< lineage name
  std::vector<std::string> scopes;
  std::string jti;  ///< "" for an opaque token
  oidc::TimePoint issued_at;
  oidc::TimePoint expires_at;
  oidc::Json audience{};   ///< a string or an array of them
  std::string dpop_jkt{};  ///< the key it is bound to; "" for a bearer token
};

struct RefreshToken {
  GrantId grant = 0;
  std::string name;
  oidc::TimePoint issued_at;
  std::optional<oidc::TimePoint> expires_at;  ///< nullopt: never
  std::string predecessor{};                  ///< value of the token that it replaces; "" for the first of a login
};

/// What redeeming does to the token that is presented.
struct RefreshUse {
  bool consume = true;                             ///< it is used up
  ReusePolicy reuse = ReusePolicy::kRevokeFamily;  ///< if it was before
  /// For so long after its first use it may come again, as long as no successor was used: a client whose
  /// reply was lost, or that died before it had saved, tries once more. Zero: never.
  oidc::Duration grace{};
};

/// A live token and the grant it belongs to.
template <typename Token>
struct Live {
  Token token;
  Grant grant;
};

/// Grants and their tokens, found by the SHA-256 of the token's value. One mutex guards
/// all of it, so that using up a refresh token and noticing its reuse are one step. The
/// mutex is a leaf: nothing is called out to while it is held. Thread-safe.
class TokenStore {
 public:
  /// `parent` is a grant that this one is a part of and ends with; 0 for none.
  GrantId open(Grant grant, GrantId parent = 0);
  /// Nothing if there is none, or if it was forgotten with its token.
  std::optional<Grant> grant(GrantId id) const;
  void revoke(GrantId id);
  /// All grants of a client that is gone, and what comes from them.
  void revoke_all_of(std::string_view client);
  /// For claim templates.
  void set_parameters(GrantId id, oidc::Json parameters);
  /// Another scope than the one that it was opened with.
  void set_scopes(GrantId id, const std::vector<std::string>& scopes);
  /// Binds what comes from the grant to a DPoP key, by its thumbprint.
  void bind(GrantId id, std::string_view dpop_jkt);

  /// How many access tokens of client_credentials are remembered. A load test asks for hundreds
  /// of thousands, each with a grant of its own and an hour to live: with all of them (about 2 KiB
  /// each, in ledger and store) the issuer would grow beyond its 64 MiB. Tokens of users come in
  /// families whose reuse must be noticed: of those as many, apart from these, dead ones forgotten first.
  static constexpr std::size_t kServiceTokens = 10'000;

  /// Returns the lineage name of the token that was forgotten to make room, if one was.
  std::optional<std::string> add(std::string_view value, AccessToken token);
  void add(std::string_view value, RefreshToken token);

  /// Live ones only: not expired, used up or revoked.
  std::optional<Live<AccessToken>> find_access(std::string_view value, oidc::TimePoint now) const;
  std::optional<Live<RefreshToken>> find_refresh(std::string_view value, oidc::TimePoint now) const;

  /// The grant that a token of either kind belongs to, live or not.
  std::optional<GrantId> grant_of(std::string_view value) const;

  /// Checks a refresh token, and uses it up if so told. One that was used up before revokes its
  /// family (RFC 9700 section 4.14.2) if the policy says so, unless its grace lasts; of the successors that it then
  /// has, the first to be used is the only one. Errors: the OAuth errors "invalid_grant", and "invalid_scope"
  /// for a scope beyond the grant's, which uses up nothing.
  oidc::Result<Live<RefreshToken>> redeem_refresh(std::string_view value, std::string_view client,
                                                  const std::vector<std::string>& scopes, RefreshUse use,
                                                  oidc::TimePoint now);

  /// Revokes this access token only. False if there is none.
  bool revoke_access(std::string_view value);
  /// Expires a token of either kind now. False if there is none.
  bool expire(std::string_view value, oidc::TimePoint now);
  /// Expires the live access tokens of a grant.
  void expire_access_of(GrantId id, oidc::TimePoint now);
  /// Expires the live tokens of both kinds, of one grant or (0) of all. Returns how many.
  std::size_t expire_all(oidc::TimePoint now, GrantId grant = 0);

  /// When a token of either kind expires; nullopt for one that never does, or is unknown.
  std::optional<oidc::TimePoint> expiry_of(std::string_view value) const;
  /// Lineage names of the live tokens, in order of issue.
  std::vector<std::string> live_names(oidc::TimePoint now) const;

  struct GrantState {
    Grant grant;
    GrantId parent = 0;
    bool revoked = false;
  };
  struct AccessState {
    AccessToken token;
    bool revoked = false;
    std::size_t order = 0;
  };
  struct RefreshState {
    RefreshToken token;
    std::string predecessor;  ///< key into refresh_; "" if there is none
    std::optional<oidc::TimePoint> used_at{};
    std::optional<oidc::TimePoint> grace_until{};  ///< as its first use was told
    std::string heir{};                            ///< key of the successor that was used first
    std::size_t order = 0;
  };

  /// All that the store holds, as a value.
  struct State {
    std::unordered_map<GrantId, GrantState> grants;
    std::unordered_map<std::string, AccessState> access;    ///< by SHA-256
    std::unordered_map<std::string, RefreshState> refresh;  ///< by SHA-256
    std::deque<std::string> service_tokens;                 ///< keys into access, oldest first
  };
  State snapshot() const;
  /// Numbers of grants that were given out meanwhile don't come again.
  void restore(State state);

 private:
  // All require mutex_.
  std::optional<std::string> forget_oldest_service_token();
  void forget_unused_grants();
  bool is_revoked(GrantId id) const;
  bool is_live(const AccessState& state, oidc::TimePoint now) const;
  bool is_live(const std::string& key, const RefreshState& state, oidc::TimePoint now) const;
  bool is_ended(const RefreshState& state, oidc::TimePoint now) const;
  bool is_used_up(const std::string& key, const RefreshState& state, const RefreshUse& use, oidc::TimePoint now) const;
  bool is_passed_over(const std::string& key, const RefreshState& state) const;

  mutable std::mutex mutex_;
  std::unordered_map<GrantId, GrantState> grants_;         // guarded by mutex_
  std::unordered_map<std::string, AccessState> access_;    // guarded by mutex_; by SHA-256
  std::unordered_map<std::string, RefreshState> refresh_;  // guarded by mutex_; by SHA-256
  std::deque<std::string> service_tokens_;                 // guarded by mutex_; keys into access_, oldest first
  GrantId next_grant_ = 1;                                 // guarded by mutex_
  std::size_t next_order_ = 0;                             // guarded by mutex_
};

}  // namespace mockserver
