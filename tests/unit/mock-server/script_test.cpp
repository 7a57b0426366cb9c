#include "mockserver/script.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/json.hpp"

namespace mockserver {
namespace {

Step step(const char* json, std::size_t position = 1) {
  return parse_step(oidc::parse_json(json).value(), position).value();
}

TEST(ScriptTest, FirstLiveMatchIsTakenInOrder) {
  Script script;
  script.add(step(R"({"when": {"endpoint": "jwks"}, "do": {"status": 500}})", 1));
  script.add(step(R"({"when": {"endpoint": "token", "grant": "refresh_token"}, "do": {"status": 501}})", 2));
  script.add(step(R"({"when": {"client": "app"}, "times": "forever", "do": {"status": 502}})", 3));
  const RequestFacts refresh{"token", "refresh_token", "app"};
  EXPECT_EQ(script.take(refresh)->step.id, "step-2");
  EXPECT_EQ(script.take(refresh)->step.id, "step-3");
  EXPECT_EQ(script.take(refresh)->step.id, "step-3");
  EXPECT_FALSE(script.take({"token", "refresh_token", "other"}));
}

TEST(ScriptTest, NthCountsTheRequestsThatFitAlsoThoseAnotherStepTook) {
  Script script;
  script.add(step(R"({"when": {"endpoint": "token"}, "do": {"status": 500}})", 1));
  script.add(step(R"({"when": {"endpoint": "token", "nth": 3}, "times": 2, "do": {"status": 501}})", 2));
  const RequestFacts token{"token", "", ""};
  EXPECT_EQ(script.take(token)->step.id, "step-1");
  EXPECT_FALSE(script.take({"jwks", "", ""}));
  EXPECT_FALSE(script.take(token));
  EXPECT_EQ(script.take(token)->step.id, "step-2");
  EXPECT_EQ(script.take(token)->step.id, "step-2");
  EXPECT_FALSE(script.take(token));
}

TEST(ScriptTest, UndeliveredMeansLessOftenThanTimesAndNotOptional) {
  Script script;
  script.add(step(R"({"id": "twice", "times": 2, "do": {"status": 500}})"));
  script.add(step(R"({"id": "forever", "when": {"endpoint": "jwks"}, "times": "forever", "do": {"status": 500}})"));
  script.add(step(R"({"id": "maybe", "when": {"endpoint": "jwks"}, "optional": true, "do": {"status": 500}})"));
  script.take({"token", "", ""});
  const auto states = script.states();
  EXPECT_TRUE(states[0].undelivered());
  EXPECT_TRUE(states[1].undelivered());
  EXPECT_FALSE(states[2].undelivered());
  EXPECT_TRUE(script.remove("twice"));
  EXPECT_FALSE(script.remove("twice"));
  script.take({"jwks", "", ""});
  EXPECT_FALSE(script.states()[0].undelivered());
}

TEST(ScriptTest, EightThreadsNeverShareASingleUseStep) {
  Script script;
  script.add(step(R"({"do": {"status": 500}})"));
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { taken += script.take({"token", "", ""}).has_value() ? 1 : 0; });
    }
  }
  EXPECT_EQ(taken, 1);
}

TEST(ScriptTest, RepliesThatHaveADocumentCanBePatched) {
  for (const char* json :
       {R"({"do": {"patch": {"a": 1}, "error": "invalid_grant", "status": 503}})",
        R"({"do": {"omit": ["a"], "body": {"a": 1}, "status": 503}})", R"({"do": {"patch": {"a": 1}, "body": "{}"}})",
        R"({"do": {"expire": "refresh", "status": 503}})"}) {
    EXPECT_TRUE(parse_step(oidc::parse_json(json).value(), 1)) << json;
  }
}

struct BadStep {
  const char* name;
  const char* json;
  const char* pointer;
  const char* hint;
};
class BadStepTest : public testing::TestWithParam<BadStep> {};

TEST_P(BadStepTest, IsRefusedWithItsPlace) {
  const auto parsed = parse_step(oidc::parse_json(GetParam().json).value(), 1);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, oidc::Errc::kBadInput);
  EXPECT_THAT(parsed.error().message, testing::StartsWith(GetParam().pointer));
  EXPECT_THAT(parsed.error().message, testing::HasSubstr(GetParam().hint));
}
constexpr BadStep kBadSteps[] = {
    {"UnknownVerb", R"({"do": {"stauts": 500}})", "/do/stauts:", "\"status\""},
    {"UnknownKey", R"({"wen": {}, "do": {"status": 500}})", "/wen:", "\"when\""},
    {"UnknownEndpoint", R"({"when": {"endpoint": "tokens"}, "do": {"status": 500}})", "/when/endpoint:", "token"},
    {"WrongType", R"({"do": {"delay": "1"}})", "/do/delay:", "number"},
    {"NothingToDo", R"({"do": {}})", "/do:", ""},
    {"NoDo", R"({"when": {}})", "/", "do"},
    {"NoObject", R"([])", "/", "object"},
    {"ClaimsOfNoToken", R"({"do": {"claims": {"id": {"a": 1}}, "error": "invalid_grant"}})", "/do/claims:", "error"},
    {"HeaderOfNoToken", R"({"do": {"header": {"id": {"a": 1}}, "status": 503}})", "/do/header:", "status"},
    {"SignatureOfNoToken", R"({"do": {"sign": "none", "body": "x"}})", "/do/sign:", "body"},
    {"SlowDownWithoutPoll", R"({"do": {"slow_down": true, "status": 503}})", "/do/slow_down:", "status"},
    {"PatchOfNothing", R"({"do": {"patch": {"a": 1}, "status": 503}})", "/do/patch:", "status"},
    {"OmitFromNothing", R"({"do": {"omit": ["a"], "status": 503}})", "/do/omit:", "status"},
    {"PatchOfText", R"({"do": {"patch": {"a": 1}, "body": "<html>"}})", "/do/patch:", "body"},
};
INSTANTIATE_TEST_SUITE_P(Schema, BadStepTest, testing::ValuesIn(kBadSteps),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace mockserver
