#include <gmock/gmock.h>

#include "scenarios/scenario.hpp"

namespace scenarios {
namespace {

using ::testing::HasSubstr;

/// A scenario that is right, and one replacement that spoils it.
constexpr const char* kGood = R"(title: A fresh token is reused
why: needless refreshes wear out the issuer
statements: [RFR-001, RFR-002]
issuer: {lifetimes: {access: 3600}}
client: {flow: code, clock_skew: 5}
session: {issued: -30}
script:
  - {when: {endpoint: token, nth: 1}, do: {status: 503}}
steps:
  - {do: get_access_token, expect: {ok: {access_token: at#1}}}
  - {advance: 15m}
  - {do: validate, mint: {sign: none}, expect: {err: {reason: alg}}, check: refused}
expect:
  - {check: one-refresh, requests: {to: token, count: 1}, because: once is enough}
  - check: paced
    statement: RFR-002
    requests: {to: token, gaps: {2: ">=5"}}
    because: the issuer is busy
reached:
  - {requests: {to: token, count: ">=1"}}
catches: {hasty: paced}
)";

std::string spoil(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const auto position = text.find(from);
  if (position == std::string::npos) {
    throw std::logic_error{"not in the good scenario: " + from};
  }
  return text.replace(position, from.size(), to);
}

TEST(ScenarioErrors, TheGoodScenarioHasNone) {
  const auto scenario = parse_scenario(kGood, "x", "x.yaml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->steps.size(), 3U);
}

struct ErrorCase {
  const char* name;
  const char* from;
  const char* to;
  const char* problem;
};

class ScenarioErrorTest : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(ScenarioErrorTest, IsToldWithItsPlace) {
  const auto scenario = parse_scenario(spoil(GetParam().from, GetParam().to), "x", "x.yaml");
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().code, oidc::Errc::kBadInput);
  EXPECT_THAT(scenario.error().message, HasSubstr(GetParam().problem));
  EXPECT_EQ(scenario.error().message.find('\n'), std::string::npos) << scenario.error().message;
}

constexpr ErrorCase kYamlCases[] = {
    {"DuplicateKey", "why:", "title: B\nwhy:", "x.yaml:2:1: key \"title\" of line 1 is repeated"},
    {"Anchor", "[RFR-001, RFR-002]", "&all [RFR-001, RFR-002]", "x.yaml:3:13: anchors"},
    {"Tag", "session: {", "session: !thing {", "x.yaml:6:10: tags"},
    {"MergeKey", "session: {issued: -30}", "session: {issued: -30, <<: {}}", "x.yaml:6:24: merge keys"},
    {"SecondDocument", "catches: {hasty: paced}\n", "catches: {hasty: paced}\n---\na: 1\n",
     "x.yaml:22:1: a second document"},
    {"Octal", "access: 3600", "access: 0600", "x.yaml:4:30: unquoted 0600 is an octal number"},
    {"Boolean", "why: needless refreshes wear out the issuer", "why: no", "x.yaml:2:6: unquoted no is a boolean"},
    {"BooleanKey", "catches: {hasty: paced}", "catches: {on: paced}", "x.yaml:21:11: unquoted on is a boolean"},
    {"Exponent", "access: 3600", "access: 3e3", "x.yaml:4:30: unquoted 3e3 is a number"},
    {"Date", "why: needless refreshes wear out the issuer", "why: 2030-01-01",
     "x.yaml:2:6: unquoted 2030-01-01 is a date"},
    {"Sexagesimal", "advance: 15m", "advance: 15:00", "x.yaml:11:15: unquoted 15:00 is a number of base 60"},
    {"KeyIsASequence", "catches: {hasty: paced}", "catches: {[a]: paced}",
     "x.yaml:21:11: not readable as YAML: a key must be text"},
    {"Unclosed", "catches: {hasty: paced}", "catches: {hasty: paced", "not readable as YAML"},
};
INSTANTIATE_TEST_SUITE_P(Yaml, ScenarioErrorTest, ::testing::ValuesIn(kYamlCases),
                         [](const auto& test) { return std::string{test.param.name}; });

constexpr ErrorCase kSchemaCases[] = {
    {"UnknownKey", "session:", "sesion:", "x.yaml:6:1: unknown key \"sesion\""},
    {"UnknownKeySuggestion", "session:", "sesion:", "did you mean \"session\"?"},
    {"MissingTitle", "title: A fresh token is reused\n", "", "x.yaml:1:1: "},
    {"UnknownFlow", "flow: code", "flow: kode", "x.yaml:5:16: unknown value \"kode\""},
    {"UnknownOperation", "do: get_access_token", "do: get_acess_token", "did you mean \"get_access_token\"?"},
    {"UnknownVerb", "{advance: 15m}", "{advence: 15m}", "x.yaml:11:5: this step does nothing"},
    {"UnknownEndpoint", "to: token, count: 1", "to: tokn, count: 1", "x.yaml:14:41: unknown value \"tokn\""},
    {"UnknownRequestsKey", "count: 1}", "cuont: 1, count: 1}", "x.yaml:14:48: unknown key \"cuont\""},
    {"UnknownIssuerKey", "lifetimes:", "lifetime:", "x.yaml:4:10: unknown key \"lifetime\""},
    {"UnknownScriptVerb", "do: {status: 503}", "do: {statos: 503}", "did you mean \"status\"?"},
    {"UnknownTokenKey", "mint: {sign: none}", "mint: {sing: none}", "x.yaml:12:27: unknown key \"sing\""},
    {"WrongType", "steps:\n  - {do: get_access_token, expect: {ok: {access_token: at#1}}}", "steps:\n  - 5",
     "x.yaml:10:5: an integer is not allowed here"},
    {"NoSteps",
     "steps:\n  - {do: get_access_token, expect: {ok: {access_token: at#1}}}\n  - {advance: 15m}\n  - {do: validate, "
     "mint: "
     "{sign: none}, expect: {err: {reason: alg}}, check: refused}\n",
     "steps: []\n", "x.yaml:9:8: "},
    {"OkAndErr", "expect: {ok: {access_token: at#1}}", "expect: {ok: {}, err: {}}", "x.yaml:10:36: "},
    {"UnknownState", "{issued: -30}", "{state: old}", "x.yaml:6:18: unknown value \"old\""},
    {"OneOfASingleOne", "expect: {ok: {access_token: at#1}}", "expect: {one_of: [{ok: {}}]}", "x.yaml:10:45: "},
    {"OneOfNonsense", "expect: {ok: {access_token: at#1}}", "expect: {one_of: [{ok: {}}, {okk: {}}]}",
     "unknown key \"okk\""},
    {"AnyAndOk", "expect: {ok: {access_token: at#1}}", "expect: {ok: {}, any: true}", "x.yaml:10:36: "},
    {"LevelOfACheck", "because: once is enough", "level: should, because: once is enough", "unknown key \"level\""},
    {"OwnStatementWithoutText", "statement: RFR-002", "statement: {id: MINE-1, level: MUST}", "x.yaml:16:16: "},
    {"OwnStatementOfAnotherLevel", "statement: RFR-002", "statement: {id: MINE-1, level: MAY, text: t}",
     "unknown value \"MAY\""},
    {"UnknownErrMember", "{reason: alg}", "{raeson: alg}", "x.yaml:12:55: unknown key \"raeson\""},
};
INSTANTIATE_TEST_SUITE_P(Schema, ScenarioErrorTest, ::testing::ValuesIn(kSchemaCases),
                         [](const auto& test) { return std::string{test.param.name}; });

constexpr ErrorCase kMeaningCases[] = {
    {"CheckIdTwice", "check: one-refresh", "check: paced", "x.yaml:15:12: the check id \"paced\" is used twice"},
    {"AfterNobody", "{when: {endpoint: token, nth: 1}, do: {status: 503}}",
     "{id: outage, do: {status: 503}}\n  - {when: {after: outag}, do: {status: 500}}",
     "x.yaml:9:20: no earlier step of the script is \"outag\" (did you mean \"outage\"?)"},
    {"VerbWithoutEffect", "{when: {endpoint: token, nth: 1}, do: {status: 503}}",
     "{when: {endpoint: token}, do: {jwks: empty}}", "has no effect at the endpoint \"token\", only at jwks"},
    {"StatementTwice", "[RFR-001, RFR-002]", "[RFR-001, RFR-002, RFR-001]",
     "x.yaml:3:32: the statement RFR-001 is listed twice"},
    {"UnknownCaught", "hasty: paced", "hasty: paceed",
     "x.yaml:21:18: no such check: \"paceed\" (did you mean \"paced\"?)"},
    {"BadRegex", "{access_token: at#1}", "{access_token: {re: \"(\"}}", "x.yaml:10:61: not a regular expression"},
    {"BackwardsAdvance", "advance: 15m", "advance: -5", "x.yaml:11:15: time passes forwards only"},
    {"EmptyBounds", "\">=5\"", "\"6..5\"", "x.yaml:17:37: the bound \"6..5\" holds for nothing"},
    {"NoSuchStep", "count: 1}", "count: 1, during: 9}", "x.yaml:14:66: there is no step 9: the scenario has 3"},
    {"NothingSaid", "to: token, count: 1", "to: token", "x.yaml:14:36: nothing is said of these requests"},
    {"NthOfNothing", "count: 1}", "count: 1, nth: 2}", "x.yaml:14:63: nth selects a request"},
    {"GrantElsewhere", "to: token, count: 1", "to: jwks, grant: refresh_token, count: 1",
     "x.yaml:14:54: only requests to token have a grant"},
    {"ValidateWhat", "mint: {sign: none}, ", "", "x.yaml:12:5: validate needs either"},
    {"WrongArgument", "{do: get_access_token,", "{do: get_access_token, path: /x,", "takes no \"path\""},
    {"StatementWithoutExpect", "{do: get_access_token, expect: {ok: {access_token: at#1}}}",
     "{do: get_access_token, statement: RFR-001}", "belongs to an expectation"},
    {"SameAsWhat", "{access_token: at#1}", "{access_token: {same_as: code}}", "not the field of a request: \"code\""},
    {"DiffersFromWhat", "{access_token: at#1}", "{access_token: {differs_from: 0.form.state}}",
     "x.yaml:10:71: not the field of a request: \"0.form.state\""},
    {"UnknownCharset", "{access_token: at#1}", "{access_token: {charset: base64}}",
     "unknown charset \"base64\" (expected one of: unreserved, base64url, any)"},
    {"LengthIsText", "{access_token: at#1}", "{access_token: {min_length: \"43\", charset: any}}",
     "not a number of characters: \"43\""},
    {"RestsOnNobody", "check: refused}", "check: refused, rests_on: [step-2, stepp-1]}",
     "no step of the scenario, of its script or of its browser is \"stepp-1\" (did you mean \"step-1\"?)"},
    {"RestsOnACheckOfTheRun", "check: paced\n", "check: paced\n    rests_on: [one-refresh]\n",
     "no step of the scenario, of its script or of its browser is \"one-refresh\""},
    {"GapBeforeTheFirst", "gaps: {2:", "gaps: {1:",
     "nothing comes before the first one: say by \"since\" from which endpoint's request it counts"},
    {"NobodyDeclares", "session: {issued: -30}", "session: {issued: -30}\nneeds: {policy: [refresh_ahed]}",
     "x.yaml:7:18: no client declares \"refresh_ahed\" (did you mean \"refresh_ahead\"?)"},
    {"SeenAndNotDeclared", "session: {issued: -30}", "session: {issued: -30}\nneeds: {policy: [sent_nonce]}",
     "x.yaml:7:18: no client declares \"sent_nonce\""},
    {"ACheckNeedsWhatNobodyDeclares", "check: paced\n", "check: paced\n    needs: {policy: [listen]}\n",
     "no client declares \"listen\" (did you mean \"listens\"?)"},
    {"AgeSaidTwice", "{issued: -30}", "{issued: -30, state: due}", "the tokens' age is said twice"},
    {"RealIssuer", "session: {issued: -30}", "session: {issued: -30}\nreal: {issuer: {lifetimes: {access: -1}}}",
     "x.yaml:7:37: "},
    {"Lasts", "session: {issued: -30}", "session: {issued: -30}\nlasts: 999999999999d", "x.yaml:7:8: "},
    {"PlaceholderInTheScript", "do: {status: 503}", "do: {redirect: {to: \"${isuer}/x\", status: 307}}",
     "there is no placeholder \"isuer\" (expected one of: issuer, origin, second_origin; did you mean \"issuer\"?)"},
    {"PlaceholderInTheIssuer", "{lifetimes: {access: 3600}}", "{metadata: {x: [\"${orign}\"]}}",
     "x.yaml:4:25: there is no placeholder \"orign\""},
    {"PlaceholderInAnArgument", "mint: {sign: none}", "mint: {claims: {iss: \"${second_orgin}\"}}",
     "did you mean \"second_origin\"?"},
    {"PlaceholderInALaterScript", "{advance: 15m}",
     "{issuer: {script: [{do: {redirect: {to: \"${nobody}/x\", status: 307}}}]}}",
     "there is no placeholder \"nobody\" (expected one of: issuer, origin, second_origin)"},
    {"ClientOfNobody", "when: {endpoint: token, nth: 1}", "when: {client: servce}",
     "x.yaml:8:21: no client of the scenario's issuer is \"servce\" (expected one of: app, service, service-post, "
     "service-jwt; did you mean \"service\"?)"},
    {"UserOfNobody", "when: {endpoint: token, nth: 1}", "when: {subject: user-2}",
     "no user or client of the scenario's issuer is \"user-2\" (expected one of: app, service, service-post, "
     "service-jwt, user-1; did you mean \"user-1\"?)"},
    {"MintedForNobody", "mint: {sign: none}", "mint: {client: ap}",
     "no client of the scenario's issuer is \"ap\" (expected one of: app,"},
    {"MintedAboutNobody", "mint: {sign: none}", "mint: {sub: user-2}",
     "no user of the scenario's issuer is \"user-2\" (expected one of: user-1; did you mean \"user-1\"?)"},
    {"ClientOfAnother", "{lifetimes: {access: 3600}}\nclient: {flow: code, clock_skew: 5}",
     "{clients: [{id: svc, auth: client_secret_post, secret: x}]}\nclient: {auth: client_secret_basic}",
     "no client of the scenario's issuer authenticates by \"client_secret_basic\" (expected one of: "
     "client_secret_post"},
    {"PublicClientWithSecret", "{lifetimes: {access: 3600}}", "{clients: [{id: app, secret: x}]}",
     "x.yaml:4:38: a public client"},
};
INSTANTIATE_TEST_SUITE_P(Meaning, ScenarioErrorTest, ::testing::ValuesIn(kMeaningCases),
                         [](const auto& test) { return std::string{test.param.name}; });

std::string problems_of(const std::string& text) {
  const auto scenario = parse_scenario(text, "x", "x.yaml");
  return scenario ? "none" : scenario.error().message;
}

TEST(ScenarioErrors, AStatementThatNoCheckJudgesIsTold) {
  constexpr const char* kChecks =
      "steps: [{do: login}]\nexpect: [{check: a, statement: A, time: 1}, {check: b, statement: [B, C], time: 1}]\n";
  EXPECT_EQ(problems_of(std::string{"title: a\nwhy: b\nstatements: [A, C]\n"} + kChecks), "none");
  EXPECT_EQ(problems_of(std::string{"title: a\nwhy: b\nstatements: [A, D]\n"} + kChecks),
            "x.yaml:3:17: no check judges the statement D");
}

TEST(ScenarioErrors, ACheckThatJudgesNoStatementIsTold) {
  EXPECT_EQ(problems_of("title: a\nwhy: b\nsteps: [{do: login, expect: {ok: {}}}]\n"),
            "x.yaml:3:9: it judges no statement: name one by \"statement\", or by the scenario's \"statements\"");
  EXPECT_EQ(problems_of("title: a\nwhy: b\nsteps: [{do: login, expect: {any: true}}]\n"), "none");
}

TEST(ScenarioErrors, AreAllToldAtOnceInTheOrderOfTheFile) {
  std::string text = spoil("access: 3600", "access: 0600");
  text.replace(text.find("hasty: paced"), 12, "hasty: nobody");
  text.replace(text.find("title:"), 6, "titel:");
  const auto scenario = parse_scenario(text, "x", "x.yaml");
  ASSERT_FALSE(scenario);
  EXPECT_THAT(
      scenario.error().message,
      ::testing::MatchesRegex(
          "x.yaml:1:1: [^\n]*\nx.yaml:1:1: [^\n]*\nx.yaml:4:30: [^\n]*\n(x.yaml:4:30: [^\n]*\n)?x.yaml:21:18: [^\n]*"));
}

TEST(ScenarioErrors, JsonIsReadAlikeAndStrictly) {
  const std::string good = R"({"title": "a", "why": "b", "statements": ["S"],
    "steps": [{"do": "login", "expect": {"ok": {}}}]})";
  EXPECT_TRUE(parse_scenario(good, "x", "x.json"));
  const auto unknown = parse_scenario("{\"title\": \"a\",\n  \"whyy\": 5}", "x", "x.json");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("x.json:2:3: unknown key \"whyy\""));
  const auto broken = parse_scenario("{\"title\": \"a\",\n  why: 5}", "x", "x.json");
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, HasSubstr("x.json:2:"));
  const auto twice = parse_scenario("{\"title\": \"a\",\n  \"title\": 5}", "x", "x.json");
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message, HasSubstr("x.json:2:3: key \"title\" of line 1 is repeated"));
}

TEST(ScenarioErrors, AfterASyntaxErrorNothingElseIsTold) {
  const auto message = [](const char* text, const char* file) {
    const auto scenario = parse_scenario(text, "x", file);
    return scenario ? std::string{"none"} : scenario.error().message;
  };
  EXPECT_EQ(message("title: \"A thing\nwhy: b\nsteps:\n  - {do: login}\n", "x.yaml"),
            "x.yaml:1:8: not readable as YAML: this text has no closing quote");
  EXPECT_EQ(message("title: a\nwhy: 'it\nsteps: []\n", "x.yaml"),
            "x.yaml:2:6: not readable as YAML: this text has no closing quote");
  EXPECT_EQ(message("title: x\na: [1\n", "x.yaml"), "x.yaml:3:1: not readable as YAML: end of sequence flow not found");
  EXPECT_EQ(message("{\"a\": [1", "x.json"), "x.json:1:9: not JSON at byte 9");
}

TEST(ScenarioErrors, ALongNameOfAFieldIsRead) {
  const std::string name(1024 * 1024, 'a');
  const auto scenario =
      parse_scenario(spoil("{access_token: at#1}", "{access_token: {same_as: 1.form." + name + "}}"), "x", "x.yaml");
  EXPECT_TRUE(scenario) << scenario.error().message;
}

TEST(ScenarioErrors, AnEmptyFileSaysSo) {
  const auto scenario = parse_scenario("", "x", "x.yaml");
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().message, "x.yaml:1:1: the file is empty");
}

TEST(ScenarioErrors, PlacesCountBytesAfterOtherLetters) {
  const auto scenario = parse_scenario(spoil("[RFR-001, RFR-002]", "[\"§é\", &a RFR-002]"), "x", "x.yaml");
  ASSERT_FALSE(scenario);
  EXPECT_THAT(scenario.error().message, HasSubstr("anchors"));
}

}  // namespace
}  // namespace scenarios
