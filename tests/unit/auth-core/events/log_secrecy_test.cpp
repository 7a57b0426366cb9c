#include "authcore/auth.hpp"

#include <map>

#include "authcore/memory_storage.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "log_catcher.hpp"
#include "oidc/http_client.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Form;
using oidc::Json;
using oidc::LogLevel;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using testing::HasSubstr;
using testing::Not;

/// Logins whose log is read, down to debug.
class LogSecrecyTest : public test::ClientWorld {
 protected:
  Environment logged() {
    Environment all = environment();
    all.log = log_.log(clock_);
    return all;
  }

  /// Logs in by authorization code; the browser brings back what `answer` makes of a good answer.
  oidc::Result<Credential> login(const std::function<void(Form&)>& answer = {}) {
    const auto under_test = make_client({{"client_type", "oidc_auth_code"},
                                         {"auth_server", test::kServer},
                                         {"client_id", "id"},
                                         {"redirect_uri", "http://127.0.0.1:0/cb"}},
                                        logged())
                                .value();
    LoginOptions options;
    options.allow_open_browser = true;
    options.open_browser = [&](const std::string& url) -> oidc::Status {
      const Form asked = oidc::parse_form(oidc::parse_url(url).value().query).value();
      state_ = asked.value_or_empty("state");
      nonce_ = asked.value_or_empty("nonce");
      challenge_ = asked.value_or_empty("code_challenge");
      Form reply{{"state", state_}, {"code", "secret-code"}};
      if (answer) {
        answer(reply);
      }
      static_cast<void>(
          browser_.send({"GET", oidc::append_query(asked.value_or_empty("redirect_uri"), reply.encode()), {}, ""}));
      return oidc::Done{};
    };
    return under_test->login(options);
  }

  void expect_no_secret(const std::string& text) const {
    for (const std::string& secret : {std::string{"secret-code"}, state_, nonce_, challenge_,
                                      std::string{"code_challenge="}, std::string{"at-secret"}}) {
      EXPECT_THAT(text, Not(HasSubstr(secret)));
    }
  }

  oidc::test::LogCatcher log_;
  oidc::HttpClient browser_;
  std::string state_;
  std::string nonce_;
  std::string challenge_;
};

TEST_F(LogSecrecyTest, NeitherCodeNorStateNorUrlIsLoggedOfALogin) {
  judges({"LOG-007"});
  answer_metadata();
  http_.answer(oidc::test::with_header({429, {}, ""}, "Retry-After", "1"));  // something to be logged
  answer_json(200, {{"access_token", "at-secret"}, {"token_type", "Bearer"}, {"expires_in", 60}});
  ASSERT_THAT(login(), IsOk());
  EXPECT_FALSE(log_.entries().empty());
  expect_no_secret(log_.text());
}

TEST_F(LogSecrecyTest, NeitherCodeNorStateNorUrlIsSaidOfALoginThatFails) {
  judges({"LOG-007"});
  answer_metadata();
  answer_json(400, {{"error", "invalid_grant"}, {"error_description", "the code secret-code is spent"}});
  const auto spent = login();
  ASSERT_THAT(spent, FailsWith(Errc::kInvalidGrant));
  expect_no_secret(spent.error().message + log_.text());
  answer_metadata();
  const auto denied = login([](Form& reply) { reply.set("error", "access_denied"); });
  ASSERT_THAT(denied, FailsWith(Errc::kAccessDenied));
  expect_no_secret(denied.error().message + log_.text());
}

/// At which level what is told (LOG-008).
class LogLevelsTest : public LogSecrecyTest {
 protected:
  std::vector<LogLevel> levels(std::string_view event) const {
    std::vector<LogLevel> found;
    for (const auto& entry : log_.of(event)) {
      found.push_back(entry.level);
    }
    return found;
  }
  /// A context whose stored session is due for renewal.
  std::unique_ptr<Auth> due_session(const Json& stored) {
    storage_ = std::make_shared<MemoryStorage>();
    EXPECT_THAT(storage_->save("token.json", stored), IsOk());
    const Json config{{"client_type", "oidc_device_code"}, {"auth_server", test::kServer}, {"client_id", "id"}};
    return Auth::from_config(config, {.location = {storage_, "token.json"}}, logged()).value();
  }
  static Json expired() {
    return {{"access_token", "at-old"}, {"refresh_token", "rt"}, {"expires_in", 60}, {"_iat", 1}, {"_exp", 61}};
  }

  std::shared_ptr<MemoryStorage> storage_;
};

TEST_F(LogLevelsTest, ARenewalIsInformationAndItsFailureAWarning) {
  judges({"LOG-008"});
  const auto good = due_session(expired());
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(good->request_authenticator().authorization(), IsOk());
  EXPECT_EQ(levels("token.refreshed"), std::vector<LogLevel>{LogLevel::kInfo});
  const auto bad = due_session(expired());
  answer_metadata();
  answer_json(400, {{"error", "invalid_grant"}});
  static_cast<void>(bad->request_authenticator().authorization());
  EXPECT_EQ(levels("token.refresh_failed").size() + levels("token.refresh_refused").size(), 1U) << log_.text();
  for (const auto& entry : log_.entries()) {
    EXPECT_EQ(entry.level == LogLevel::kWarning, entry.event.find("refresh_") != std::string::npos) << entry.event;
  }
}

TEST_F(LogLevelsTest, AStoredSessionThatCannotBeReadAnyMoreIsAWarning) {
  judges({"LOG-008"});
  const auto context = due_session(expired());
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(context->request_authenticator().authorization(), IsOk());
  ASSERT_THAT(storage_->save("token.json", {{"access_token", 7}}), IsOk());
  clock_.advance(50min);
  answer_json(200, test::token_response());
  static_cast<void>(context->request_authenticator().authorization());
  EXPECT_EQ(levels("storage.load_failed"), std::vector<LogLevel>{LogLevel::kWarning}) << log_.text();
}

TEST_F(LogLevelsTest, AnIgnoredPasswordIsAWarningAndOtherIgnoredArgumentsAreForDebugging) {
  judges({"LOG-008"});
  const Json config{{"client_type", "oidc_client_credentials_secret"},
                    {"auth_server", test::kServer},
                    {"client_id", "id"},
                    {"client_secret", "s"}};
  answer_metadata();
  answer_json(200, test::token_response());
  LoginOptions options;
  options.username = "alice";
  options.password = "secret-password";
  ASSERT_THAT(make_client(config, logged()).value()->login(options), IsOk());
  std::map<std::string, LogLevel> by_argument;
  for (const auto& entry : log_.of("login.argument_ignored")) {
    by_argument[entry.record.at("argument").get<std::string>()] = entry.level;
  }
  EXPECT_EQ(by_argument,
            (std::map<std::string, LogLevel>{{"password", LogLevel::kWarning}, {"username", LogLevel::kDebug}}));
  EXPECT_THAT(log_.text(), Not(HasSubstr("secret-password")));
}

TEST_F(LogLevelsTest, AConfigurationKeyThatNobodyKnowsIsForDebugging) {
  judges({"LOG-008"});
  ASSERT_THAT(make_client({{"client_type", "oidc_device_code"},
                           {"auth_server", test::kServer},
                           {"client_id", "id"},
                           {"clientt_id", "x"}},
                          logged()),
              IsOk());
  EXPECT_EQ(levels("config_key_unknown"), std::vector<LogLevel>{LogLevel::kDebug});
}

}  // namespace
}  // namespace authcore
