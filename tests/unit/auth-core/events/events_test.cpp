#include "authcore/events.hpp"

#include <ostream>

#include "client_world.hpp"
#include "judges.hpp"
#include "log_catcher.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Error;
using oidc::Json;
using oidc::LogLevel;
using oidc::test::judges;
using oidc::test::SigningKey;

/// An application's logger that keeps what it is told.
struct Told {
  LogLevel level;
  std::string message;
  Json extra;
};

std::string some_token() {
  return oidc::test::make_token(SigningKey::rsa(), "RS256", {{"alg", "RS256"}, {"kid", "k"}, {"typ", "JWT"}},
                                {{"iss", "i"},
                                 {"cid", "c"},
                                 {"aud", Json::array({"a"})},
                                 {"scope", "s"},
                                 {"scp", Json::array({"p"})},
                                 {"pl_principal", "pp"},
                                 {"organization_id", 7},
                                 {"sub", "secret-subject"},
                                 {"email", "e@example.test"},
                                 {"exp", 1}});
}

class EventsTest : public testing::Test {
 protected:
  oidc::Log told_log(LogFormat format = StringLogging{}) {
    return application_log(
        clock_,
        [this](LogLevel level, const std::string& message, const Json& extra) {
          told_.push_back({level, message, extra});
        },
        std::move(format));
  }

  oidc::VirtualClock clock_{test::kStart};
  oidc::test::LogCatcher caught_;
  std::vector<Told> told_;
};

TEST(AuthEventTest, HasTheDocumentedNames) {
  judges({"LOG-001"});
  EXPECT_EQ(to_string(AuthEvent::kTrace), "TRACE");
  EXPECT_EQ(to_string(AuthEvent::kTokenValid), "TOKEN_VALID");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalid), "TOKEN_INVALID");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalidBadAlgorithm), "TOKEN_INVALID_BAD_ALGORITHM");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalidBadIssuer), "TOKEN_INVALID_BAD_ISSUER");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalidBadNonce), "TOKEN_INVALID_BAD_NONCE");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalidBadScope), "TOKEN_INVALID_BAD_SCOPE");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalidBadSigningKey), "TOKEN_INVALID_BAD_SIGNING_KEY");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalidExpired), "TOKEN_INVALID_EXPIRED");
  EXPECT_EQ(to_string(AuthEvent::kTokenInvalidIntrospectionRejection), "TOKEN_INVALID_INTROSPECTION_REJECTION");
}

struct EventCase {
  Errc code;
  AuthEvent event;
};
void PrintTo(const EventCase& c, std::ostream* out) {
  *out << oidc::to_string(c.code);
}
class EventOf : public testing::TestWithParam<EventCase> {};

TEST_P(EventOf, ARefusedTokenIsTheDocumentedOne) {
  judges({"EXC-004", "TV-011", "TV-014", "TV-017"});
  EXPECT_EQ(event_of(GetParam().code), GetParam().event);
}

INSTANTIATE_TEST_SUITE_P(EXC004, EventOf,
                         testing::Values(EventCase{Errc::kTokenExpired, AuthEvent::kTokenInvalidExpired},
                                         EventCase{Errc::kAlgorithmNotAllowed, AuthEvent::kTokenInvalidBadAlgorithm},
                                         EventCase{Errc::kScopeNotGranted, AuthEvent::kTokenInvalidBadScope},
                                         EventCase{Errc::kMissingScope, AuthEvent::kTokenInvalidBadScope},
                                         EventCase{Errc::kUnknownKey, AuthEvent::kTokenInvalidBadSigningKey},
                                         EventCase{Errc::kIntrospectionRejected,
                                                   AuthEvent::kTokenInvalidIntrospectionRejection},
                                         EventCase{Errc::kBadIssuer, AuthEvent::kTokenInvalidBadIssuer},
                                         EventCase{Errc::kBadNonce, AuthEvent::kTokenInvalidBadNonce},
                                         EventCase{Errc::kInvalidToken, AuthEvent::kTokenInvalid},
                                         EventCase{Errc::kMalformedToken, AuthEvent::kTokenInvalid},
                                         EventCase{Errc::kBadSignature, AuthEvent::kTokenInvalid},
                                         EventCase{Errc::kBadAudience, AuthEvent::kTokenInvalid},
                                         EventCase{Errc::kMissingClaim, AuthEvent::kTokenInvalid}),
                         [](const auto& tested) { return std::string{oidc::to_string(tested.param.code)}; });

TEST(AuthEventTest, BelongsToNoFailureThatSaysNothingAboutAToken) {
  judges({"EXC-004"});
  for (const Errc code : {Errc::kNetwork, Errc::kConfig, Errc::kInvalidArgument, Errc::kMalformedResponse}) {
    EXPECT_FALSE(event_of(code)) << oidc::to_string(code);
  }
}

TEST_F(EventsTest, AreMutedWithoutALogger) {
  judges({"LOG-002"});
  const oidc::Log muted = application_log(clock_, nullptr);
  muted.warning("anything");
  log_event(muted, LogLevel::kWarning, AuthEvent::kTokenInvalid, "m", some_token());
  log_event(told_log(), LogLevel::kWarning, AuthEvent::kTokenInvalid, "m", some_token());
  EXPECT_EQ(told_.size(), 1U) << "the application's own logger hears all";
}

TEST_F(EventsTest, AreJsonInTheMessageByDefault) {
  judges({"LOG-003", "LOG-005"});
  const Error error{Errc::kTokenExpired, "the token has expired"};
  log_event(told_log(), LogLevel::kWarning, AuthEvent::kTokenInvalidExpired, "refused", some_token(), &error);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].level, LogLevel::kWarning);
  EXPECT_TRUE(told_[0].extra.is_null());
  Json record = oidc::parse_json(told_[0].message).value();
  EXPECT_TRUE(record.at("auth_libraries").at("auth-core").is_string());
  record.erase("auth_libraries");
  const Json expected{{"event", "TOKEN_INVALID_EXPIRED"},
                      {"msg", "[auth-core] refused"},
                      {"error", "the token has expired"},
                      {"jwt_header", {{"alg", "RS256"}}},
                      {"jwt_payload",
                       {{"iss", "i"},
                        {"cid", "c"},
                        {"aud", Json::array({"a"})},
                        {"scope", "s"},
                        {"scp", Json::array({"p"})},
                        {"pl_principal", "pp"},
                        {"organization_id", 7}}}};
  EXPECT_EQ(record, expected);
}

TEST_F(EventsTest, HaveNoTokenPartsWithoutAToken) {
  judges({"LOG-005"});
  log_event(told_log(), LogLevel::kInfo, AuthEvent::kTrace, "hello");
  log_event(told_log(), LogLevel::kInfo, AuthEvent::kTrace, "hello", "opaque");
  for (const Told& told : told_) {
    const Json record = oidc::parse_json(told.message).value();
    EXPECT_EQ(record.size(), 3U) << record;
    EXPECT_EQ(record.at("event"), "TRACE");
  }
}

struct WrapCase {
  const char* name;
  StructuredLogging format;
};
void PrintTo(const WrapCase& c, std::ostream* out) {
  *out << c.name;
}
class Wrapped : public EventsTest, public testing::WithParamInterface<WrapCase> {};

TEST_P(Wrapped, DataIsBesideTheMessage) {
  judges({"LOG-004"});
  log_event(told_log(GetParam().format), LogLevel::kInfo, AuthEvent::kTokenValid, "fine", some_token());
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].message, "[auth-core] fine");
  const std::optional<std::string>& key = GetParam().format.key;
  if (key) {
    ASSERT_EQ(told_[0].extra.size(), 1U);
  }
  const Json record = key ? told_[0].extra.at(*key) : told_[0].extra;
  EXPECT_EQ(record.at("event"), "TOKEN_VALID");
  EXPECT_EQ(record.at("jwt_payload").at("iss"), "i");
  EXPECT_FALSE(record.contains("msg"));
}

INSTANTIATE_TEST_SUITE_P(LOG004, Wrapped,
                         testing::Values(WrapCase{"props_by_default", {}}, WrapCase{"another_key", {"auth"}},
                                         WrapCase{"no_wrapper", {std::nullopt}}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(EventsTest, OfTheLibraryItselfAreTraces) {
  judges({"LOG-001"});
  told_log().info("token.refreshed", {{"expires_in_s", 5}, {"access_token", "at-secret"}});
  const Json record = oidc::parse_json(told_.at(0).message).value();
  EXPECT_EQ(record.at("event"), "TRACE");
  EXPECT_EQ(record.at("msg"), "[auth-core] token.refreshed");
  EXPECT_EQ(record.at("expires_in_s"), 5);
  EXPECT_EQ(told_[0].message.find("at-secret"), std::string::npos);
}

TEST_F(EventsTest, OfFailuresAreLoggedAndTheFailurePassedOn) {
  judges({"LOG-006", "EXC-005"});
  const oidc::Log log = caught_.log(clock_);
  const oidc::Result<int> failed = Error{Errc::kTokenExpired, "too old"};
  EXPECT_THAT(log_failure(log, failed, {.token = some_token()}),
              oidc::test::FailsWith(Errc::kTokenExpired, testing::Eq("too old")));
  EXPECT_EQ(log_failure(log, oidc::Result<int>{5}).value(), 5);
  ASSERT_EQ(caught_.entries().size(), 1U);
  EXPECT_EQ(caught_.entries()[0].event, "TOKEN_INVALID_EXPIRED");
  EXPECT_EQ(caught_.entries()[0].level, LogLevel::kWarning);
  EXPECT_EQ(caught_.entries()[0].record.at("error"), "too old");
  EXPECT_EQ(caught_.entries()[0].record.at("jwt_payload").at("iss"), "i");
}

TEST_F(EventsTest, OfFailuresAreTheOverridingOneElseTheirOwnElseTheDefault) {
  judges({"LOG-006", "D-19"});
  const oidc::Log log = caught_.log(clock_);
  const Error of_token{Errc::kTokenExpired, "m"};
  const Error other{Errc::kNetwork, "m"};
  log_error(log, of_token,
            {.override_event = AuthEvent::kTokenInvalidBadNonce, .default_event = AuthEvent::kTokenValid});
  log_error(log, of_token, {.default_event = AuthEvent::kTokenValid});
  log_error(log, other, {.default_event = AuthEvent::kTokenValid});
  log_error(log, other, {});
  std::vector<std::string> events;
  for (const auto& entry : caught_.entries()) {
    events.push_back(entry.event);
  }
  EXPECT_EQ(events,
            (std::vector<std::string>{"TOKEN_INVALID_BAD_NONCE", "TOKEN_INVALID_EXPIRED", "TOKEN_VALID", "TRACE"}));
}

TEST_F(EventsTest, OfFailuresAreLimitedToTheChosenKindsAndLevel) {
  judges({"LOG-006"});
  const oidc::Log log = caught_.log(clock_);
  const FailureLogging tokens_only{.kinds = {Errc::kInvalidToken, Errc::kConfig}, .level = LogLevel::kError};
  log_error(log, {Errc::kNetwork, "m"}, tokens_only);
  EXPECT_TRUE(caught_.entries().empty());
  log_error(log, {Errc::kBadNonce, "m"}, tokens_only);
  ASSERT_EQ(caught_.entries().size(), 1U);
  EXPECT_EQ(caught_.entries()[0].level, LogLevel::kError);
}

}  // namespace
}  // namespace authcore
