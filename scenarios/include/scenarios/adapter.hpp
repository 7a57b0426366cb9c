#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace scenarios {

/// Whose clock the client lives on.
enum class TimeKind {
  kVirtual,  ///< the runner's, in lock-step: proven by an echo (docs/adapters.md)
  kReal,     ///< the machine's
  kFaked,    ///< the machine's wall clock, moved by libfaketime
};
std::string_view to_string(TimeKind kind);

/// When a client gets itself a new access token.
struct RefreshPolicy {
  enum class When {
    kUndeclared,
    kBefore,    ///< `value` seconds before the token expires
    kRatio,     ///< after that part of its lifetime
    kOnExpiry,  ///< when it has expired
    kOn401,     ///< when the API has refused it
    kOnRequest  ///< when the application asks for it
  } when = When::kUndeclared;
  double value = 0;

  /// True if it renews while the old token is still good.
  bool is_ahead() const { return when == When::kBefore || when == When::kRatio; }
  /// How long after it was issued a token that lives for `lifetime` is due, to the second after that; its whole
  /// lifetime where nothing ahead of expiry is declared.
  oidc::Duration due_after(oidc::Duration lifetime) const;
};

/// What a client does where specifications leave the choice: declared, never presumed.
struct Policy {
  RefreshPolicy refresh;
  std::optional<bool> retries_in_call;  ///< false: a refusal is handed to the caller
  std::optional<oidc::Duration> max_wait;
  oidc::Duration leeway{};  ///< of token times
  bool listens = true;      ///< has a redirect listener of its own; false: the caller hands over the redirect
  std::optional<oidc::Duration> keys_age;    ///< how long the issuer's keys are kept
  std::optional<oidc::Duration> keys_pause;  ///< the least time between two fetches of them
};

/// What a client under test says of itself (`hello`, docs/adapters.md).
struct Hello {
  std::string name;
  std::string version;
  std::string language;
  std::set<std::string> ops;    ///< operations it implements
  std::set<std::string> flows;  ///< "code", "device", "client_credentials", "password"
  /// "storage" (keeps its tokens in files), "typed_errors" (kind, definite and reason of its errors can be relied
  /// on), "threads" (several calls at once), "rfc9207", and free ones.
  std::set<std::string> capabilities;
  TimeKind time = TimeKind::kReal;
  std::set<std::string> books;            ///< products' documentation that it wants to be judged by
  std::vector<std::string> auth_methods;  ///< how it can authenticate, the preferred one first
  Policy policy;
};

/// What the client is told before it starts: everything an application would configure.
/// Never the scenario's name nor what is expected of it.
struct ClientSetup {
  std::string issuer;   ///< issuer URL
  std::string ca_file;  ///< trust anchor for https; "" if not needed
  std::string client_id;
  std::string client_auth;         ///< "none", "client_secret_basic", "client_secret_post", "private_key_jwt"
  std::string client_secret;       ///< "" for clients without
  std::string client_private_key;  ///< of private_key_jwt: PEM (PKCS#8); else ""
  std::string flow;                ///< "code", "device", "client_credentials", "password"
  std::string username;            ///< of the password flow; else ""
  std::string password;            ///< as above
  std::vector<std::string> scopes;
  std::string audience;
  std::string redirect_uri;                   ///< loopback, port 0: any free one
  std::string storage_dir;                    ///< exists, mode 0700; the client keeps everything below it
  oidc::Json options = oidc::Json::object();  ///< the scenario's `client.options`
};

/// An operation. Arguments, and the members of its ok value:
///
///   login             {scopes?, audience?}            -> {access_token}
///   authorization_url {scopes?, audience?}            -> {url}: the first half of a login without a listener
///   callback          {url, form?} (the way back)     -> {access_token}: the second; `form` was posted there
///   device_initiate   {scopes?, audience?}            -> {user_code, verification_uri, verification_uri_complete?,
///                                                         expires_in, interval}
///   device_complete   {}                              -> {access_token}
///   get_access_token  {}                              -> {access_token}
///   refresh           {} (always asks the issuer)     -> {access_token}
///   ensure_ready      {interactive?: bool}            -> {}; interactive permits opening a browser
///   request           {url, method?} (authenticated)  -> {status}; GET unless another is said
///   userinfo          {}                              -> the claims
///   revoke            {token?: its value}             -> {}; the refresh token unless another is said
///   logout            {}                              -> {url?}: where the user agent is sent, if anywhere
///   validate          {token, kind: "access" | "id"}  -> the claims
///   introspect        {token}                         -> {active: true, …} as the issuer says (RFC 7662); an
///                                                         inactive token is an error of kind "validation"
///   storage_seed      {credential}                    -> {}; saved as the client would save it: a token response
///                                                         with `_iat` and `_exp` in epoch seconds
///
/// Any other operation is answered `Unsupported`; the runner calls one to see that it is.
struct Call {
  std::string op;
  oidc::Json args = oidc::Json::object();
};

struct Ok {
  oidc::Json value = oidc::Json::object();
};
/// What an error can be: the closed list of docs/adapters.md and of the scenario schema.
inline constexpr std::array<std::string_view, 17> kErrorKinds = {"reauth_required",
                                                                 "denied",
                                                                 "expired",
                                                                 "timeout",
                                                                 "cancelled",
                                                                 "network",
                                                                 "tls",
                                                                 "rate_limited",
                                                                 "server_error",
                                                                 "protocol",
                                                                 "validation",
                                                                 "config",
                                                                 "storage",
                                                                 "locked",
                                                                 "no_credentials",
                                                                 "interaction_required",
                                                                 "other"};
/// What can be wrong with a token or a redirect, if the kind is "validation": closed likewise. "claim":
/// a claim that has no reason of its own.
inline constexpr std::array<std::string_view, 17> kValidationReasons = {
    "malformed", "alg", "crit", "kid",   "signature", "iss",   "aud",   "azp",         "exp",
    "nbf",       "iat", "sub",  "nonce", "scope",     "claim", "state", "response_iss"};
struct Err {
  std::string kind;  ///< one of `kErrorKinds`
  bool definite = true;
  std::string oauth_error;
  int http_status = 0;
  std::string reason;   ///< for kind "validation": one of `kValidationReasons`, or "" if it is not told
  std::string message;  ///< never an oracle; scanned for secrets
};
struct Unsupported {
  std::string why;
};
/// The client or its adapter broke down: classified, never a pass.
struct Broken {
  enum class Who { kSut, kAdapter } who = Who::kAdapter;
  std::string what;   ///< "killed by signal 11", "no reply within 10 s", "reply to id 7, expected 8"
  bool hung = false;  ///< it lives and says nothing: where it had to give up, that is a breach
};
/// The call was ended: the client neither gave a result nor gave up within its own time (docs/scenarios.md).
struct Overdue {
  std::string what;  ///< "still polling after 3600 s", "1000 requests without a pause"
};
using CallResult = std::variant<Ok, Err, Unsupported, Broken, Overdue>;

/// What a client asks of its surroundings while a call is running.
struct Surroundings {
  oidc::Clock& clock;  ///< the client's clock (skewed, if the scenario says so); its sleep is virtual
  /// The scripted user agent: follows the authorization URL to the redirect.
  std::function<oidc::Status(const std::string& url)> open_browser;
  /// For clients in this process: the way to the issuer.
  oidc::HttpTransport* transport = nullptr;
  std::uint64_t seed = 1;
  /// How many requests have come so far: tells a client that is busy asking from one that hangs.
  std::function<std::size_t()> requests_seen{};
  /// More environment variables of a program, "NAME=value".
  std::vector<std::string> environment{};
  bool replies_may_hang = false;  ///< the issuer is scripted to keep a request waiting in real time
  std::string umask{};            ///< of a program, octal; "": as it is
  /// For how long, in real time, some request of it has been with the issuer: waiting for that is no sleep of its own.
  std::function<oidc::Duration()> served{};
  oidc::Duration lasts{};  ///< of the scenario: waits of the client, which look like a hang on a real clock
};

/// The client under test, set up once. One outstanding call, except where the client has
/// the capability "threads".
class Adapter {
 public:
  Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  virtual ~Adapter() = default;

  virtual CallResult call(const Call& call) = 0;
  /// From now on saving fails (true) or works again (false), as on a full disk. False if it
  /// can't be done to this client: a scenario that needs it is then UNSUPPORTED.
  virtual bool set_saving_fails(bool fails) = 0;
  /// Everything the client wrote so far besides its files: logs, stdout noise, stderr.
  virtual std::string output() const = 0;
  /// Ends it at once, as a power cut would, with all that it started. False if it lives in this process.
  virtual bool kill() { return false; }
  /// Ends it in an orderly way: a client that does not exit cleanly is `Broken`.
  virtual std::variant<std::monostate, Broken> shutdown() = 0;
};

/// Starts a client. Each call makes a new one ("restart": same setup, same storage).
/// Thread-safe. An adapter that cannot be started is a `Broken`.
class AdapterFactory {
 public:
  AdapterFactory() = default;
  AdapterFactory(const AdapterFactory&) = delete;
  AdapterFactory& operator=(const AdapterFactory&) = delete;
  virtual ~AdapterFactory() = default;

  /// What the client says of itself. Asked once a run, before anything is configured; `start` comes later.
  virtual std::variant<Hello, Broken> hello() = 0;
  virtual std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                               const Surroundings& surroundings) = 0;
  /// False: only sockets carry its requests.
  virtual bool can_use_direct_transport() const = 0;
  /// True: it is a program of its own, whose surroundings can be chosen and which can be killed.
  virtual bool is_program() const { return false; }
  /// "auth-core 0.1.0", "python3 conformance/clients/reference.py"
  virtual std::string description() const = 0;
};

/// auth-core in this process.
std::unique_ptr<AdapterFactory> make_auth_core_factory();

/// What a program behind a pipe may cost before it counts as broken. The times are real.
struct PipeLimits {
  std::chrono::milliseconds start{30'000};    ///< longest wait for its next message before the first call
  std::chrono::milliseconds silence{10'000};  ///< in a call
  std::chrono::milliseconds grace{10'000};    ///< to end by itself, and again after SIGTERM
  std::size_t line_bytes = 1U << 20U;
  std::size_t output_bytes = 16U << 20U;  ///< everything it prints in its life
  std::size_t sleeps = 10'000;            ///< in one call
  /// The client's own time that one call may take: who has not given up by then never will.
  oidc::Duration own_time = std::chrono::hours{4};
  std::size_t requests = 200;  ///< in one call without a pause; beyond that it loops
};
/// A program that speaks JSON lines on stdin and stdout (docs/adapters.md). `command` is
/// run without a shell.
std::unique_ptr<AdapterFactory> make_pipe_factory(std::vector<std::string> command, PipeLimits limits = {});

/// A command-line program, as a commands file describes it (docs/adapters.md). Errors: `kBadInput`, a line for each
/// problem of the file.
oidc::Result<std::unique_ptr<AdapterFactory>> make_commands_factory(const std::string& file);
/// True if a command names a commands file: one word that ends in .yaml, .yml or .json.
bool is_commands_file(const std::string& command);

}  // namespace scenarios
