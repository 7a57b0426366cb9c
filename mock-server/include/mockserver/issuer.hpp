#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/config.hpp"
#include "mockserver/delivery.hpp"
#include "mockserver/journal.hpp"
#include "mockserver/ledger.hpp"
#include "mockserver/script.hpp"
#include "oidc/clock.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

struct World;

struct Reply {
  oidc::HttpResponse response;
  Delivery delivery;
};

/// A login that already happened, for tests that start with stored tokens.
struct SessionSpec {
  std::string client = "app";
  std::string sub = "user-1";
  std::vector<std::string> scopes{"openid", "offline_access"};
  oidc::TimePoint issued_at;
};

/// A token made outside any flow, right or wrong in named ways.
struct TokenSpec {
  std::string kind = "access";  ///< "access" or "id"
  std::string client = "app";
  std::string sub = "user-1";
  oidc::Json claims = oidc::Json::object();  ///< merge patch over the correct claims; null removes
  oidc::Json header = oidc::Json::object();  ///< merge patch over the correct JOSE header
  /// "active" (correct), "next" (the key of the next rotation), "retired" (the one that left the JWKS last),
  /// "unpublished" (a key that was never there), all with their own kid;
  /// "none" (empty signature, alg "none"), "hs256" (HMAC keyed with the public key's PEM),
  /// "corrupt" (last signature byte flipped).
  std::string sign = "active";
};
/// Errors: `kBadInput` with a JSON Pointer. JSON form: `schema/token.schema.json`.
oidc::Result<TokenSpec> parse_token_spec(const oidc::Json& json);

/// An OpenID provider as a function from request to reply: no sockets, no globals.
///
/// It is correct by default (RFC 6749, 7636, 7662, 7009, 8414, 8628, 9068, 9207, OIDC Core
/// and Discovery); `script()` makes it depart from that in named ways. Every reply is
/// computed by the real state machine: codes are one-time and bound to client, redirect
/// URI and PKCE challenge; a reused refresh token or code revokes its family. Thread-safe.
class Issuer {
 public:
  /// `base_url` is the issuer identifier, e.g. "https://issuer.test/alpha", without a
  /// trailing slash. `clock` must outlive the issuer.
  Issuer(IssuerConfig config, std::string base_url, oidc::Clock& clock);
  ~Issuer();

  std::string base_url() const;
  /// As it was made; not to be read while the control API changes it.
  const IssuerConfig& config() const;
  oidc::Clock& clock() const;
  Script& script();
  const Journal& journal() const;
  const Ledger& ledger() const;

  /// From now on the issuer is where its requests say: the origin of a request's URL becomes that of the base
  /// URL, before the request is answered. To be called before the first request.
  void follow_requests();

  /// Everything that the issuer knows, for the control API (src/world.hpp).
  World& world();

  /// Answers a request whose URL lies below the base URL, or is its RFC 8414 well-known
  /// form. Never throws, never sleeps: a delay is left to the caller (`Delivery`).
  Reply handle(const oidc::HttpRequest& request);

  /// Answers a request that is no issuer's, but has to do with this one: 404, and it is in the journal as an unmatched
  /// request with its whole URL. For whoever hosts the issuer (`Issuers::on_stray`). Never throws.
  Reply refuse_stray(const oidc::HttpRequest& request);

  /// Makes the tokens of a finished login, as its token response was at `issued_at`.
  /// Errors: `kInvalidArgument` for an unknown client or user.
  oidc::Result<oidc::Json> mint_session(const SessionSpec& spec);
  /// Claims and header may have ${placeholders}, as a step's values. Errors: `kInvalidArgument`; `kBadInput` for a
  /// placeholder that stands for nothing.
  oidc::Result<std::string> mint_token(const TokenSpec& spec);

  /// The user's decision on a device grant; "" means the most recent one. Errors: `kNotFound`;
  /// `kInvalidArgument` if it expired, or its tokens were issued.
  oidc::Status decide_device(std::string_view user_code, Decision decision);
  /// Lets a device grant run out now. Errors: those of `decide_device`.
  oidc::Status expire_device(std::string_view user_code);
  /// The user's decision on an authorization request, given by its URL: returns the
  /// redirect the browser would have received. Errors: `kInvalidArgument`.
  oidc::Result<std::string> decide_authorization(std::string_view request_url, Decision decision);

  /// Makes a new signing key the active one. With `keep_old` the JWKS goes on listing
  /// the previous keys. `publish` says when the new one gets into it: "now"; "before", and it signs from the next
  /// rotation on only; "after" the JWKS was fetched once without it; "never". Returns the new key's kid.
  std::string rotate_keys(bool keep_old, std::string_view publish = "now");
  /// Takes a key out of the JWKS. Errors: `kNotFound`; `kInvalidArgument` for the one that signs.
  oidc::Status retire_key(std::string_view kid);
  /// [{"kid", "alg", "state": "active", "next", "previous", "retired" or "spare", "published": bool}]
  oidc::Json keys() const;
  /// Revokes a token by value or lineage name, with its family. Errors: `kNotFound`.
  oidc::Status revoke(std::string_view token_or_name);
  /// Expires a token by value or lineage name. Errors: `kNotFound`.
  oidc::Status expire(std::string_view token_or_name);
  /// When an access or refresh token expires, used or not, by its value or lineage name (`Ledger::newest`): on
  /// `clock()`, so without the issuer's skew. nullopt for one that is unknown or never expires.
  std::optional<oidc::TimePoint> expiry_of(std::string_view token_or_name) const;
  /// Live (neither expired, consumed nor revoked) tokens by lineage name.
  std::vector<std::string> live_tokens() const;

  /// Keeps the present state (all that was issued, keys, clients and users) under `name`; "first" is the one that
  /// the issuer began with. Script, journal and lineage names are no part of it.
  void checkpoint(std::string_view name);
  /// Brings a state back. Errors: `kNotFound`.
  oidc::Status restore(std::string_view name);

  /// What a server has to know after it was started again: all that was issued, with lineage names, and the keys.
  /// Clients and users are the configuration's. It holds secrets.
  oidc::Json state() const;
  /// Takes over what `state` gave, of an issuer of the same name and configuration. Errors: `kCorruptStorage`.
  oidc::Status set_state(const oidc::Json& state);

  /// {"as_expected": bool, "undelivered_steps": [...], "unmatched_requests": [...], "failed_expectations": [...],
  /// "exchanges": n, "dropped": n}
  /// `exchanges` counts all; the journal has dropped `dropped` of them, and lists no more of the
  /// unmatched than it has kept.
  oidc::Json verdict() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace mockserver
