#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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

/// What a client under test says of itself (`hello`, docs/adapters.md).
struct Hello {
  std::string name;
  std::string version;
  std::string language;
  std::set<std::string> ops;    ///< operations it implements
  std::set<std::string> flows;  ///< "code", "device", "client_credentials", "password"
  /// "virtual_clock" (its time is the runner's), "storage" (keeps its tokens in files),
  /// "typed_errors" (kind, definite and reason of its errors can be relied on), "threads"
  /// (several calls at once), "private_key_jwt" (may be configured with a key pair), and free ones:
  /// "three_quarter_refresh", "storage_format_planet_auth", …
  std::set<std::string> capabilities;
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
///   device_initiate   {scopes?, audience?}            -> {user_code, verification_uri, verification_uri_complete?,
///                                                         expires_in, interval}
///   device_complete   {}                              -> {access_token}
///   get_access_token  {}                              -> {access_token}
///   refresh           {} (always asks the issuer)     -> {access_token}
///   ensure_ready      {interactive?: bool}            -> {}; interactive permits opening a browser
///   request           {url} (an authenticated GET)    -> {status}
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
  std::string what;  ///< "killed by signal 11", "no reply within 10 s", "reply to id 7, expected 8"
};
using CallResult = std::variant<Ok, Err, Unsupported, Broken>;

/// What a client asks of its surroundings while a call is running.
struct Surroundings {
  oidc::Clock& clock;  ///< the client's clock (skewed, if the scenario says so); its sleep is virtual
  /// The scripted user agent: follows the authorization URL to the redirect.
  std::function<oidc::Status(const std::string& url)> open_browser;
  /// For clients in this process: the way to the issuer.
  oidc::HttpTransport* transport = nullptr;
  std::uint64_t seed = 1;
};

/// The client under test, set up once. One outstanding call, except where the client has
/// the capability "threads".
class Adapter {
 public:
  Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  virtual ~Adapter() = default;

  virtual const Hello& hello() const = 0;
  virtual CallResult call(const Call& call) = 0;
  /// From now on saving fails (true) or works again (false), as on a full disk. False if it
  /// can't be done to this client: a scenario that needs it is then UNSUPPORTED.
  virtual bool set_saving_fails(bool fails) = 0;
  /// Everything the client wrote so far besides its files: logs, stdout noise, stderr.
  virtual std::string output() const = 0;
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

  virtual std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                               const Surroundings& surroundings) = 0;
  /// False: only sockets carry its requests.
  virtual bool can_use_direct_transport() const = 0;
  /// "auth-core 0.1.0", "python3 conformance/clients/reference.py"
  virtual std::string description() const = 0;
};

/// auth-core in this process.
std::unique_ptr<AdapterFactory> make_auth_core_factory();

/// What a program behind a pipe may cost before it counts as broken. The times are real.
struct PipeLimits {
  std::chrono::milliseconds silence{10'000};  ///< longest wait for its next message
  std::chrono::milliseconds grace{2'000};     ///< to end by itself, and again after SIGTERM
  std::size_t line_bytes = 1U << 20U;
  std::size_t output_bytes = 16U << 20U;  ///< everything it prints in its life
  std::size_t sleeps = 10'000;
};
/// A program that speaks JSON lines on stdin and stdout (docs/adapters.md). `command` is
/// run without a shell.
std::unique_ptr<AdapterFactory> make_pipe_factory(std::vector<std::string> command, PipeLimits limits = {});

}  // namespace scenarios
