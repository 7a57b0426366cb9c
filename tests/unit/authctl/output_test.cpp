#include "output.hpp"

#include <gtest/gtest.h>

#include "progress.hpp"
#include "qr.hpp"

namespace authctl {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;

struct MeaningCase {
  Errc code;
  int expected;
};
class Meaning : public testing::TestWithParam<MeaningCase> {};

TEST_P(Meaning, IsWhatTheHelpSays) {
  EXPECT_EQ(exit_code_of({GetParam().code, ""}), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(ExitCodes, Meaning,
                         testing::Values(MeaningCase{Errc::kConfig, 2}, MeaningCase{Errc::kInvalidArgument, 2},
                                         MeaningCase{Errc::kUnsupportedByClient, 2}, MeaningCase{Errc::kStorage, 3},
                                         MeaningCase{Errc::kCorruptStorage, 3}, MeaningCase{Errc::kLocked, 3},
                                         MeaningCase{Errc::kConnectFailed, 4}, MeaningCase{Errc::kTls, 4},
                                         MeaningCase{Errc::kTimeout, 4}, MeaningCase{Errc::kRateLimited, 4},
                                         MeaningCase{Errc::kServerError, 4}, MeaningCase{Errc::kMalformedResponse, 4},
                                         MeaningCase{Errc::kOAuthError, 1}, MeaningCase{Errc::kUnsupportedByServer, 1},
                                         MeaningCase{Errc::kInvalidGrant, 1}, MeaningCase{Errc::kNoCredential, 1},
                                         MeaningCase{Errc::kAccessDenied, 1}, MeaningCase{Errc::kDeviceCodeExpired, 1},
                                         MeaningCase{Errc::kBadSignature, 1}, MeaningCase{Errc::kTokenExpired, 1},
                                         MeaningCase{Errc::kIntrospectionRejected, 1},
                                         MeaningCase{Errc::kCancelled, 130}),
                         [](const auto& tested) { return std::string{oidc::to_string(tested.param.code)}; });

TEST(StatusWithoutAWordOfOAuth, IsNoUsableAnswerUnlessItRefuses) {
  oidc::Error error{Errc::kServer, ""};
  for (const auto& [status, expected] : {std::pair{404, 4}, {405, 4}, {302, 4}, {401, 1}, {403, 1}}) {
    error.http_status = status;
    EXPECT_EQ(exit_code_of(error), expected) << status;
  }
}

TEST(Output, IsObeyedByNoTerminal) {
  const std::string odd = "\x1b[31m\u009B31m\u202Edrawkcab\x7F";
  for (const bool as_json : {false, true}) {
    Context context;
    context.as_json = as_json;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    fail(context, {Errc::kOAuthError, odd});
    print(context, {{"name", odd}}, odd);
    note(odd);
    const std::string said = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("drawkcab"), std::string::npos);
    for (const char* control : {"\x1b", "\u009B", "\u202E", "\x7F"}) {
      EXPECT_EQ(said.find(control), std::string::npos) << as_json;
    }
  }
}

TEST(Summary, TellsWhatIsHeldAndNoToken) {
  const auto credential =
      authcore::Credential::from_response(
          {{"access_token", "at-1"}, {"refresh_token", "rt-1"}, {"expires_in", 60}, {"scope", "a b"}},
          oidc::TimePoint{})
          .value();
  const oidc::Json told = summary(credential);
  EXPECT_EQ(told.at("has_refresh_token"), true);
  EXPECT_EQ(told.at("has_id_token"), false);
  EXPECT_EQ(told.at("expires_at"), "1970-01-01T00:01:00.000Z");
  EXPECT_EQ(told.at("scope"), "a b");
  EXPECT_EQ(oidc::to_text(told).find("-1\""), std::string::npos);
}

TEST(Summary, SaysThatATokenDoesNotExpire) {
  const auto credential = authcore::Credential::from_response({{"access_token", "at-1"}}, oidc::TimePoint{}).value();
  EXPECT_TRUE(summary(credential).at("expires_at").is_null());
  EXPECT_EQ(expiry_text(credential), "does not expire");
}

TEST(Remaining, IsInMinutesAndSecondsRoundedUp) {
  EXPECT_EQ(format_remaining(300s), "5:00");
  EXPECT_EQ(format_remaining(271'001ms), "4:32");
  EXPECT_EQ(format_remaining(1ms), "0:01");
  EXPECT_EQ(format_remaining(0s), "0:00");
  EXPECT_EQ(format_remaining(-5s), "0:00");
  EXPECT_EQ(format_remaining(3600s), "60:00");
}

TEST(QrCode, HasTwoRowsInEachLineAndAQuietZone) {
  const auto drawing = qr_code("https://as.test/");
  ASSERT_TRUE(drawing.has_value());
  // 16 bytes fit into version 1, 21 modules wide; with 4 around it 29 rows make 15 lines.
  EXPECT_EQ(std::count(drawing->begin(), drawing->end(), '\n'), 15);
  EXPECT_NE(drawing->find("\u2588"), std::string::npos);
}

TEST(QrCode, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(qr_code(std::string(5000, 'x')).has_value());
}

}  // namespace
}  // namespace authctl
