#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oidc/clock.hpp"

namespace mockserver {

/// Who is logged in, since when and how (OIDC Core section 2: auth_time, acr, amr).
struct Login {
  std::string sub;
  oidc::TimePoint auth_time;
  std::string acr{};
  std::vector<std::string> amr{};
};

enum class Purpose { kAuthorize, kDevice, kLogout };

/// Something that a person is asked on pages. Its id stands in the pages' forms; only the browser that was
/// shown them can send one, which keeps other sites from doing it (CSRF).
struct Question {
  std::string id;
  Purpose purpose = Purpose::kAuthorize;
  std::string browser;           ///< value of its cookie
  std::string request;           ///< what it is about: parameters as a form, or the user code
  std::optional<Login> login{};  ///< who answers; nothing before the login
};

/// The browsers of the persons who use the pages: their sessions, what they were asked, what they agreed to.
/// Keeps the latest thousand sessions and questions, and a thousand consents. Its mutex is a leaf. Thread-safe.
class BrowserStore {
 public:
  /// Nothing if nobody is logged in.
  std::optional<Login> login_of(const std::string& browser) const;
  void log_in(const std::string& browser, Login login);
  void log_out(const std::string& browser);

  void begin(Question question);
  /// Nothing for an id that is unknown, used up, or another browser's or purpose's.
  std::optional<Question> find(const std::string& id, Purpose purpose, const std::string& browser) const;
  /// Puts it in the place of the one with its id.
  void go_on(const Question& question);
  /// False if somebody else ended it first: of two answers at once one counts.
  bool end(const std::string& id);

  bool has_consented(const std::string& sub, const std::string& client, const std::vector<std::string>& scopes) const;
  void consent(const std::string& sub, const std::string& client, const std::vector<std::string>& scopes);

  /// All that the store holds, as a value.
  struct State {
    std::vector<std::pair<std::string, Login>> logins;  ///< by cookie, oldest first
    std::vector<Question> questions;                    ///< oldest first
    /// Scopes by user and client.
    std::map<std::pair<std::string, std::string>, std::set<std::string>> consents;
  };
  State snapshot() const;
  void restore(State state);

 private:
  mutable std::mutex mutex_;
  State state_;  // guarded by mutex_
};

}  // namespace mockserver
