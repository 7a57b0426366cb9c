#include <gmock/gmock.h>

#include "adapters/pipe_protocol.hpp"

namespace scenarios::pipe {
namespace {

using namespace std::chrono_literals;
using oidc::Json;
using ::testing::ElementsAre;
using When = RefreshPolicy::When;

Json hello_with(const Json& members) {
  Json hello{{"protocol", 2}, {"sut", {{"name", "x"}}}};
  hello.update(members);
  return hello;
}

Json policy(const Json& members) {
  return hello_with({{"policy", members}});
}

Hello parsed(const Json& json) {
  auto hello = parse_hello(json);
  if (!hello) {
    throw std::logic_error{hello.error().message};
  }
  return *std::move(hello);
}

TEST(HelloReply, OfFewWordsLeavesTheSafeReading) {
  const Hello hello = parsed(hello_with(Json::object()));
  EXPECT_EQ(hello.name, "x");
  EXPECT_EQ(hello.time, TimeKind::kReal);
  EXPECT_THAT(hello.auth_methods, ElementsAre("none"));
  EXPECT_TRUE(hello.books.empty());
  EXPECT_EQ(hello.policy.refresh.when, When::kUndeclared);
  EXPECT_EQ(hello.policy.retries_in_call, std::nullopt);
  EXPECT_EQ(hello.policy.max_wait, std::nullopt);
  EXPECT_EQ(hello.policy.leeway, 0s);
  EXPECT_TRUE(hello.policy.listens);
  EXPECT_EQ(hello.policy.keys_age, std::nullopt);
  EXPECT_EQ(hello.policy.keys_pause, std::nullopt);
}

TEST(HelloReply, SaysEverything) {
  const Hello hello = parsed(Json::parse(R"({
    "protocol": 2, "sut": {"name": "x", "version": "1", "language": "go"}, "ops": ["login", "refresh"],
    "flows": ["code", "device"], "time": "faketime", "books": ["planet_auth"],
    "auth_methods": ["client_secret_post", "none"], "capabilities": ["storage", "anything"],
    "policy": {"refresh": {"before": 60}, "retries": "caller", "max_wait": 30, "leeway": 2.5, "redirect": "callback",
               "keys": {"max_age": 3600, "cooldown": 300}}})"));
  EXPECT_EQ(hello.version + " " + hello.language, "1 go");
  EXPECT_THAT(hello.ops, ElementsAre("login", "refresh"));
  EXPECT_THAT(hello.flows, ElementsAre("code", "device"));
  EXPECT_EQ(hello.time, TimeKind::kFaked);
  EXPECT_THAT(hello.books, ElementsAre("planet_auth"));
  EXPECT_THAT(hello.auth_methods, ElementsAre("client_secret_post", "none")) << "the preferred one first";
  EXPECT_THAT(hello.capabilities, ElementsAre("anything", "storage"));
  EXPECT_EQ(hello.policy.refresh.when, When::kBefore);
  EXPECT_EQ(hello.policy.refresh.value, 60);
  EXPECT_EQ(hello.policy.retries_in_call, false);
  EXPECT_EQ(hello.policy.max_wait, 30s);
  EXPECT_EQ(hello.policy.leeway, 2500ms);
  EXPECT_FALSE(hello.policy.listens);
  EXPECT_EQ(hello.policy.keys_age, 1h);
  EXPECT_EQ(hello.policy.keys_pause, 5min);
}

TEST(HelloReply, KnowsEveryWayToRenew) {
  const auto refresh = [](const Json& json) { return parsed(policy({{"refresh", json}})).policy.refresh; };
  EXPECT_EQ(refresh({{"ratio", 0.75}}).when, When::kRatio);
  EXPECT_EQ(refresh({{"ratio", 0.75}}).value, 0.75);
  EXPECT_EQ(refresh({{"ratio", 1}}).value, 1);
  EXPECT_EQ(refresh({{"before", 0}}).when, When::kBefore);
  EXPECT_EQ(refresh({{"on", "expiry"}}).when, When::kOnExpiry);
  EXPECT_EQ(refresh({{"on", "401"}}).when, When::kOn401);
  EXPECT_EQ(refresh({{"on", "request"}}).when, When::kOnRequest);
}

TEST(HelloReply, KnowsTheOtherWordOfEachChoice) {
  EXPECT_EQ(parsed(policy({{"retries", "in_call"}})).policy.retries_in_call, true);
  EXPECT_TRUE(parsed(policy({{"redirect", "listener"}})).policy.listens);
  EXPECT_EQ(parsed(hello_with({{"time", "virtual"}})).time, TimeKind::kVirtual);
  EXPECT_EQ(parsed(hello_with({{"time", "real"}})).time, TimeKind::kReal);
}

struct Bad {
  const char* name;
  Json hello;
  const char* complaint;
};
class BadHelloTest : public ::testing::TestWithParam<Bad> {};

TEST_P(BadHelloTest, IsToldInFull) {
  const auto hello = parse_hello(GetParam().hello);
  ASSERT_FALSE(hello);
  EXPECT_EQ(hello.error().code, oidc::Errc::kBadInput);
  EXPECT_EQ(hello.error().message, std::string{"hello: "} + GetParam().complaint);
}

Json without(const char* name) {
  Json hello = hello_with(Json::object());
  hello.erase(name);
  return hello;
}

const Bad kBad[] = {
    {"NoProtocol", without("protocol"), "\"protocol\" must be 2"},
    {"FormerProtocol", hello_with({{"protocol", 1}}), "\"protocol\" must be 2"},
    {"ProtocolAsText", hello_with({{"protocol", "2"}}), "\"protocol\" must be 2"},
    {"NoSut", without("sut"), "\"sut\" must be an object with a \"name\""},
    {"SutIsText", hello_with({{"sut", "x"}}), "\"sut\" must be an object with a \"name\""},
    {"SutWithoutName", hello_with({{"sut", {{"name", ""}}}}), "\"sut\" must be an object with a \"name\""},
    {"MisspeltMember", hello_with({{"polisy", Json::object()}}),
     "unknown member \"polisy\" (expected one of: protocol, sut, ops, flows, capabilities, time, books, auth_methods, "
     "policy; did you mean \"policy\"?)"},
    {"UnknownMember", hello_with({{"x", 1}}),
     "unknown member \"x\" (expected one of: protocol, sut, ops, flows, capabilities, time, books, auth_methods, "
     "policy)"},
    {"OpsIsText", hello_with({{"ops", "login"}}), "\"ops\" must be a list of strings"},
    {"OpsOfNumbers", hello_with({{"ops", {1}}}), "\"ops\" must be a list of strings"},
    {"CapabilitiesIsAnObject", hello_with({{"capabilities", Json::object()}}),
     "\"capabilities\" must be a list of strings"},
    {"BooksOfNothing", hello_with({{"books", {nullptr}}}), "\"books\" must be a list of strings"},
    {"UnknownFlow", hello_with({{"flows", {"code", "devise"}}}),
     "unknown flow \"devise\" (expected one of: code, device, client_credentials, password; did you mean \"device\"?)"},
    {"UnknownMethod", hello_with({{"auth_methods", {"client_secret_basik"}}}),
     "unknown way to authenticate \"client_secret_basik\" (expected one of: none, client_secret_basic, "
     "client_secret_post, private_key_jwt; did you mean \"client_secret_basic\"?)"},
    {"UnknownTime", hello_with({{"time", "virtul"}}),
     "unknown time \"virtul\" (expected one of: virtual, real, faketime; did you mean \"virtual\"?)"},
    {"TimeIsANumber", hello_with({{"time", 5}}), "unknown time \"5\" (expected one of: virtual, real, faketime)"},
    {"Threads", hello_with({{"capabilities", {"threads"}}}),
     "the capability \"threads\" cannot be had over pipes, where one call is outstanding at a time"},
    {"PolicyIsText", hello_with({{"policy", "eager"}}), "\"policy\" must be an object"},
    {"UnknownPolicy", policy({{"retrys", "caller"}}),
     "unknown policy \"retrys\" (expected one of: refresh, retries, max_wait, leeway, redirect, keys; did you mean "
     "\"retries\"?)"},
    {"RefreshIsText", policy({{"refresh", "expiry"}}),
     "\"policy.refresh\" must have exactly one of: before, ratio, on"},
    {"TwoWaysToRefresh", policy({{"refresh", {{"before", 60}, {"ratio", 0.5}}}}),
     "\"policy.refresh\" must have exactly one of: before, ratio, on"},
    {"UnknownWayToRefresh", policy({{"refresh", {{"befor", 60}}}}),
     "unknown way to refresh \"befor\" (expected one of: before, ratio, on; did you mean \"before\"?)"},
    {"BeforeIsNegative", policy({{"refresh", {{"before", -1}}}}),
     "\"policy.refresh.before\" must be a number of seconds from 0 to 1e9"},
    {"RatioOfNothing", policy({{"refresh", {{"ratio", 0}}}}),
     "\"policy.refresh.ratio\" must be a number above 0, at most 1"},
    {"RatioBeyondTheEnd", policy({{"refresh", {{"ratio", 1.1}}}}),
     "\"policy.refresh.ratio\" must be a number above 0, at most 1"},
    {"RatioIsText", policy({{"refresh", {{"ratio", "0.5"}}}}),
     "\"policy.refresh.ratio\" must be a number above 0, at most 1"},
    {"UnknownOccasion", policy({{"refresh", {{"on", "expire"}}}}),
     "unknown occasion to refresh \"expire\" (expected one of: expiry, 401, request; did you mean \"expiry\"?)"},
    {"OccasionIsANumber", policy({{"refresh", {{"on", 401}}}}),
     "unknown occasion to refresh \"401\" (expected one of: expiry, 401, request; did you mean \"401\"?)"},
    {"UnknownRetries", policy({{"retries", "in_cal"}}),
     "unknown policy of retries \"in_cal\" (expected one of: in_call, caller; did you mean \"in_call\"?)"},
    {"UnknownRedirect", policy({{"redirect", true}}),
     "unknown way of the redirect \"true\" (expected one of: listener, callback)"},
    {"WaitForEver", policy({{"max_wait", 1e10}}), "\"policy.max_wait\" must be a number of seconds from 0 to 1e9"},
    {"LeewayIsText", policy({{"leeway", "5s"}}), "\"policy.leeway\" must be a number of seconds from 0 to 1e9"},
    {"KeysIsANumber", policy({{"keys", 3600}}), "\"policy.keys\" must be an object"},
    {"UnknownPolicyOfKeys", policy({{"keys", {{"max-age", 3600}}}}),
     "unknown policy of keys \"max-age\" (expected one of: max_age, cooldown; did you mean \"max_age\"?)"},
    {"CooldownIsNegative", policy({{"keys", {{"cooldown", -1}}}}),
     "\"policy.keys.cooldown\" must be a number of seconds from 0 to 1e9"},
};
INSTANTIATE_TEST_SUITE_P(Hellos, BadHelloTest, ::testing::ValuesIn(kBad),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace scenarios::pipe
