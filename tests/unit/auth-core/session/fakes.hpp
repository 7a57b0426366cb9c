#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "authcore/authenticator.hpp"
#include "authcore/client.hpp"
#include "authcore/memory_storage.hpp"
#include "client_world.hpp"
#include "oidc/http.hpp"

namespace authcore::test {

using oidc::Errc;
using oidc::Error;
using oidc::Json;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Answers refreshes and logins from queues and remembers which refresh tokens it was shown.
class FakeClient final : public AuthClient {
 public:
  explicit FakeClient(oidc::Clock& clock) : clock_{clock} {}

  void will_refresh(oidc::Result<Json> answer) {
    const std::scoped_lock lock{mutex_};
    refreshes_.push_back(std::move(answer));
  }
  void will_log_in(oidc::Result<Json> answer) {
    const std::scoped_lock lock{mutex_};
    logins_.push_back(std::move(answer));
  }

  std::vector<std::string> shown() const {
    const std::scoped_lock lock{mutex_};
    return shown_;
  }
  int login_count() const {
    const std::scoped_lock lock{mutex_};
    return login_count_;
  }

  bool is_unattended = false;
  bool is_configured = false;              ///< needs no login at all
  oidc::Duration delay{};                  ///< how long an answer takes
  std::optional<Environment> environment;  ///< of its default authenticator
  std::optional<Json> kept_at_once;        ///< the tokens of a refresh that are certain before its answer is
  std::function<void()> meanwhile;         ///< what happens before the answer to a refresh
  std::optional<Credential> odd_login;     ///< what a login yields instead of an answer from the queue
  LoginOptions last_options;               ///< of a login, or of the start of a device login
  std::optional<oidc::Status> revocation;  ///< the answer to a revocation; none: the client has no such thing
  std::vector<std::string> revoked;

  oidc::Result<Credential> login(const LoginOptions& options) override {
    clock_.sleep_for(delay);
    const std::scoped_lock lock{mutex_};
    ++login_count_;
    last_options = options;
    if (odd_login) {
      return *odd_login;
    }
    const auto answer = next(logins_);
    return answer ? Credential::from_json(CredentialKind::kOidc, *answer, clock_.now())
                  : oidc::Result<Credential>{answer.error()};
  }
  bool can_login_unattended() const override { return is_unattended; }
  bool has_configured_credential() const override { return is_configured; }

  oidc::Result<DeviceAuthorization> device_login_initiate(const LoginOptions& options) override {
    last_options = options;
    DeviceAuthorization authorization;
    authorization.response = {{"device_code", "d"}};
    authorization.user_code = "WDJB";
    return authorization;
  }
  oidc::Result<Credential> device_login_complete(const DeviceAuthorization&) override { return login({}); }

  oidc::Status revoke_access_token(const std::string& token) override { return revoke("access " + token); }
  oidc::Status revoke_refresh_token(const std::string& token) override { return revoke("refresh " + token); }

  std::string_view type_name() const override { return "fake"; }
  std::unique_ptr<RequestAuthenticator> default_request_authenticator(CredentialLocation location,
                                                                      RefreshPolicy policy) override {
    const auto make = is_unattended ? make_refresh_or_relogin_authenticator : make_refreshing_authenticator;
    return make(*this, environment.value(), std::move(location), policy);
  }

  using AuthClient::refresh;
  oidc::Result<Credential> refresh(const Credential& current, const RefreshOptions& options) override {
    clock_.sleep_for(delay);
    if (kept_at_once) {
      options.keep_at_once(current.refreshed_with(*kept_at_once, clock_.now()).value());
    }
    if (meanwhile) {
      meanwhile();
    }
    const std::scoped_lock lock{mutex_};
    shown_.push_back(current.refresh_token().value_or(""));
    const auto answer = next(refreshes_);
    return answer ? current.refreshed_with(*answer, clock_.now()) : oidc::Result<Credential>{answer.error()};
  }

 private:
  oidc::Status revoke(const std::string& what) {
    if (!revocation) {
      return unsupported("token revocation");
    }
    revoked.push_back(what);
    return *revocation;
  }
  static oidc::Result<Json> next(std::deque<oidc::Result<Json>>& answers) {
    if (answers.empty()) {
      return Error{Errc::kUnknown, "the test expected no request"};
    }
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }

  oidc::Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<oidc::Result<Json>> refreshes_;  // guarded by mutex_
  std::deque<oidc::Result<Json>> logins_;     // guarded by mutex_
  std::vector<std::string> shown_;            // guarded by mutex_
  int login_count_ = 0;                       // guarded by mutex_
};

/// Notes every operation; fails those it is told to.
class RecordingStorage final : public ObjectStorageProvider {
 public:
  std::vector<std::string> take_operations() {
    const std::scoped_lock lock{mutex_};
    return std::exchange(operations_, {});
  }
  void fail(const std::string& operation, Errc code) {
    const std::scoped_lock lock{mutex_};
    failures_[operation] = code;
  }
  void heal() {
    const std::scoped_lock lock{mutex_};
    failures_.clear();
  }
  Json stored(const std::string& key) { return inner_.load(key).value(); }
  bool holds(const std::string& key) { return inner_.exists(key).value(); }
  void put(const std::string& key, const Json& object) { inner_.save(key, object).value(); }
  void drop(const std::string& key) { inner_.remove(key).value(); }

  oidc::Result<Json> load(const std::string& key) override {
    return note("load") ? inner_.load(key) : oidc::Result<Json>{failure("load")};
  }
  oidc::Status save(const std::string& key, const Json& object) override {
    return note("save") ? inner_.save(key, object) : oidc::Status{failure("save")};
  }
  oidc::Result<bool> exists(const std::string& key) override {
    return note("exists") ? inner_.exists(key) : oidc::Result<bool>{failure("exists")};
  }
  oidc::Result<ObjectVersion> version(const std::string& key) override {
    return note("version") ? inner_.version(key) : oidc::Result<ObjectVersion>{failure("version")};
  }
  oidc::Status rename(const std::string& from, const std::string& to) override {
    return note("rename") ? inner_.rename(from, to) : oidc::Status{failure("rename")};
  }
  oidc::Status remove(const std::string& key) override {
    return note("remove") ? inner_.remove(key) : oidc::Status{failure("remove")};
  }
  oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                           std::stop_token stop) override {
    return note("lock") ? inner_.lock(key, clock, timeout, stop) : oidc::Result<std::unique_ptr<Lock>>{failure("lock")};
  }

 private:
  bool note(const std::string& operation) {
    const std::scoped_lock lock{mutex_};
    operations_.push_back(operation);
    return failures_.count(operation) == 0;
  }
  Error failure(const std::string& operation) {
    const std::scoped_lock lock{mutex_};
    return {failures_.at(operation), operation + " fails as the test wants"};
  }

  MemoryStorage inner_;
  std::mutex mutex_;
  std::vector<std::string> operations_;   // guarded by mutex_
  std::map<std::string, Errc> failures_;  // guarded by mutex_
};

/// The session layer sends nothing itself.
class NoHttp final : public oidc::HttpTransport {
 public:
  oidc::Result<oidc::HttpResponse> send(const oidc::HttpRequest&) override {
    return Error{Errc::kConnectFailed, "no network in these tests"};
  }
};

/// A log's events by name, in order.
class EventLog {
 public:
  oidc::Log log(const oidc::Clock& clock) {
    return {clock, [this](oidc::LogLevel level, std::string_view event, const Json& record) {
              const std::scoped_lock lock{mutex_};
              events_.push_back({level, std::string{event}});
              text_ += oidc::to_line(level, event, record) + "\n";
            }};
  }
  std::size_t count(const std::string& event) const {
    const std::scoped_lock lock{mutex_};
    std::size_t number = 0;
    for (const auto& [level, name] : events_) {
      number += name == event ? 1 : 0;
    }
    return number;
  }
  std::size_t warnings() const {
    const std::scoped_lock lock{mutex_};
    std::size_t number = 0;
    for (const auto& [level, name] : events_) {
      number += level == oidc::LogLevel::kWarning ? 1 : 0;
    }
    return number;
  }
  std::string text() const {
    const std::scoped_lock lock{mutex_};
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<oidc::LogLevel, std::string>> events_;  // guarded by mutex_
  std::string text_;                                            // guarded by mutex_
};

/// A token response of an opaque token.
inline Json tokens(const std::string& access_token, int expires_in, const std::string& refresh_token = "") {
  Json response = {{"access_token", access_token}, {"token_type", "Bearer"}, {"expires_in", expires_in}};
  if (!refresh_token.empty()) {
    response["refresh_token"] = refresh_token;
  }
  return response;
}

inline Credential credential_of(const Json& response, oidc::TimePoint obtained = kStart) {
  return Credential::from_json(CredentialKind::kOidc, response, obtained).value();
}

inline Error server_error() {
  Error error{Errc::kServerError, "the server answered 503"};
  error.http_status = 503;
  return error;
}
inline Error reply_lost() {
  Error error{Errc::kNetwork, "the connection was reset"};
  error.definite = false;
  return error;
}
inline Error invalid_grant() {
  Error error{Errc::kInvalidGrant, "the server refused the refresh token"};
  error.oauth_error = "invalid_grant";
  error.http_status = 400;
  return error;
}

}  // namespace authcore::test
