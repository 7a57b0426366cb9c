#include "session.hpp"

#include <chrono>
#include <utility>

#include "authcore/file_storage.hpp"
#include "authcore/sqlite_storage.hpp"
#include "kept_token.hpp"
#include "output.hpp"

namespace authctl {
namespace {

constexpr const char* kDefaultDatabase = ".config/authctl/tokens.sqlite";
constexpr oidc::Duration kLockTimeout = std::chrono::seconds{90};

oidc::Error no_credential() {
  return {oidc::Errc::kNoCredential, "nobody is logged in"};
}

// Something that a person may have to act on, such as tokens that could not be saved.
void log_to_stderr(oidc::LogLevel level, std::string_view event, const oidc::Json& record) {
  if (level >= oidc::LogLevel::kWarning) {
    note(oidc::to_line(level, event, record));
  }
}

authcore::SystemOptions system_options(const ClientOptions& options) {
  authcore::SystemOptions system;
  system.http.ca_file = options.ca_file;
  system.log = log_to_stderr;
  return system;
}

}  // namespace

Session::Session(const Context& context)
    : system_{system_options(context.client)}, scopes_{context.client.scopes}, cancel_{context.stop, Cancel{system_}} {}

oidc::Result<std::unique_ptr<Session>> Session::open(Context& context) {
  const auto config = client_config(context.client);
  if (!config) {
    return config.error();
  }
  if (const auto complete = check_complete(*config); !complete) {
    return complete.error();
  }
  std::unique_ptr<Session> session{new Session{context}};
  authcore::AuthOptions options;
  const auto location = session->locate(context.client, *config);
  if (!location) {
    return location.error();
  }
  options.location = *location;
  options.refresh.refresh_without_lock = context.client.refresh_without_lock;
  session->refreshes_without_lock_ = context.client.refresh_without_lock;
  auto auth = authcore::Auth::from_config(*config, std::move(options), session->system_.environment());
  if (!auth) {
    return auth.error();
  }
  session->auth_ = *std::move(auth);
  session->needs_browser_ = leaves_port_open(*config);
  context.logs_in_by_itself = session->client().can_login_unattended();
  context.any_owner_helps = [&context, config = *config, opened = session.get()] {
    return !context.client.any_owner && opened->any_owner_helps(context.client, config);
  };
  return session;
}

oidc::Result<authcore::CredentialLocation> Session::locate(const ClientOptions& options, const oidc::Json& config) {
  const std::string key = default_storage_key(config);
  const auto owners = options.any_owner ? authcore::FileOwners::kAnybody : authcore::FileOwners::kUs;
  if (options.store == "sqlite") {
    place_ = options.token_file.empty() ? kDefaultDatabase : options.token_file;
    return authcore::CredentialLocation{std::make_shared<authcore::SqliteStorage>(place_, system_.clock(), owners),
                                        key};
  }
  place_ = options.token_file.empty() ? key : options.token_file;
  return authcore::CredentialLocation{std::make_shared<authcore::FileStorage>(owners), place_};
}

bool Session::any_owner_helps(ClientOptions options, const oidc::Json& config) {
  options.any_owner = true;
  const auto others = locate(options, config);
  const authcore::CredentialLocation& ours = auth_->location();
  return others && !ours.provider->load(ours.key) && others->provider->load(others->key);
}

oidc::Result<authcore::Credential> Session::stored() {
  const auto held = authenticator().credential();
  if (!held) {
    return held.error();
  }
  if (!*held) {
    return no_credential();
  }
  return **held;
}

oidc::Status Session::settle_scopes() {
  const auto held = authenticator().credential();
  if (!held) {
    return held.error();
  }
  const std::string lacking = *held ? scopes_not_granted(**held, scopes_) : "";
  if (lacking.empty()) {
    return oidc::Done{};
  }
  if (!client().can_login_unattended()) {
    return oidc::Error{oidc::Errc::kNoCredential,
                       "the token that is kept was not granted " + lacking + "; without that --scope it is used"};
  }
  const auto fresh = client().login({});
  if (!fresh) {
    return fresh.error();
  }
  if (const std::string refused = scopes_not_granted(*fresh, scopes_); !refused.empty()) {
    note("The server did not grant " + refused + ".");
  }
  const auto kept = authenticator().accept_login(*fresh);
  return kept || oidc::is_kind_of(kept.error().code, oidc::Errc::kStorage) ? oidc::Done{} : kept;
}

oidc::Result<authcore::Authorization> Session::authorization() {
  const auto settled = settle_scopes();
  return settled ? authenticator().authorization() : settled.error();
}

oidc::Result<std::string> Session::access_token() {
  const auto found = authorization();
  if (!found) {
    return found.error();
  }
  return found->token;
}

oidc::Result<oidc::Json> Session::userinfo() {
  const auto settled = settle_scopes();
  return settled ? auth_->userinfo() : settled.error();
}

oidc::Result<authcore::Credential> Session::refresh_now() {
  const authcore::CredentialLocation& location = auth_->location();
  const auto lock = location.provider->lock(location.key, clock(), kLockTimeout, stop_token());
  if (!lock) {
    return lock.error();
  }
  if (*lock != nullptr && !(*lock)->weakness().empty() && !refreshes_without_lock_) {
    return oidc::Error{oidc::Errc::kStorage, "not refreshed, as others could do so at the same time: " +
                                                 (*lock)->weakness() + "; --refresh-without-lock does it all the same"};
  }
  const auto object = location.provider->load(location.key);
  if (!object) {
    return object.error().code == oidc::Errc::kNotFound ? no_credential() : object.error();
  }
  const auto current = authcore::Credential::from_json(client().credential_kind(), *object, clock().now());
  if (!current) {
    return oidc::Error{oidc::Errc::kCorruptStorage, place_ + ": " + current.error().message};
  }
  if (!current->refresh_token()) {
    return none_kept(*this, "refresh");
  }
  // Fetching keys for the ID token may take long: a refresh token that replaced ours must survive Ctrl-C.
  bool is_kept = false;
  authcore::RefreshOptions options;
  options.keep_at_once = [&](const authcore::Credential& tokens) {
    is_kept = location.provider->save(location.key, tokens.json()).has_value();
  };
  const auto renewed = client().refresh(*current, options);
  if (!renewed) {
    if (is_kept) {
      (void)location.provider->save(location.key, *object);  // what was kept turned out to be void
    }
    return renewed.error();
  }
  const auto saved = location.provider->save(location.key, renewed->json());
  if (!saved) {
    return saved.error();
  }
  return *renewed;
}

}  // namespace authctl
