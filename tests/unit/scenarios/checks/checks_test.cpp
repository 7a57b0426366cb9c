#include <gmock/gmock.h>

#include "checks/check.hpp"

namespace scenarios {
namespace {

using oidc::Json;
using ::testing::HasSubstr;

/// A hand-made run: one discovery, three token requests at 0, 5 and 15 s, one file.
class ChecksTest : public ::testing::Test {
 protected:
  ChecksTest() {
    const oidc::TimePoint now{};
    ledger_.record("rt", "refresh-token-one", "", now);
    ledger_.record("rt", "refresh-token-two", "rt#1", now);
    evidence_.ledger = &ledger_;
    add("discovery", "", 0, {});
    add("token", "device_code", 0, {{"device_code", "dc#1"}, {"scope", "api"}});
    add("token", "refresh_token", 5, {{"refresh_token", "rt#1"}});
    add("token", "refresh_token", 15, {{"refresh_token", "rt#2"}, {"client_id", "app"}});
    evidence_.exchanges.back().status = 400;
    evidence_.exchanges.back().reply_body = R"({"error":"invalid_grant"})";
    evidence_.records = {{1, "login", {}, {}, "ok", 1, 2}, {2, "advance", {}, {}, "", 0, 0}};
    evidence_.storage_after = {{"./", {"0700", ""}},
                               {"auth/", {"0700", ""}},
                               {"auth/token.json", {"0600", R"({"refresh_token":"refresh-token-two","x":1})"}},
                               {"auth/token.json.lock", {"0600", ""}}};
    evidence_.storage_before = evidence_.storage_after;
    evidence_.live_tokens = {"rt#2"};
    evidence_.virtual_time = std::chrono::seconds{10};
  }

  void add(const std::string& endpoint, const std::string& grant, int seconds, oidc::Form form) {
    mockserver::Exchange exchange;
    exchange.seq = evidence_.exchanges.size() + 1;
    exchange.endpoint = endpoint;
    exchange.grant = grant;
    exchange.offset = std::chrono::seconds{seconds};
    exchange.form = std::move(form);
    exchange.status = 200;
    evidence_.exchanges.push_back(exchange);
  }

  mockserver::Ledger ledger_;
  Evidence evidence_;
};

struct Case {
  const char* name;
  Judge judge;
  const char* body;
  Verdict verdict;
  const char* observed;
};

class CheckKindTest : public ChecksTest, public ::testing::WithParamInterface<Case> {};

TEST_P(CheckKindTest, JudgesAndSaysWhatItSaw) {
  const Judgement judgement = GetParam().judge(Json::parse(GetParam().body), evidence_);
  EXPECT_EQ(to_string(judgement.verdict), to_string(GetParam().verdict));
  EXPECT_THAT(judgement.observed, HasSubstr(GetParam().observed));
  EXPECT_EQ(judgement.expected.find('\n') + judgement.observed.find('\n'), 2 * std::string::npos);
}

constexpr Case kRequests[] = {
    {"Count", judge_requests, R"({"to":"token","count":3})", Verdict::kPass, "3: #2 t=0 device_code dc#1 -> 200"},
    {"CountMissed", judge_requests, R"({"to":"token","count":2})", Verdict::kFail,
     "#4 t=15 refresh_token rt#2 -> 400 invalid_grant"},
    {"CountOfGrant", judge_requests, R"({"to":"token","grant":"refresh_token","count":2})", Verdict::kPass, ""},
    {"CountAnywhere", judge_requests, R"({"count":4})", Verdict::kPass, ""},
    {"CountDuringStep", judge_requests, R"({"to":"token","during":1,"count":1})", Verdict::kPass, "#2"},
    {"CountDuringQuietStep", judge_requests, R"({"to":"token","during":2,"count":0})", Verdict::kPass, "none"},
    {"CountZero", judge_requests, R"({"to":"jwks","count":0})", Verdict::kPass, "none"},
    {"FormOfNth", judge_requests, R"({"to":"token","nth":3,"form":{"refresh_token":"rt#2"}})", Verdict::kPass, ""},
    {"FormOfNthMissed", judge_requests, R"({"to":"token","nth":2,"form":{"refresh_token":"rt#2"}})", Verdict::kFail,
     "with refresh_token=rt#1"},
    {"FormOfAll", judge_requests, R"({"to":"token","grant":"refresh_token","form":{"refresh_token":{"re":"^rt#"}}})",
     Verdict::kPass, ""},
    {"FormOfAllMissed", judge_requests, R"({"to":"token","form":{"client_id":"app"}})", Verdict::kFail,
     "with client_id=absent"},
    {"AbsentField", judge_requests, R"({"to":"token","grant":"refresh_token","absent":["scope"]})", Verdict::kPass, ""},
    {"AbsentFieldThere", judge_requests, R"({"to":"token","absent":["scope"]})", Verdict::kFail, "with scope=api"},
    {"EmptySelection", judge_requests, R"({"to":"jwks","form":{"a":"b"}})", Verdict::kFail, "none"},
    {"TooFewForNth", judge_requests, R"({"to":"token","nth":4,"absent":["x"]})", Verdict::kFail, "3: "},
    {"Gaps", judge_requests, R"({"to":"token","gaps":{"2":5,"3":">=10"}})", Verdict::kPass, ""},
    {"GapMissed", judge_requests, R"({"to":"token","gaps":{"2":">=6"}})", Verdict::kFail, "5 s before #3"},
    {"AllGaps", judge_requests, R"({"to":"token","gaps":">=5"})", Verdict::kPass, ""},
    {"AllGapsMissed", judge_requests, R"({"to":"token","gaps":">=6"})", Verdict::kFail, "5 s before #3"},
    {"GapOfNone", judge_requests, R"({"to":"discovery","gaps":">=5"})", Verdict::kFail, "1: #1"},
    {"GapBeforeFirst", judge_requests, R"({"to":"token","gaps":{"1":0}})", Verdict::kPass, ""},
};
INSTANTIATE_TEST_SUITE_P(Requests, CheckKindTest, ::testing::ValuesIn(kRequests),
                         [](const auto& test) { return std::string{test.param.name}; });

constexpr Case kOthers[] = {
    {"Order", judge_order, R"(["discovery","token"])", Verdict::kPass, "discovery, then token"},
    {"OrderMissed", judge_order, R"(["token","discovery"])", Verdict::kFail, "discovery, then token"},
    {"OrderCountsWhatItRepeats", judge_order, R"(["discovery","token","token"])", Verdict::kFail,
     "token, then token, then token"},
    {"Time", judge_time, R"("<=10")", Verdict::kPass, "10 s"},
    {"TimeMissed", judge_time, R"("<=9")", Verdict::kFail, "10 s"},
    {"Tokens", judge_tokens, R"({"live":["rt#2"],"dead":["rt#1"]})", Verdict::kPass, "rt#2"},
    {"TokensMissed", judge_tokens, R"({"live":["rt#1"]})", Verdict::kFail, "live: rt#2"},
    {"TokensDeadButLive", judge_tokens, R"({"dead":["rt#2"]})", Verdict::kFail, "live: rt#2"},
    {"TokensNeverIssued", judge_tokens, R"({"dead":["rt#7"]})", Verdict::kNotReached, "rt#7 was never issued"},
    {"Contains", judge_storage, R"({"contains":["rt#2"],"absent":["rt#1"]})", Verdict::kPass, ""},
    {"ContainsMissed", judge_storage, R"({"contains":["rt#1"]})", Verdict::kFail, "rt#2 in auth/ (0700)"},
    {"ContainsNeverIssued", judge_storage, R"({"contains":["rt#7"]})", Verdict::kFail, "rt#7 was never issued"},
    {"AbsentThere", judge_storage, R"({"absent":["rt#2"]})", Verdict::kFail, "rt#2 in"},
    {"AbsentNeverIssued", judge_storage, R"({"absent":["rt#7"]})", Verdict::kNotReached, "rt#7 was never issued"},
    {"Modes", judge_storage, R"({"mode":"0600","dir_mode":"0700"})", Verdict::kPass, ""},
    {"ModeMissed", judge_storage, R"({"mode":"0640"})", Verdict::kFail, "auth/token.json has mode 0600"},
    {"DirModeMissed", judge_storage, R"({"dir_mode":"0755"})", Verdict::kFail, "has mode 0700"},
    {"Exists", judge_storage, R"({"exists":true,"parses":true,"unchanged":true})", Verdict::kPass, ""},
    {"ExistsUnwanted", judge_storage, R"({"exists":false})", Verdict::kFail, "auth/token.json"},
    {"Json", judge_storage, R"({"json":{"refresh_token":"rt#2"}})", Verdict::kPass, ""},
    {"JsonMissed", judge_storage, R"({"json":{"x":2}})", Verdict::kFail, R"("x":1)"},
};
INSTANTIATE_TEST_SUITE_P(Others, CheckKindTest, ::testing::ValuesIn(kOthers),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(ChecksTest, StorageThatChangedOrDoesNotParseFails) {
  evidence_.storage_after["auth/token.json"].text = "{ broken";
  EXPECT_EQ(judge_storage({{"parses", true}}, evidence_).verdict, Verdict::kFail);
  EXPECT_EQ(judge_storage({{"unchanged", true}}, evidence_).verdict, Verdict::kFail);
  evidence_.storage_after.erase("auth/token.json");
  EXPECT_EQ(judge_storage({{"parses", true}}, evidence_).verdict, Verdict::kFail);
  EXPECT_EQ(judge_storage({{"unchanged", true}}, evidence_).verdict, Verdict::kFail);
}

TEST_F(ChecksTest, ARepeatedFieldIsNoMatch) {
  evidence_.exchanges[2].form.add("refresh_token", "rt#1");
  const Json body = Json::parse(R"({"to":"token","nth":2,"form":{"refresh_token":"rt#1"}})");
  EXPECT_THAT(judge_requests(body, evidence_).observed, HasSubstr("repeated"));
}

CheckResult implicit(const Evidence& evidence, const std::string& check) {
  for (const CheckResult& result : judge_implicit(evidence)) {
    if (result.check == check) {
      return result;
    }
  }
  throw std::logic_error{"no check " + check};
}

TEST_F(ChecksTest, SecretsAreFoundWhereverTheyLeak) {
  EXPECT_EQ(implicit(evidence_, "no-secret-in-output").verdict, Verdict::kPass);
  evidence_.output = "using refresh-token-one";
  EXPECT_EQ(implicit(evidence_, "no-secret-in-output").observed, "rt#1 in its output");
  evidence_.output.clear();
  evidence_.messages = {"bad token refresh-token-two"};
  EXPECT_EQ(implicit(evidence_, "no-secret-in-output").observed, "rt#2 in an error message");
  evidence_.messages.clear();
  evidence_.storage_after["refresh-token-two.json"] = {};
  EXPECT_EQ(implicit(evidence_, "no-secret-in-output").verdict, Verdict::kFail);
  evidence_.storage_after.erase("refresh-token-two.json");
  evidence_.client_secrets = {{"service", "s3cr3t:/"}};
  evidence_.output = "POST secret=s3cr3t%3A%2F";
  EXPECT_EQ(implicit(evidence_, "no-secret-in-output").verdict, Verdict::kFail);
}

struct Shown {
  const char* name;
  const char* text;
};
class SecretShapesTest : public ChecksTest, public ::testing::WithParamInterface<Shown> {};

TEST_P(SecretShapesTest, AreFoundAndReplacedByTheName) {
  const std::string secret = "s3:/%\xc3\xa9 +\"~";
  ledger_.record("secret", secret, "", oidc::TimePoint{});
  evidence_.client_secrets = {{"app", ""}, {"my service", secret}};
  evidence_.output = std::string{"<"} + GetParam().text + ">";
  EXPECT_EQ(implicit(evidence_, "no-secret-in-output").observed, "secret#1 in its output");
  EXPECT_EQ((Secrets{ledger_, evidence_.client_secrets}.redact(evidence_.output)), "<secret#1>");
}

// base64 by coreutils' base64, encodings by Python's urllib and json.
constexpr Shown kShapes[] = {
    {"Raw", "s3:/%\xc3\xa9 +\"~"},
    {"FormOfBrowsers", "s3%3A%2F%25%C3%A9+%2B%22%7E"},
    {"FormOfPython", "s3%3A%2F%25%C3%A9+%2B%22~"},
    {"Percent", "s3%3A%2F%25%C3%A9%20%2B%22~"},
    {"PercentInSmallLetters", "s3%3a%2f%25%c3%a9%20%2b%22~"},
    {"Json", "s3:/%\xc3\xa9 +\\\"~"},
    {"JsonInAscii", "s3:/%\\u00e9 +\\\"~"},
    {"JsonOfPhp", "s3:\\/%\\u00e9 +\\\"~"},
    {"BasicOfForms", "bXkrc2VydmljZTpzMyUzQSUyRiUyNSVDMyVBOSslMkIlMjJ+"},
    {"BasicUnpadded", "bXkgc2VydmljZTpzMzovJcOpICsifg"},
    {"BasicOfPercent", "bXklMjBzZXJ2aWNlOnMzJTNBJTJGJTI1JUMzJUE5JTIwJTJCJTIyfg=="},
    {"BasicRaw", "bXkgc2VydmljZTpzMzovJcOpICsifg=="},
};
INSTANTIATE_TEST_SUITE_P(Secrets, SecretShapesTest, ::testing::ValuesIn(kShapes),
                         [](const auto& shape) { return std::string{shape.param.name}; });

TEST_F(ChecksTest, UserCodesMayBeShown) {
  ledger_.record("uc", "ABCD-EFGH", "", oidc::TimePoint{});
  evidence_.output = "enter ABCD-EFGH";
  EXPECT_EQ(implicit(evidence_, "no-secret-in-output").verdict, Verdict::kPass);
}

TEST_F(ChecksTest, TheOtherImplicitChecksCanFail) {
  add("", "", 20, {});
  evidence_.undelivered = {"step-1"};
  evidence_.unclean_exits = {{Broken::Who::kSut, "killed by signal 11"}};
  EXPECT_EQ(implicit(evidence_, "no-unscripted-request").verdict, Verdict::kFail);
  EXPECT_EQ(implicit(evidence_, "every-step-delivered").observed, "not step-1");
  EXPECT_EQ(implicit(evidence_, "clean-exit").verdict, Verdict::kErrorSut);
}

TEST_F(ChecksTest, ErrorsOfUntypedClientsAreObserved) {
  const ResultExpectation expected{false, {{"kind", "denied"}}};
  const std::vector<CallResult> results = {Err{"other", true, "", 0, "", ""}};
  EXPECT_EQ(judge_results(expected, results, evidence_).verdict, Verdict::kFail);
  evidence_.typed_errors = false;
  EXPECT_EQ(judge_results(expected, results, evidence_).verdict, Verdict::kObserved);
  EXPECT_EQ(judge_results(expected, {Ok{}}, evidence_).verdict, Verdict::kFail);
}

TEST_F(ChecksTest, OneOfManyResultsIsEnoughToFail) {
  const ResultExpectation expected{true, {{"access_token", "at#2"}}};
  const CallResult good = Ok{{{"access_token", "at#2"}}};
  const CallResult bad = Ok{{{"access_token", "at#3"}}};
  EXPECT_EQ(judge_results(expected, {good, good}, evidence_).verdict, Verdict::kPass);
  const Judgement judgement = judge_results(expected, {good, bad, good}, evidence_);
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_THAT(judgement.observed, HasSubstr("2 x ok"));
}

TEST(Verdicts, TheWorstDecides) {
  EXPECT_EQ(worse_of(Verdict::kPass, Verdict::kNotReached), Verdict::kNotReached);
  EXPECT_EQ(worse_of(Verdict::kFail, Verdict::kNotReached), Verdict::kFail);
  EXPECT_EQ(worse_of(Verdict::kFail, Verdict::kErrorSut), Verdict::kErrorSut);
  EXPECT_EQ(to_string(Verdict::kErrorAdapter), "ERROR(adapter)");
}

TEST(Describe, ShowsTheMessageOfAnErrorThatHasNoKind) {
  EXPECT_EQ(describe(CallResult{Err{"other", true, "", 0, "", "KeyError:\n'x'"}}), "err other: KeyError: 'x'");
  EXPECT_EQ(describe(CallResult{Err{"denied", true, "", 0, "", "no"}}), "err denied");
}

}  // namespace
}  // namespace scenarios
