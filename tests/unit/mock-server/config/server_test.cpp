#include "mockserver/server_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mockserver/config.hpp"

namespace mockserver {
namespace {

using oidc::Json;

Json parsed(const char* text) {
  return oidc::parse_json(text).value();
}

TEST(ServerConfigTest, IsToldFromAnIssuersByItsSections) {
  for (const char* text : {R"({"server": {}})", R"({"control": {}})", R"({"defaults": {}})", R"({"issuers": {}})"}) {
    EXPECT_TRUE(is_server_config(parsed(text))) << text;
  }
  for (const char* text : {"{}", R"({"clients": []})", "[]", "5"}) {
    EXPECT_FALSE(is_server_config(parsed(text))) << text;
  }
}

TEST(ServerConfigTest, SaysWhatTheFileSaysAndLeavesTheRestOpen) {
  const Json json = parsed(R"({
    "server": {"host": "::1", "port": 8080, "tls": {"cert": "c.pem", "key": "k.pem"}, "trust_forwarded": true},
    "control": {"port": 8081, "token": "t"},
    "defaults": {"refresh": "same"},
    "issuers": {"b": {}, "a": {"config": {"signing_alg": "ES256"}}}})");
  ASSERT_TRUE(check_server_config(json).empty());
  const ServerConfig config = read_server_config(json);
  EXPECT_EQ(config.host, "::1");
  EXPECT_EQ(config.port, 8080);
  EXPECT_EQ(config.cert, "c.pem");
  EXPECT_EQ(config.trust_forwarded, true);
  EXPECT_EQ(config.control_token, "t");
  EXPECT_EQ(config.defaults, Json({{"refresh", "same"}}));
  EXPECT_EQ(config.issuers.at("a").at("config").at("signing_alg"), "ES256");
  EXPECT_FALSE(config.threads || config.tls || config.external_url || config.control_host || config.auto_issuers);
}

struct BadServer {
  const char* name;
  const char* json;
  const char* pointer;
};
class BadServerTest : public testing::TestWithParam<BadServer> {};

TEST_P(BadServerTest, IsToldByItsPlace) {
  const auto problems = check_server_config(parsed(GetParam().json));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().pointer, GetParam().pointer);
  EXPECT_NE(problems.front().message, "");
}
constexpr BadServer kBadServers[] = {
    {"UnknownSection", R"({"server": {}, "isuers": {}})", "/isuers"},
    {"TwoStepsOfOneId",
     R"({"issuers": {"a": {"script": [{"id": "x", "do": {"status": 500}}, {"id": "x", "do": {"status": 503}}]}}})",
     "/issuers/a/script/1/id"},
    {"AfterNoStep", R"({"issuers": {"a": {"script": [{"when": {"after": "x"}, "do": {"status": 500}}]}}})",
     "/issuers/a/script/0/when/after"},
    {"UnknownKey", R"({"server": {"prot": 1}})", "/server/prot"},
    {"PortOutOfRange", R"({"control": {"port": 65536}})", "/control/port"},
    {"UrlWithPath", R"({"server": {"external_url": "https://x/y"}})", "/server/external_url"},
    {"NameWithSlash", R"({"issuers": {"a/b": {}}})", "/issuers/a~1b"},
    {"ConfigOfAnIssuer", R"({"issuers": {"a": {"config": {"refrsh": 1}}}})", "/issuers/a/config/refrsh"},
    {"MeaningOfAConfig", R"({"issuers": {"a": {"config": {"clients": [{"id": "x"}, {"id": "x"}]}}}})",
     "/issuers/a/config/clients/1/id"},
    {"MeaningOfAStep", R"({"issuers": {"a": {"script": [{"do": {"status": 500, "slow_down": true}}]}}})",
     "/issuers/a/script/0/do/slow_down"},
    {"Clock", R"({"issuers": {"a": {"clock": "noon"}}})", "/issuers/a/clock"},
    {"TwoAtTheRoot", R"({"issuers": {"a": {"at_root": true}, "b": {"at_root": true}}})", "/issuers/b/at_root"},
    {"Defaults", R"({"defaults": {"users": [{"sub": "u"}, {"sub": "u"}]}})", "/defaults/users/1/sub"},
};
INSTANTIATE_TEST_SUITE_P(ServerSchema, BadServerTest, testing::ValuesIn(kBadServers),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(OverlayTest, JoinedOverlaysKeepTheirNulls) {
  const Json below = {{"lifetimes", {{"access", 5}, {"id", 6}}}, {"users", {1, 2}}, {"metadata", {{"a", nullptr}}}};
  const Json over = {{"lifetimes", {{"access", 7}}}, {"users", {3}}, {"metadata", {{"b", nullptr}}}};
  EXPECT_EQ(join_overlays(below, over), Json({{"lifetimes", {{"access", 7}, {"id", 6}}},
                                              {"users", {3}},
                                              {"metadata", {{"a", nullptr}, {"b", nullptr}}}}));
}

}  // namespace
}  // namespace mockserver
