#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "sample_report.hpp"

namespace conformance {
namespace {

using scenarios::Verdict;
using testing::HasSubstr;
using testing_support::golden;
using testing_support::of_verdicts;
using testing_support::sample_report;

TEST(Junit, LooksLikeTheGoldenFile) {
  const std::string text = to_junit(sample_report());
  EXPECT_EQ(text, golden("junit.xml", text));
}

/// What JUnit says of a check with that verdict: "failure conformance", "skipped", "passed".
std::string junit_word(Verdict verdict, bool strict = false, const std::string& expect = "") {
  Report report = of_verdicts({verdict});
  report.strict = strict;
  report.expect = expect;
  pugi::xml_document document;
  const std::string text = to_junit(report);
  EXPECT_TRUE(document.load_string(text.c_str()));
  const pugi::xml_node suite = document.child("testsuites").child("testsuite");
  for (const char* word : {"failure", "error", "skipped"}) {
    const pugi::xml_node result = suite.child("testcase").child(word);
    const std::string plural = std::string{word} + (std::string{word} == "skipped" ? "" : "s");
    EXPECT_EQ(suite.attribute(plural.c_str()).as_int(), result.empty() ? 0 : 1) << word;
    if (!result.empty()) {
      const std::string type = result.attribute("type").value();
      return word + (type.empty() ? "" : " " + type);
    }
  }
  return "passed";
}

TEST(Junit, HasAWordForEachVerdict) {
  EXPECT_EQ(junit_word(Verdict::kPass), "passed");
  EXPECT_EQ(junit_word(Verdict::kAdvice), "passed");
  EXPECT_EQ(junit_word(Verdict::kWarn), "passed");
  EXPECT_EQ(junit_word(Verdict::kObserved), "passed");
  EXPECT_EQ(junit_word(Verdict::kFail), "failure conformance");
  EXPECT_EQ(junit_word(Verdict::kXpass), "failure unexpected_pass");
  EXPECT_EQ(junit_word(Verdict::kNotReached), "skipped");
  EXPECT_EQ(junit_word(Verdict::kNotApplicable), "skipped");
  EXPECT_EQ(junit_word(Verdict::kUnsupported), "skipped");
  EXPECT_EQ(junit_word(Verdict::kXfail), "skipped");
  EXPECT_EQ(junit_word(Verdict::kErrorSut), "error sut");
  EXPECT_EQ(junit_word(Verdict::kErrorAdapter), "error adapter");
  EXPECT_EQ(junit_word(Verdict::kErrorHarness), "error harness");
}

TEST(Junit, IsXmlWhateverAnybodyWrote) {
  const std::string odd = "\x01\x1b\u009B\xEF\xBF\xBE\xEF\xBF\xBF\xFF]]>";
  Report report = of_verdicts({Verdict::kFail});
  report.client = report.command = "python3 " + odd;
  report.outcomes.front().checks.front().observed = odd;
  report.outcomes.front().checks.front().check = odd;
  const std::string text = to_junit(report);
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(text.c_str()));
  for (const char* refused : {"\x01", "\x1b", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xFF"}) {
    EXPECT_EQ(text.find(refused), std::string::npos) << "XML has no such character";
  }
}

TEST(Junit, FailsForWhatMakesTheRunFail) {
  EXPECT_EQ(junit_word(Verdict::kWarn, true), "failure warning");
  EXPECT_EQ(junit_word(Verdict::kNotReached, true), "failure not_reached");
  EXPECT_EQ(junit_word(Verdict::kNotReached, false, "known.yaml"), "failure not_reached");
  EXPECT_EQ(junit_word(Verdict::kWarn, false, "known.yaml"), "passed");
  EXPECT_EQ(junit_word(Verdict::kAdvice, true), "passed");
}

TEST(Junit, CountsOneTestPerCheck) {
  pugi::xml_document document;
  const std::string text = to_junit(sample_report());
  ASSERT_TRUE(document.load_string(text.c_str()));
  const pugi::xml_node suite = document.child("testsuites").child("testsuite");
  EXPECT_EQ(suite.attribute("tests").as_int(), 11);
  EXPECT_EQ(suite.attribute("failures").as_int(), 2);
  EXPECT_EQ(suite.attribute("skipped").as_int(), 5);
}

TEST(Junit, MakesAScenarioWithoutChecksATest) {
  Report report = sample_report();
  report.outcomes = {report.outcomes[2]};
  report.outcomes[0].checks.clear();
  EXPECT_THAT(to_junit(report), HasSubstr("tests=\"1\""));
}

}  // namespace
}  // namespace conformance
