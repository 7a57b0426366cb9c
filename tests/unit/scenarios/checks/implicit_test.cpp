#include "checks/decide.hpp"
#include "hand_made_run.hpp"

namespace scenarios {
namespace {

/// The hand-made run, judged by nothing that anybody documented: each breach is taken for one of a MUST.
class ImplicitTest : public ChecksTest {
 protected:
  CheckResult implicit(const std::string& check) {
    const Bench bench{rules_, own_, {evidence_.hello, evidence_.exchanges}};
    for (const CheckResult& result : judge_implicit(evidence_, bench)) {
      if (result.check == check) {
        return result;
      }
    }
    throw std::logic_error{"no check " + check};
  }

  Rules rules_;
  Statements own_;
};

TEST_F(ImplicitTest, SecretsAreFoundWhereverTheyLeak) {
  EXPECT_EQ(implicit("no-secret-in-output").verdict, Verdict::kPass);
  evidence_.output = "using refresh-token-one";
  EXPECT_EQ(implicit("no-secret-in-output").observed, "rt#1 in its output");
  evidence_.output.clear();
  evidence_.messages = {"bad token refresh-token-two"};
  EXPECT_EQ(implicit("no-secret-in-output").observed, "rt#2 in an error message");
  evidence_.messages.clear();
  evidence_.storage_after["refresh-token-two.json"] = {};
  EXPECT_EQ(implicit("no-secret-in-output").observed, "rt#2 in a file name");
  evidence_.storage_after.erase("refresh-token-two.json");
  evidence_.client_secrets = {{"service", "s3cr3t:/"}};
  evidence_.output = "POST secret=s3cr3t%3A%2F";
  EXPECT_EQ(implicit("no-secret-in-output").verdict, Verdict::kFail);
}

struct Shown {
  const char* name;
  const char* text;
};
class SecretShapesTest : public ImplicitTest, public ::testing::WithParamInterface<Shown> {};

TEST_P(SecretShapesTest, AreFoundAndReplacedByTheName) {
  const std::string secret = "s3:/%\xc3\xa9 +\"~";
  ledger_.record("secret", secret, "", oidc::TimePoint{});
  evidence_.client_secrets = {{"app", ""}, {"my service", secret}};
  evidence_.output = std::string{"<"} + GetParam().text + ">";
  EXPECT_EQ(implicit("no-secret-in-output").observed, "secret#1 in its output");
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

/// The token refresh-token-two, by coreutils' xxd and base64.
class CodedTokenTest : public ImplicitTest, public ::testing::WithParamInterface<Shown> {};

TEST_P(CodedTokenTest, IsFoundAndNotReported) {
  evidence_.output = std::string{"<"} + GetParam().text + ">";
  EXPECT_EQ(implicit("no-secret-in-output").observed, "rt#2 in its output");
  const std::string reported = Secrets{ledger_, evidence_.client_secrets}.redact(evidence_.output);
  EXPECT_NE(reported.find("rt#2"), std::string::npos);
  EXPECT_LT(reported.size(), 20U) << reported;
}

constexpr Shown kCodings[] = {
    {"Hex", "726566726573682d746f6b656e2d74776f"},
    {"HexInCapitals", "726566726573682D746F6B656E2D74776F"},
    {"HexInBlocks", "7265 6672 6573 682d 746f 6b65 6e2d 7477 6f"},
    {"Base64", "cmVmcmVzaC10b2tlbi10d28="},
    {"Base64After1", "eHJlZnJlc2gtdG9rZW4tdHdv"},
    {"Base64After2", "eHhyZWZyZXNoLXRva2VuLXR3bw=="},
    {"SplitOverLines", "refresh-to\nken-two"},
    {"SplitWithIndentation", "refresh-\r\n   token-\r\n   two"},
    {"Base64OverLines", "cmVmcmVza\nC10b2tlbi\n10d28="},
};
INSTANTIATE_TEST_SUITE_P(Secrets, CodedTokenTest, ::testing::ValuesIn(kCodings),
                         [](const auto& shape) { return std::string{shape.param.name}; });

TEST_F(ImplicitTest, Base64OfUrlsIsFoundToo) {
  evidence_.client_secrets = {{"app", "\xFB\xEF\xBE\xFB\xEF\xBE\xFF\xFF\xFF"}};
  for (const char* shape : {"++++++++////", "--------____"}) {
    evidence_.output = shape;
    EXPECT_EQ(implicit("no-secret-in-output").observed, "the secret of app in its output") << shape;
  }
}

TEST_F(ImplicitTest, AShortWordIsNotFoundInPieces) {
  evidence_.client_secrets = {{"app", "no such word"}};
  evidence_.output = "no\nsuch\nword, 6e6f";
  EXPECT_EQ(implicit("no-secret-in-output").verdict, Verdict::kPass);
}

TEST_F(ImplicitTest, UserCodesMayBeShown) {
  ledger_.record("uc", "ABCD-EFGH", "", oidc::TimePoint{});
  evidence_.output = "enter ABCD-EFGH";
  EXPECT_EQ(implicit("no-secret-in-output").verdict, Verdict::kPass);
}

TEST_F(ImplicitTest, ARequestElsewhereIsToldAndOneThatCarriesASecretIsCharged) {
  EXPECT_EQ(implicit("no-unscripted-request").observed, "all 4 requests do");
  add("", "", 20, {});
  EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kObserved);
  EXPECT_EQ(implicit("no-unscripted-request").observed.substr(0, 5), "1: #5");
  add("", "", 21, {{"token", "rt#1"}});
  EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kFail);
}

TEST_F(ImplicitTest, AUserCodeElsewhereIsNoSecret) {
  ledger_.record("uc", "ABCD-EFGH", "", oidc::TimePoint{});
  add("", "", 20, {{"code", "uc#1"}});
  EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kObserved);
}

TEST_F(ImplicitTest, AnUncleanExitIsAnErrorOfWhoeverDied) {
  EXPECT_EQ(implicit("clean-exit").verdict, Verdict::kPass);
  evidence_.unclean_exits = {{Broken::Who::kSut, "killed by signal 11"}};
  EXPECT_EQ(implicit("clean-exit").verdict, Verdict::kErrorSut);
  EXPECT_EQ(implicit("clean-exit").observed, "killed by signal 11");
  evidence_.unclean_exits = {{Broken::Who::kAdapter, "not JSON"}};
  EXPECT_EQ(implicit("clean-exit").verdict, Verdict::kErrorAdapter);
}

TEST_F(ImplicitTest, EachOneJudgesStatementsThatTheProjectDocuments) {
  const auto statements = load_statements(std::string{ASSAY_SOURCE_DIR} + "/conformance/statements");
  ASSERT_TRUE(statements) << statements.error().message;
  for (const ImplicitCheck& one : implicit_checks()) {
    EXPECT_EQ(implicit(std::string{one.id}).statement, one.statements.front());
    for (const std::string& id : one.statements) {
      EXPECT_TRUE(statements->contains(id)) << id;
    }
  }
}

TEST_F(ImplicitTest, AProductsStatementChargesNobodyElse) {
  rules_ = made::rules({made::statement("SEC-001", BookKind::kProduct), made::statement("SEC-002", BookKind::kProduct),
                        made::statement("PRACTICE-NO-TOKENS-IN-LOGS", BookKind::kPractice),
                        made::statement("PRACTICE-NO-TOKENS-IN-ERRORS", BookKind::kPractice)});
  EXPECT_EQ(implicit("clean-exit").verdict, Verdict::kNotApplicable);
  evidence_.output = "using refresh-token-one";
  EXPECT_EQ(implicit("no-secret-in-output").verdict, Verdict::kAdvice);
  evidence_.hello.books = {"product"};
  EXPECT_EQ(implicit("no-secret-in-output").statement, "SEC-001");
  EXPECT_EQ(implicit("no-secret-in-output").verdict, Verdict::kFail);
  EXPECT_EQ(implicit("clean-exit").verdict, Verdict::kPass);
}

TEST_F(ImplicitTest, ABreakdownIsToldOfEverybody) {
  rules_ = made::rules({made::statement("SEC-002", BookKind::kProduct)});
  evidence_.unclean_exits = {{Broken::Who::kSut, "killed by signal 11"}};
  EXPECT_EQ(implicit("clean-exit").verdict, Verdict::kErrorSut);
}

TEST_F(ImplicitTest, OnlyAProductForbidsToAskElsewhere) {
  rules_ = made::rules({made::statement("SEC-003", BookKind::kProduct),
                        made::statement("PRACTICE-NO-CREDENTIALS-TO-OTHER-ORIGINS", BookKind::kPractice)});
  add("", "", 20, {});
  EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kObserved);
  evidence_.hello.books = {"product"};
  EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kFail);
  EXPECT_EQ(implicit("no-unscripted-request").statement, "SEC-003");
}

TEST_F(ImplicitTest, WhereAStepSendsTheClientIsNoStrayRequest) {
  add("second_origin", "", 20, {});
  evidence_.exchanges.back().path = "https://elsewhere.test/api";
  evidence_.exchanges.back().headers.add("Authorization", "Bearer rt#1");
  evidence_.asked_for = {"https://elsewhere.test/other"};
  EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kFail);
  evidence_.asked_for = {"https://elsewhere.test/api"};
  EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kPass);
}

TEST_F(ImplicitTest, ElsewhereIsWhereverTheIssuerHasNoEndpoint) {
  for (const char* endpoint : {"", "elsewhere", "second_origin"}) {
    evidence_.exchanges.resize(4);
    add(endpoint, "", 20, {});
    EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kObserved) << endpoint;
    evidence_.exchanges.back().headers.add("Authorization", "Bearer rt#1");
    EXPECT_EQ(implicit("no-unscripted-request").verdict, Verdict::kFail) << endpoint;
  }
}

}  // namespace
}  // namespace scenarios
