#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "adapters/auth_core_errors.hpp"
#include "authcore/auth.hpp"
#include "authcore/file_storage.hpp"
#include "oidc/random.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios {
namespace {

using oidc::Json;

constexpr const char* kKey = "token.json";
constexpr const char* kVersion = ASSAY_VERSION;  // it is released with the rest

/// Storage whose saving can be made to fail, as on a full disk.
class FaultyStorage final : public authcore::ObjectStorageProvider {
 public:
  explicit FaultyStorage(std::filesystem::path home) : files_{std::move(home)} {}
  void set_saving_fails(bool fails) { saving_fails_ = fails; }

  oidc::Result<Json> load(const std::string& key) override { return files_.load(key); }
  oidc::Status save(const std::string& key, const Json& object) override {
    if (saving_fails_) {
      return oidc::Error{oidc::Errc::kStorage, "no space left on the device"};
    }
    return files_.save(key, object);
  }
  oidc::Result<bool> exists(const std::string& key) override { return files_.exists(key); }
  oidc::Result<authcore::ObjectVersion> version(const std::string& key) override { return files_.version(key); }
  oidc::Status rename(const std::string& from, const std::string& to) override { return files_.rename(from, to); }
  oidc::Status remove(const std::string& key) override { return files_.remove(key); }
  oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                           std::stop_token stop) override {
    return files_.lock(key, clock, timeout, std::move(stop));
  }

 private:
  authcore::FileStorage files_;
  std::atomic<bool> saving_fails_{false};
};

/// The client's log, as it would have been written to a file.
class CapturedLog {
 public:
  oidc::Log log(const oidc::Clock& clock) {
    return {clock, [this](oidc::LogLevel level, std::string_view event, const Json& record) {
              const std::scoped_lock lock{mutex_};
              text_ += to_line(level, event, record) + "\n";
            }};
  }
  std::string text() const {
    const std::scoped_lock lock{mutex_};
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;  // guarded by mutex_
};

Json to_config(const ClientSetup& setup) {
  static const std::map<std::string, std::string> kTypes{{"device", "oidc_device_code"},
                                                         {"code", "oidc_auth_code"},
                                                         {"password", "oidc_resource_owner"},
                                                         {"client_credentials", "oidc_client_credentials"}};
  const char* proof = !setup.client_private_key.empty() ? "_pubkey" : setup.client_secret.empty() ? "" : "_secret";
  Json config = Json::object();
  config["client_type"] = kTypes.at(setup.flow) + proof;
  config["auth_server"] = setup.issuer;
  config["client_id"] = setup.client_id;
  config["scopes"] = setup.scopes;
  if (!setup.client_secret.empty()) {
    config["client_secret"] = setup.client_secret;
    config["client_auth_method"] = setup.client_auth;
  }
  if (!setup.client_private_key.empty()) {
    config["client_privkey"] = setup.client_private_key;
  }
  if (setup.flow == "password") {
    config["username"] = setup.username;
    config["password"] = setup.password;
  }
  if (!setup.audience.empty()) {
    config["audiences"] = Json::array({setup.audience});
  }
  if (setup.flow == "code") {
    config["redirect_uri"] = setup.redirect_uri;
  }
  config.update(setup.options);
  return config;
}

class AuthCoreAdapter final : public Adapter {
 public:
  AuthCoreAdapter(const ClientSetup& setup, const Surroundings& surroundings)
      : surroundings_{surroundings},
        random_{surroundings.seed},
        storage_{std::make_shared<FaultyStorage>(std::filesystem::path{setup.storage_dir} / "auth")},
        auth_{authcore::Auth::from_config(
            to_config(setup), {.location = {storage_, kKey}},
            {surroundings.clock, random_, *surroundings.transport, log_.log(surroundings.clock)})} {}

  CallResult call(const Call& call) override {
    for (const Operation& operation : kOperations) {
      if (call.op == operation.name) {
        if (!auth_) {
          return to_err(auth_.error(), call.args);
        }
        const auto done = (this->*operation.perform)(call.args);
        return done ? CallResult{Ok{*done}} : CallResult{to_err(done.error(), call.args)};
      }
    }
    return Unsupported{"auth-core has no operation \"" + call.op + "\""};
  }

  bool set_saving_fails(bool fails) override {
    storage_->set_saving_fails(fails);
    return true;
  }
  std::string output() const override { return log_.text(); }
  std::variant<std::monostate, Broken> shutdown() override { return std::monostate{}; }

 private:
  using Answer = oidc::Result<Json>;
  struct Operation {
    const char* name;
    Answer (AuthCoreAdapter::*perform)(const Json& args);
  };

  authcore::Auth& auth() { return **auth_; }

  authcore::LoginOptions login_options(const Json& args, bool interactive) const {
    authcore::LoginOptions options;
    options.allow_open_browser = interactive;
    options.allow_tty_prompt = interactive;
    if (args.contains("scopes")) {
      options.scopes = args["scopes"].get<std::vector<std::string>>();
    }
    options.audience = oidc::string_member(args, "audience").value_or("");
    options.open_browser = surroundings_.open_browser;
    options.show = [](const std::string& /*text*/) {};
    return options;
  }

  static Answer token_of(const oidc::Result<authcore::Credential>& credential) {
    if (!credential) {
      return credential.error();
    }
    return Json{{"access_token", credential->access_token().value_or("")}};
  }

  Answer login(const Json& args) { return token_of(auth().login(login_options(args, true))); }

  Answer device_initiate(const Json& args) {
    auto authorization = auth().device_login_initiate(login_options(args, true));
    if (!authorization) {
      return authorization.error();
    }
    Json value = authorization->response;
    value.erase("device_code");
    authorization_ = *std::move(authorization);
    return value;
  }

  Answer device_complete(const Json& /*args*/) {
    if (!authorization_) {
      return oidc::Error{oidc::Errc::kInvalidArgument, "device_initiate comes first"};
    }
    return token_of(auth().device_login_complete(*authorization_));
  }

  Answer get_access_token(const Json& /*args*/) {
    const auto token = auth().request_authenticator().access_token();
    return token ? Answer{Json{{"access_token", *token}}} : Answer{token.error()};
  }

  Answer refresh(const Json& /*args*/) {
    auto& authenticator = auth().request_authenticator();
    const auto current = authenticator.credential();
    if (!current) {
      return current.error();
    }
    if (!*current) {
      return oidc::Error{oidc::Errc::kNoCredential, "nobody has logged in"};
    }
    auto renewed = auth().client().refresh(**current);
    if (renewed) {
      // Kept in memory even if it cannot be saved: the caller has a good token either way.
      (void)authenticator.update_credential(*renewed);
    }
    return token_of(renewed);
  }

  Answer ensure_ready(const Json& args) {
    const bool interactive = args.contains("interactive") && args["interactive"] == true;
    const auto ready = auth().ensure_request_authenticator_is_ready(login_options(args, interactive));
    return ready ? Answer{Json::object()} : Answer{ready.error()};
  }

  Answer request(const Json& args) {
    oidc::HttpRequest message{
        oidc::string_member(args, "method").value_or("GET"), oidc::string_member(args, "url").value_or(""), {}, ""};
    if (const auto done = auth().request_authenticator().authenticate(message); !done) {
      return done.error();
    }
    const auto reply = surroundings_.transport->send(message);
    return reply ? Answer{Json{{"status", reply->status}}} : Answer{reply.error()};
  }

  Answer validate(const Json& args) {
    const std::string token = oidc::string_member(args, "token").value_or("");
    return args.contains("kind") && args["kind"] == "id" ? auth().client().validate_id_token_local(token)
                                                         : auth().client().validate_access_token_local(token, {});
  }

  Answer introspect(const Json& args) {
    return auth().client().validate_access_token_remote(oidc::string_member(args, "token").value_or(""));
  }

  Answer userinfo(const Json& /*args*/) { return auth().userinfo(); }

  Answer revoke(const Json& args) {
    const auto credential = auth().request_authenticator().credential();
    if (!credential) {
      return credential.error();
    }
    const auto token = oidc::string_member(args, "token");
    const auto own = *credential ? (*credential)->refresh_token() : std::nullopt;
    if (!token && !own) {
      return oidc::Error{oidc::Errc::kNoCredential, "there is no refresh token"};
    }
    const bool is_refresh = !token || token == own;
    auto& client = auth().client();
    const auto done =
        is_refresh ? client.revoke_refresh_token(token.value_or(own.value_or(""))) : client.revoke_access_token(*token);
    return done ? Answer{Json::object()} : Answer{done.error()};
  }

  Answer logout(const Json& /*args*/) {
    const auto done = auth().logout({});
    return done ? Answer{Json::object()} : Answer{done.error()};
  }

  Answer storage_seed(const Json& args) {
    const auto saved = storage_->save(kKey, args.contains("credential") ? args["credential"] : Json::object());
    return saved ? Answer{Json::object()} : Answer{saved.error()};
  }

  static constexpr std::size_t kOperationCount = 13;

 public:
  static Hello introduce() {
    Hello hello;
    hello.name = "auth-core";
    hello.version = kVersion;
    hello.language = "C++";
    hello.flows = {"code", "device", "client_credentials", "password"};
    hello.time = TimeKind::kVirtual;
    hello.books = {"planet_auth", "auth_core"};
    hello.auth_methods = {"none", "client_secret_basic", "client_secret_post", "private_key_jwt"};
    hello.capabilities = {"storage",
                          "typed_errors",
                          "threads",
                          "rfc9207",
                          "openid",
                          "three_quarter_refresh",
                          "storage_format_planet_auth"};
    hello.policy.refresh = {RefreshPolicy::When::kRatio, 0.75};
    hello.policy.retries_in_call = true;
    hello.policy.max_wait = std::chrono::seconds{60};
    hello.policy.keys_pause = std::chrono::minutes{5};
    for (const Operation& operation : kOperations) {
      hello.ops.insert(operation.name);
    }
    return hello;
  }

 private:
  static const std::array<Operation, kOperationCount> kOperations;

  Surroundings surroundings_;
  oidc::SeededRandom random_;
  CapturedLog log_;
  std::shared_ptr<FaultyStorage> storage_;
  oidc::Result<std::unique_ptr<authcore::Auth>> auth_;
  std::optional<authcore::DeviceAuthorization> authorization_;
};

const std::array<AuthCoreAdapter::Operation, AuthCoreAdapter::kOperationCount> AuthCoreAdapter::kOperations = {
    Operation{"login", &AuthCoreAdapter::login},
    Operation{"device_initiate", &AuthCoreAdapter::device_initiate},
    Operation{"device_complete", &AuthCoreAdapter::device_complete},
    Operation{"get_access_token", &AuthCoreAdapter::get_access_token},
    Operation{"refresh", &AuthCoreAdapter::refresh},
    Operation{"ensure_ready", &AuthCoreAdapter::ensure_ready},
    Operation{"request", &AuthCoreAdapter::request},
    Operation{"validate", &AuthCoreAdapter::validate},
    Operation{"introspect", &AuthCoreAdapter::introspect},
    Operation{"userinfo", &AuthCoreAdapter::userinfo},
    Operation{"revoke", &AuthCoreAdapter::revoke},
    Operation{"logout", &AuthCoreAdapter::logout},
    Operation{"storage_seed", &AuthCoreAdapter::storage_seed},
};

class AuthCoreFactory final : public AdapterFactory {
 public:
  std::variant<Hello, Broken> hello() override { return AuthCoreAdapter::introduce(); }
  std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                       const Surroundings& surroundings) override {
    if (surroundings.transport == nullptr) {
      return Broken{Broken::Who::kAdapter, "auth-core runs in this process and needs a transport"};
    }
    return std::unique_ptr<Adapter>{std::make_unique<AuthCoreAdapter>(setup, surroundings)};
  }
  bool can_use_direct_transport() const override { return true; }
  std::string description() const override { return std::string{"auth-core "} + kVersion; }
};

}  // namespace

std::unique_ptr<AdapterFactory> make_auth_core_factory() {
  return std::make_unique<AuthCoreFactory>();
}

}  // namespace scenarios
