// The authorization code flow when the person types the code in, and what it says in the log.
#include "client_world.hpp"
#include "flows/pkce.hpp"
#include "judges.hpp"
#include "oidc/http_client.hpp"
#include "oidc/log.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Form;
using oidc::Json;
using oidc::LogLevel;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using testing::HasSubstr;
using testing::Not;

class TerminalCodeTest : public test::ClientWorld {
 protected:
  TerminalCodeTest() {
    options_.allow_tty_prompt = true;
    options_.show = [this](const std::string& text) { shown_ += text; };
    options_.prompt = [this](const std::string& /*question*/, bool is_secret) -> oidc::Result<std::string> {
      ++prompts_;
      is_hidden_ = is_secret;
      return typed_;
    };
  }

  oidc::Result<Credential> login() {
    Environment with_log = environment();
    with_log.log = oidc::Log{clock_, [this](LogLevel level, std::string_view event, const Json& record) {
                               log_ += oidc::to_line(level, event, record) + "\n";
                             }};
    return make_client(config_, with_log).value()->login(options_);
  }
  void answer_tokens() {
    answer_metadata();
    answer_json(200, test::token_response());
  }
  /// The parameters of the URL that was shown.
  Form asked() const {
    const std::size_t begin = shown_.find("https://");
    const std::string url = shown_.substr(begin, shown_.find(' ', begin) - begin);
    return oidc::parse_form(oidc::parse_url(url).value().query).value();
  }
  void let_a_browser_answer() {
    options_.allow_open_browser = true;
    options_.open_browser = [this](const std::string& url) {
      const Form sent = oidc::parse_form(oidc::parse_url(url).value().query).value();
      const Form answer{{"state", sent.value_or_empty("state")}, {"code", "browser-code"}};
      const std::string redirect = sent.value_or_empty("redirect_uri");
      browser_.send({"GET", oidc::append_query(redirect, answer.encode()), {}, ""}).value();
      state_ = sent.value_or_empty("state");
      return oidc::Status{oidc::Done{}};
    };
  }

  Json config_{{"client_type", "oidc_auth_code"},
               {"auth_server", test::kServer},
               {"client_id", "id"},
               {"redirect_uri", "https://app.test/show-code"},
               {"local_redirect_uri", "http://127.0.0.1:0/cb"}};
  LoginOptions options_;
  oidc::Result<std::string> typed_{std::string{" code as typed "}};
  bool is_hidden_ = false;
  int prompts_ = 0;
  std::string shown_;
  std::string state_;
  std::string log_;
  oidc::HttpClient browser_;
};

TEST_F(TerminalCodeTest, ShowsTheUrlAndRedeemsTheCodeAsTyped) {
  judges({"AUTHZ-015", "ACC-003"});
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_TRUE(is_hidden_);
  EXPECT_EQ(asked().get("redirect_uri"), "https://app.test/show-code");
  EXPECT_EQ(http_.form(1).get("redirect_uri"), "https://app.test/show-code");
  EXPECT_EQ(http_.form(1).get("code"), " code as typed ");
  EXPECT_EQ(s256_challenge(http_.form(1).value_or_empty("code_verifier")), asked().get("code_challenge"));
}

TEST_F(TerminalCodeTest, PrefersTheBrowserIfBothArePermitted) {
  judges({"ACC-002"});
  config_["redirect_uri"] = "http://127.0.0.1:0/cb";
  let_a_browser_answer();
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_EQ(http_.form(1).get("code"), "browser-code");
  EXPECT_EQ(prompts_, 0);
}

TEST_F(TerminalCodeTest, RedeemsNothingWithoutACode) {
  judges({"AUTHZ-015"});
  typed_ = std::string{};
  answer_metadata();
  EXPECT_THAT(login(), FailsWith(Errc::kAuthorizationResponse));
  typed_ = oidc::Error{Errc::kCancelled, "no answer"};
  answer_metadata();
  EXPECT_THAT(login(), FailsWith(Errc::kCancelled));
}

TEST_F(TerminalCodeTest, RedeemsNothingOnceItIsCancelled) {
  judges({"W-52"});
  options_.prompt = [this](const std::string&, bool) -> oidc::Result<std::string> {
    stop_.request_stop();
    return std::string{"code"};
  };
  answer_metadata();
  EXPECT_THAT(login(), FailsWith(Errc::kCancelled));
}

TEST_F(TerminalCodeTest, NeedsARedirectThatIsNotAPortToBeChosen) {
  config_["redirect_uri"] = "http://127.0.0.1:0/cb";
  answer_metadata();
  EXPECT_THAT(login(), FailsWith(Errc::kConfig, HasSubstr("redirect_uri")));
  EXPECT_EQ(prompts_, 0);
}

TEST_F(TerminalCodeTest, LogsNeitherCodesNorStatesNorUrls) {
  judges({"W-43"});
  typed_ = std::string{"typed-code"};
  options_.password = "p4ssw0rd";  // so that something is logged at all
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  const std::string shown_state = asked().value_or_empty("state");
  config_["redirect_uri"] = "http://127.0.0.1:0/cb";
  let_a_browser_answer();
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  ASSERT_NE(log_, "") << "there is nothing to judge";
  for (const std::string& secret :
       {std::string{"typed-code"}, std::string{"browser-code"}, shown_state, state_,
        http_.form(1).value_or_empty("code_verifier"), std::string{"code_challenge"}, std::string{"at-1"}}) {
    EXPECT_THAT(log_, Not(HasSubstr(secret)));
  }
}

struct IgnoringCase {
  const char* name;
  Json config;
};
void PrintTo(const IgnoringCase& c, std::ostream* out) {
  *out << c.name;
}
class IgnoringLogin : public TerminalCodeTest, public testing::WithParamInterface<IgnoringCase> {};

TEST_P(IgnoringLogin, SaysThatArgumentsOfPasswordLoginsGoNowhere) {
  judges({"ACC-004"});
  config_.update(GetParam().config);
  options_.username = "alice";
  options_.password = "p4ssw0rd";
  answer_metadata();
  if (config_.at("client_type") == "oidc_device_code") {
    answer_json(
        200,
        {{"device_code", "dc"}, {"user_code", "U"}, {"verification_uri", "https://as.test/a"}, {"expires_in", 60}});
  }
  answer_json(200, test::token_response());
  ASSERT_THAT(login(), IsOk());
  EXPECT_THAT(log_, HasSubstr(R"("level":"warning","event":"login.argument_ignored","argument":"password")"));
  EXPECT_THAT(log_, HasSubstr(R"("level":"debug","event":"login.argument_ignored","argument":"username")"));
  EXPECT_THAT(log_, Not(HasSubstr("p4ssw0rd")));
  for (std::size_t i = 0; i < http_.count(); ++i) {
    const oidc::HttpRequest request = http_.request(i);
    EXPECT_THAT(request.url + request.body, Not(HasSubstr("p4ssw0rd")));
    EXPECT_THAT(request.url + request.body, Not(HasSubstr("alice")));
  }
}

INSTANTIATE_TEST_SUITE_P(Acc004, IgnoringLogin,
                         testing::Values(IgnoringCase{"auth_code", Json::object()},
                                         IgnoringCase{"device_code", {{"client_type", "oidc_device_code"}}},
                                         IgnoringCase{"client_credentials",
                                                      {{"client_type", "oidc_client_credentials_secret"},
                                                       {"client_secret", "s"}}}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(TerminalCodeTest, SaysNothingOfArgumentsThatWereNotGiven) {
  answer_tokens();
  ASSERT_THAT(login(), IsOk());
  EXPECT_THAT(log_, Not(HasSubstr("argument_ignored")));
}

}  // namespace
}  // namespace authcore
