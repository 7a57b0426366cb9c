#include "adapters/pipe_protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios::pipe {
namespace {

using testing::HasSubstr;

struct BadLine {
  const char* name;
  const char* line;
  const char* complaint;
};
class BadLineTest : public testing::TestWithParam<BadLine> {};

TEST_P(BadLineTest, IsExplained) {
  const auto message = parse_message(GetParam().line);
  ASSERT_FALSE(message);
  EXPECT_THAT(message.error().message, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Protocol, BadLineTest,
    testing::Values(BadLine{"Empty", "", "not JSON"}, BadLine{"Text", "hello", "not JSON"},
                    BadLine{"List", "[1]", "not a JSON object"}, BadLine{"NoId", R"({"ok":{}})", "neither an event"},
                    BadLine{"NegativeId", R"({"id":-1,"ok":{}})", "neither an event"},
                    BadLine{"NoResult", R"({"id":1})", "this one has 0"},
                    BadLine{"TwoResults", R"({"id":1,"ok":{},"unsupported":"x"})", "this one has 2"},
                    BadLine{"BrokenAndOk", R"({"id":1,"ok":{},"broken":"x"})", "this one has 2"},
                    BadLine{"OkIsNoObject", R"({"id":1,"ok":"token"})", "\"ok\" must be an object"},
                    BadLine{"ErrIsNoObject", R"({"id":1,"err":"denied"})", "\"err\" must be an object"},
                    BadLine{"ErrWithoutKind", R"({"id":1,"err":{}})", "unknown err kind"},
                    BadLine{"UnknownReason", R"({"id":1,"err":{"kind":"validation","reason":"form"}})",
                            "unknown err reason \"form\""},
                    BadLine{"UnknownEvent", R"({"ev":"nap","n":1})", "unknown event \"nap\""},
                    BadLine{"EventWithoutNumber", R"({"ev":"now"})", "needs a number \"n\""},
                    BadLine{"SleepWithoutLength", R"({"ev":"sleep","n":1})", "\"for\""},
                    BadLine{"SleepBackwards", R"({"ev":"sleep","n":1,"for":-1})", "between 0 and 1e9"},
                    BadLine{"SleepForEver", R"({"ev":"sleep","n":1,"for":1e300})", "between 0 and 1e9"},
                    BadLine{"UrlMissing", R"({"ev":"open_url","n":1})", "\"url\""}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Message, AnErrorOfTheWrongTypesFallsBackToDefaults) {
  const auto message =
      parse_message(R"({"id":1,"err":{"kind":"denied","http_status":"400","definite":"no","message":7}})");
  ASSERT_TRUE(message);
  const auto& err = std::get<Err>(std::get<Reply>(*message).result);
  EXPECT_EQ(err.kind, "denied");
  EXPECT_EQ(err.http_status, 0);
  EXPECT_TRUE(err.definite);
}

TEST(Message, ASleepIsRoundedToMilliseconds) {
  const auto message = parse_message(R"({"ev":"sleep","n":3,"for":0.0504})");
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<SleepEvent>(*message).duration, oidc::Duration{50});
}

TEST(Message, WhatBrokeInTheAdapterIsNoResultOfTheClient) {
  const auto message = parse_message(R"({"id":1,"broken":"Traceback: KeyError"})");
  ASSERT_TRUE(message);
  const auto& broken = std::get<Broken>(std::get<Reply>(*message).result);
  EXPECT_EQ(broken.who, Broken::Who::kAdapter);
  EXPECT_EQ(broken.what, "the adapter's own code failed: Traceback: KeyError");
  EXPECT_FALSE(broken.hung);
}

TEST(Configuration, HasTheKeyOfAKeyPairAndNoSecret) {
  ClientSetup setup;
  setup.client_auth = "private_key_jwt";
  setup.client_private_key = "PEM";
  EXPECT_EQ(configuration(setup)["client_auth"], (oidc::Json{{"method", "private_key_jwt"}, {"private_key", "PEM"}}));
}

TEST(Configuration, HasNameAndPasswordForPasswordLoginsOnly) {
  ClientSetup setup;
  setup.flow = "password";
  setup.username = "user-1";
  setup.password = "p";
  EXPECT_EQ(configuration(setup)["username"], "user-1");
  EXPECT_EQ(configuration(setup)["password"], "p");
  setup.flow = "code";
  EXPECT_FALSE(configuration(setup).contains("username"));
  EXPECT_FALSE(configuration(setup).contains("password"));
}

TEST(Configuration, HasTheIssuerExactlyAsItIsWritten) {
  ClientSetup setup;
  setup.issuer = "https://issuer.test/tenant/";
  EXPECT_EQ(configuration(setup)["issuer"], "https://issuer.test/tenant/");
}

TEST(Configuration, HasNoSecretForPublicClients) {
  ClientSetup setup;
  setup.client_auth = "none";
  EXPECT_EQ(configuration(setup)["client_auth"], (oidc::Json{{"method", "none"}}));
}

}  // namespace
}  // namespace scenarios::pipe
