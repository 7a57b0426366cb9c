#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

/// Errors as values. Expected failures travel as `Result<T>`; exceptions are for
/// start-up and for bugs. See docs/adr/0001-errors.md.
namespace oidc {

/// Why something failed: a closed set with stable names. Reports and scenario
/// files use `to_string(code)`; nothing ever matches on a message.
///
/// The codes form a hierarchy (`is_kind_of`): a caller who only wants to know
/// "must the user log in again?" asks for the parent.
enum class Errc {
  kUnknown,

  // Input that people write: files, options, arguments.
  kInvalidArgument,
  kBadInput,             ///< a file or request with a wrong member; the message says where
  kConfig,               ///< a client configuration that cannot work
  kUnsupportedByClient,  ///< the client type has no such operation

  // Storage.
  kStorage,         ///< parent of the next three: reading or writing failed
  kNotFound,        ///< no object is stored under that key
  kCorruptStorage,  ///< something is stored, but it is not what it should be
  kLocked,          ///< the lock was not obtained in time

  // The way to the server.
  kNetwork,           ///< parent of the next three: no reply was obtained
  kConnectFailed,     ///< definite: the request never left
  kTimeout,           ///< the deadline passed
  kTls,               ///< definite: the server could not be trusted
  kResponseTooLarge,  ///< the reply passed the size limit and was dropped

  // What the server answered.
  kServer,               ///< parent of the next five
  kRateLimited,          ///< 429, or 503 with Retry-After, after the retries allowed
  kServerError,          ///< 5xx
  kMalformedResponse,    ///< not the JSON, content type or members the specification requires
  kOAuthError,           ///< an RFC 6749 §5.2 error; its code is in `Error::oauth_error`
  kUnsupportedByServer,  ///< the metadata names no such endpoint or method

  // Authentication cannot go on without somebody acting.
  kReauthRequired,       ///< parent of the next three: log in again
  kInvalidGrant,         ///< the refresh token or code is invalid, expired or revoked
  kNoCredential,         ///< nobody logged in yet, or the session was ended
  kInteractionRequired,  ///< a prompt or browser is needed and was not permitted
  kAccessDenied,         ///< the user said no
  kDeviceCodeExpired,    ///< the device code's life is over
  kCancelled,            ///< the caller cancelled

  // The authorization response.
  kAuthorizationResponse,   ///< parent of the next two
  kStateMismatch,           ///< not the answer to our request
  kResponseIssuerMismatch,  ///< RFC 9207 `iss` missing or different
  kIssuerMismatch,          ///< metadata of another issuer (OIDC Discovery §4.3)

  // Tokens.
  kInvalidToken,  ///< parent of all that follow
  kMalformedToken,
  kAlgorithmNotAllowed,
  kUnknownKey,
  kBadSignature,
  kBadIssuer,
  kBadAudience,
  kBadAuthorizedParty,
  kTokenExpired,
  kTokenNotYetValid,
  kMissingClaim,
  kBadClaim,
  kBadNonce,
  kBadTokenType,  ///< `typ` is not the one demanded (RFC 9068 §4)
  kMissingScope,  ///< no scopes are named at all, and one was asked for
  kScopeNotGranted,
  kIntrospectionRejected,  ///< the issuer says that the token is not active (RFC 7662 §2.2)
};

/// Stable lower_snake_case name, e.g. "bad_audience".
std::string_view to_string(Errc code);

/// True if `code` is `kind` or lies below it, as an exception class would derive
/// from its base. `kInvalidGrant` is a kind of `kReauthRequired`.
bool is_kind_of(Errc code, Errc kind);

/// A failure. The message is one sentence for people and never holds a secret.
struct Error {
  Errc code = Errc::kUnknown;
  std::string message;
  std::string oauth_error{};                ///< RFC 6749 §5.2 `error`, when the server sent one
  int http_status = 0;                      ///< status of the reply that caused it; 0: no reply
  bool definite = true;                     ///< false: the server may have acted on the request
  std::chrono::milliseconds retry_after{};  ///< how long the server asked to be left alone; 0: it did not say
  std::shared_ptr<const Error> cause{};     ///< the failure behind this one, if it was recast (recast.hpp)
};

/// Thrown by `Result::value()`, for callers who prefer exceptions.
class Failure : public std::runtime_error {
 public:
  explicit Failure(Error error) : std::runtime_error{error.message}, error_{std::move(error)} {}
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

/// A value or the reason why there is none. Named after `std::expected`.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}
  Result(Error error) : state_{std::in_place_index<1>, std::move(error)} {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  // Misuse throws std::bad_variant_access; it is never undefined behaviour.
  const T& operator*() const& { return std::get<0>(state_); }
  T& operator*() & { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  const T* operator->() const { return &std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  /// The value, or a thrown `Failure`.
  const T& value() const& {
    throw_if_error();
    return std::get<0>(state_);
  }
  T&& value() && {
    throw_if_error();
    return std::get<0>(std::move(state_));
  }

 private:
  void throw_if_error() const {
    if (const auto* error = std::get_if<1>(&state_)) {
      throw Failure{*error};
    }
  }

  std::variant<T, Error> state_;
};

/// Success without a value: `Result<Done>`, `return Done{};`.
struct Done {};
using Status = Result<Done>;

}  // namespace oidc
