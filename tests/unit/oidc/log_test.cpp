#include "oidc/log.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidc {
namespace {

constexpr TimePoint kBeginning = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};

/// A log whose lines are kept.
struct Lines {
  VirtualClock clock{kBeginning};
  std::vector<std::string> lines;
  Log log{clock, [this](LogLevel level, std::string_view event, const Json& record) {
            lines.push_back(to_line(level, event, record));
          }};
};

TEST(FingerprintTest, IsTheStartOfTheSha256) {
  EXPECT_EQ(fingerprint("abc"), "ba7816bf");  // FIPS 180-2, B.1
  EXPECT_EQ(fingerprint(""), "e3b0c442");
}

TEST(LogTest, WritesOneObjectALine) {
  Lines out;
  out.log.info("token.issued", {{"client_id", "app"}, {"expires_in_s", 3600}});
  EXPECT_THAT(out.lines,
              testing::ElementsAre(R"({"ts":"2030-01-01T00:00:00.000Z","level":"info","event":"token.issued",)"
                                   R"("client_id":"app","expires_in_s":3600})"));
}

TEST(LogTest, WithoutASinkNothingHappens) {
  Log{}.warning("event", {{"a", 1}});
}

TEST(LogTest, FingerprintsWhatIsNamedLikeASecret) {
  for (const char* name : {"access_token",
                           "refresh_token",
                           "id_token",
                           "client_secret",
                           "code",
                           "code_verifier",
                           "password",
                           "device_code",
                           "user_code",
                           "client_assertion",
                           "assertion",
                           "Authorization",
                           "Set-Cookie",
                           "token",
                           "initial_access_token",
                           "api_key",
                           "private_key",
                           "X-Api-Key",
                           "clientSecret",
                           "Client_Secret",
                           "CLIENT_SECRET",
                           "clientsecret",
                           "passwd",
                           "userPassword",
                           "db_pwd",
                           "accessToken",
                           "X-Auth-Token",
                           "X-Forwarded-Authorization",
                           "passphrase",
                           "passcode",
                           "user_credentials",
                           "pin",
                           "jwt"}) {
    Lines out;
    out.log.debug("event", {{name, "s3cret-value"}});
    ASSERT_EQ(out.lines.size(), 1U);
    EXPECT_THAT(out.lines[0], testing::Not(testing::HasSubstr("s3cret"))) << name;
    EXPECT_THAT(out.lines[0], testing::HasSubstr(fingerprint("s3cret-value"))) << name;
  }
}

TEST(LogTest, LeavesOtherMembersAlone) {
  const Json members = {{"token_type", "Bearer"},
                        {"expires_in_s", 5},
                        {"status_code", "ok"},
                        {"error_code", "x"},
                        {"has_refresh_token", true},
                        {"scope", "openid"},
                        {"code_challenge_method", "S256"}};
  for (auto member = members.begin(); member != members.end(); ++member) {
    Lines out;
    out.log.info("event", {{member.key(), member.value()}});
    EXPECT_THAT(out.lines[0], testing::HasSubstr("\"" + member.key() + "\":" + member.value().dump()));
  }
}

TEST(LogTest, FindsSecretsInsideObjectsAndArrays) {
  Lines out;
  out.log.info(
      "event",
      Json::parse(
          R"({"reply":{"body":[{"refresh_token":"s3cret"}]},"code":["s3cret",{"x":"s3cret"}],"password":12345678})"));
  EXPECT_THAT(out.lines[0], testing::Not(testing::HasSubstr("s3cret")));
  EXPECT_THAT(out.lines[0], testing::Not(testing::HasSubstr("12345678")));
}

TEST(LogTest, ATokenThatIsAFingerprintAlreadyStays) {
  Lines out;
  out.log.info("event", {{"token", fingerprint("abc")}, {"password", "deadbeef"}});
  EXPECT_THAT(out.lines[0], testing::HasSubstr(R"("token":"ba7816bf")"));
  EXPECT_THAT(out.lines[0], testing::Not(testing::HasSubstr("deadbeef")));
}

TEST(LogTest, MembersCannotForgeTheLine) {
  Lines out;
  out.log.warning("real", {{"event", "forged\n"}, {"ts", "never"}, {"level", "debug"}, {"bad", "\xFF"}});
  const Json line = Json::parse(out.lines[0]);
  EXPECT_EQ(line["event"], "real");
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["ts"], "2030-01-01T00:00:00.000Z");
  EXPECT_EQ(line["_event"], "forged\n");
  EXPECT_EQ(out.lines[0].find('\n'), std::string::npos);
}

TEST(LogTest, MembersThatAreNoObjectAreKept) {
  Lines out;
  out.log.info("event", Json("text"));
  EXPECT_THAT(out.lines[0], testing::HasSubstr(R"("value":"text")"));
}

}  // namespace
}  // namespace oidc
