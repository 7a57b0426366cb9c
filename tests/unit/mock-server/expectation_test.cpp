#include "mockserver/expectation.hpp"

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using oidc::Json;
using testing::ElementsAre;
using testing::HasSubstr;

Exchange exchange(std::size_t seq, std::chrono::seconds offset, const std::string& grant = "refresh_token",
                  int status = 200) {
  Exchange one;
  one.seq = seq;
  one.offset = offset;
  one.endpoint = "token";
  one.grant = grant;
  one.client = "app";
  one.method = "POST";
  one.path = "/token";
  one.form = {{"refresh_token", "rt#" + std::to_string(seq)}, {"scope", "openid api"}};
  one.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  one.status = status;
  one.reply_body = status == 200 ? R"({"expires_in": 3600})" : R"({"error": "invalid_grant"})";
  return one;
}

bool fits(const Json& match, const Exchange& one = exchange(2, 0s)) {
  return ExchangeMatch::parse(match).value().fits(one);
}

struct PatternCase {
  const char* pattern;
  const char* value;
  bool fits;
};
class PatternTest : public testing::TestWithParam<PatternCase> {};

TEST_P(PatternTest, IsFoundAnywhereInTheValue) {
  Exchange one = exchange(2, 0s);
  one.form.set("scope", GetParam().value);
  EXPECT_EQ(fits({{"form", {{"scope", {{"re", GetParam().pattern}}}}}}, one), GetParam().fits);
}
INSTANTIATE_TEST_SUITE_P(EcmaScript, PatternTest,
                         testing::Values(PatternCase{"b", "abc", true}, PatternCase{"^b", "abc", false},
                                         PatternCase{"^a|z", "abc", true}, PatternCase{"z|c$", "abc", true},
                                         PatternCase{"c$", "abcd", false}, PatternCase{"^b", "a\nb", false},
                                         PatternCase{"b", "a\nb\nc", true}, PatternCase{"a.b", "a\nb", false},
                                         PatternCase{"", "abc", true}, PatternCase{"^abc$", "abc", true},
                                         PatternCase{"(?=b)b", "abc", true}, PatternCase{"a(?!b)", "abc", false}));

TEST(ExchangeMatchTest, APatternIsOneByItself) {
  for (const char* pattern : {"a)(b", "a)|(b", "(", "a\\"}) {
    EXPECT_FALSE(ExchangeMatch::parse({{"path", {{"re", pattern}}}})) << pattern;
  }
}

TEST(ExchangeMatchTest, EveryMemberMustHold) {
  EXPECT_TRUE(fits(Json::object()));
  EXPECT_TRUE(fits({{"endpoint", "token"}, {"grant", "refresh_token"}, {"status", 200}, {"dropped", false}}));
  EXPECT_FALSE(fits({{"endpoint", "token"}, {"grant", "device_code"}}));
  EXPECT_TRUE(fits({{"form", {{"refresh_token", "rt#2"}}}}));
  EXPECT_FALSE(fits({{"form", {{"refresh_token", "rt#3"}}}}));
  EXPECT_TRUE(fits({{"reply", {{"expires_in", 3600}}}}));
}

TEST(ExchangeMatchTest, HeaderNamesHaveNoCaseAndParametersDo) {
  EXPECT_TRUE(fits({{"headers", {{"content-TYPE", "application/x-www-form-urlencoded"}}}}));
  EXPECT_FALSE(fits({{"form", {{"SCOPE", "openid api"}}}}));
}

TEST(ExchangeMatchTest, KnowsPatternsPresenceAndAbsence) {
  EXPECT_TRUE(fits({{"form", {{"scope", {{"re", "\\bapi$"}}}}}}));
  EXPECT_FALSE(fits({{"form", {{"scope", {{"re", "^api"}}}}}}));
  EXPECT_TRUE(fits({{"form", {{"scope", {{"any", true}}}, {"audience", {{"absent", true}}}}}}));
  EXPECT_FALSE(fits({{"form", {{"scope", {{"absent", true}}}}}}));
  EXPECT_FALSE(fits({{"form", {{"audience", {{"any", true}}}}}}));
}

TEST(ExchangeMatchTest, AStatusMayStandForItsHundred) {
  EXPECT_TRUE(fits({{"status", "4xx"}}, exchange(1, 0s, "refresh_token", 429)));
  EXPECT_FALSE(fits({{"status", "4xx"}}, exchange(1, 0s, "refresh_token", 503)));
}

TEST(ExchangeMatchTest, SinceLeavesOutWhatCameBefore) {
  EXPECT_FALSE(fits({{"since", 2}}));
  EXPECT_TRUE(fits({{"since", 1}}));
}

TEST(ExchangeMatchTest, ABadPatternIsToldByItsPlace) {
  const auto match = ExchangeMatch::parse({{"form", {{"scope", {{"re", "("}}}}}});
  ASSERT_FALSE(match);
  EXPECT_EQ(match.error().code, oidc::Errc::kBadInput);
  EXPECT_THAT(match.error().message, testing::StartsWith("/form/scope/re: "));
}

TEST(ExchangeMatchTest, AClientChoosesHowLongAValueIsAndPatternsBearIt) {
  Exchange one = exchange(2, 0s);
  one.form = {{"scope", std::string(200'000, 'a')}};
  EXPECT_TRUE(fits({{"form", {{"scope", {{"re", "^(a|b)*$"}}}}}}, one));
  EXPECT_FALSE(fits({{"form", {{"scope", {{"re", "^(a|b)*c$"}}}}}}, one));
}

TEST(ExchangeMatchTest, APatternThatIsTooLongOrRefersBackIsRefused) {
  for (const std::string& pattern : {std::string(100'000, '(') + std::string(100'000, ')'), std::string{"(a)\\1"}}) {
    const auto match = ExchangeMatch::parse({{"path", {{"re", pattern}}}});
    ASSERT_FALSE(match);
    EXPECT_THAT(match.error().message, HasSubstr("/path/re: "));
  }
}

TEST(ExchangeMatchTest, DifferencesNameFieldExpectedAndActual) {
  const auto match =
      ExchangeMatch::parse({{"grant", "device_code"}, {"form", {{"scope", {{"re", "^x"}}}, {"audience", "api"}}}});
  const auto found = match->differences(exchange(2, 0s));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(to_json(found[0]), Json({{"field", "form.audience"}, {"expected", "api"}, {"actual", "absent"}}));
  EXPECT_EQ(to_json(found[1]), Json({{"field", "form.scope"}, {"expected", "/^x/"}, {"actual", "openid api"}}));
  EXPECT_EQ(to_json(found[2]), Json({{"field", "grant"}, {"expected", "device_code"}, {"actual", "refresh_token"}}));
}

class JudgeTest : public testing::Test {
 protected:
  Judgement judged(const Json& json) { return judge(parse_expectation(json).value(), exchanges_); }

  /// Refreshes at 0, 3 and 10 seconds, the second one in vain.
  std::vector<Exchange> exchanges_{exchange(1, 0s), exchange(2, 3s, "refresh_token", 400), exchange(5, 10s)};
  Json refresh_ = {{"endpoint", "token"}, {"grant", "refresh_token"}};
};

TEST_F(JudgeTest, CountsInEveryForm) {
  for (const Json& good : {Json(3), Json("3"), Json(">=3"), Json("<=3"), Json("2..4")}) {
    EXPECT_TRUE(judged({{"match", refresh_}, {"count", good}}).ok()) << good;
  }
  for (const Json& bad : {Json(2), Json("4"), Json(">=4"), Json("<=2"), Json("4..9"), Json("0..2")}) {
    EXPECT_FALSE(judged({{"match", refresh_}, {"count", bad}}).ok()) << bad;
  }
  EXPECT_THAT(judged({{"match", refresh_}}).matched, ElementsAre(1, 2, 5));
}

TEST_F(JudgeTest, WithoutCountOneIsEnoughAndNoneIsNot) {
  EXPECT_TRUE(judged({{"match", {{"status", 400}}}}).ok());
  const auto nothing = judged({{"match", {{"status", 503}}}});
  EXPECT_THAT(nothing.problems, ElementsAre("0 requests matched, expected at least 1"));
}

TEST_F(JudgeTest, TheClosestExchangesComeFirstAmongTheNearMisses) {
  exchanges_.push_back(exchange(6, 11s, "device_code", 400));
  exchanges_.back().endpoint = "revoke";
  const auto judgement = judged({{"match", {{"endpoint", "token"}, {"status", 400}, {"client", "service"}}}});
  ASSERT_EQ(judgement.near_misses.size(), 3U);
  EXPECT_EQ(judgement.near_misses[0].at("seq"), 2);
  EXPECT_EQ(judgement.near_misses[0].at("differences"),
            Json::array({{{"field", "client"}, {"expected", "service"}, {"actual", "app"}}}));
  EXPECT_EQ(judgement.near_misses[1].at("seq"), 1);
}

TEST_F(JudgeTest, ThoseThatMatchedAreNamed) {
  EXPECT_THAT(judged({{"match", refresh_}, {"count", 1}}).problems,
              ElementsAre("3 requests matched (1, 2, 5), expected 1"));
}

TEST_F(JudgeTest, OfManyGapsTheFirstAreTold) {
  exchanges_.clear();
  for (std::size_t seq = 1; seq <= 100; ++seq) {
    exchanges_.push_back(exchange(seq, 0s));
  }
  const auto problems = judged({{"match", refresh_}, {"count", "1..9"}, {"min_gap", 5}}).problems;
  EXPECT_THAT(problems,
              ElementsAre("100 requests matched (1, 2, 3, 4, 5, ...), expected 1 to 9", HasSubstr("between 1 and 2"),
                          HasSubstr("between 2 and 3"), HasSubstr("between 3 and 4"), "and 96 more gaps"));
}

TEST_F(JudgeTest, TooManyIsNoNearMiss) {
  EXPECT_TRUE(judged({{"match", refresh_}, {"count", 1}}).near_misses.empty());
}

TEST_F(JudgeTest, TimesAreThoseBetweenArrivals) {
  EXPECT_TRUE(judged({{"match", refresh_}, {"min_gap", 3}, {"max_gap", 7}, {"within", 10}}).ok());
  EXPECT_THAT(judged({{"match", refresh_}, {"min_gap", 3.5}}).problems,
              ElementsAre("between 1 and 2 passed 3 s, expected at least 3.500 s"));
  EXPECT_THAT(judged({{"match", refresh_}, {"max_gap", 6}}).problems, ElementsAre(HasSubstr("between 2 and 5")));
  EXPECT_THAT(judged({{"match", refresh_}, {"within", 9}}).problems, ElementsAre(HasSubstr("passed 10 s")));
}

TEST_F(JudgeTest, AnOrderIsOneAfterTheOther) {
  const Json good = {{"status", 200}};
  const Json bad = {{"status", 400}};
  EXPECT_THAT(judged({{"order", {good, bad, good}}}).matched, ElementsAre(1, 2, 5));
  const auto judgement = judged({{"order", {bad, good, good}}});
  EXPECT_THAT(judgement.problems, ElementsAre("no request fits number 3 of the order after 5"));
}

TEST_F(JudgeTest, AnOrderSaysItselfWhatIsMeant) {
  EXPECT_FALSE(parse_expectation({{"order", {Json::object()}}, {"count", 2}}));
  EXPECT_FALSE(parse_expectation({{"count", "5..2"}}));
}

}  // namespace
}  // namespace mockserver::test
