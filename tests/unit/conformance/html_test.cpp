#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "report/verdict_words.hpp"
#include "sample_report.hpp"

namespace conformance {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::sample_report;

std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  std::set<std::string> found;
  const std::regex expression{pattern};
  for (std::sregex_iterator it{text.begin(), text.end(), expression}; it != std::sregex_iterator{}; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

TEST(Html, EveryLinkWithinThePageHasATarget) {
  const std::string html = to_html(sample_report());
  const std::set<std::string> ids = all_matches(html, " id=\"([^\"]*)\"");
  const std::set<std::string> links = all_matches(html, "href=\"#([^\"]*)\"");
  EXPECT_FALSE(links.empty());
  for (const std::string& link : links) {
    EXPECT_TRUE(ids.contains(link)) << link;
  }
}

TEST(Html, OpensAndClosesTheSameElements) {
  const std::string html = to_html(sample_report());
  for (const std::string element : {"table", "details", "section", "tr", "svg", "pre", "div", "dl"}) {
    const auto count = [&](const std::string& pattern) {
      const std::regex expression{pattern};
      return std::distance(std::sregex_iterator{html.begin(), html.end(), expression}, std::sregex_iterator{});
    };
    EXPECT_EQ(count("<" + element + "[ >\n]"), count("</" + element + ">")) << element;
  }
}

TEST(Html, EscapesWhatComesFromOutside) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(html, Not(HasSubstr("<b>bold")));
  EXPECT_THAT(html, HasSubstr("&lt;an hour&gt;"));
}

TEST(Html, CountsWhatWasNotRun) {
  Report report = sample_report();
  EXPECT_THAT(to_html(report), Not(HasSubstr("were not run")));
  report.not_run = 5;
  EXPECT_THAT(to_html(report), HasSubstr(" observed; 5 more were not run"));
}

TEST(Html, NeedsNothingFromOutside) {
  const std::string html = to_html(sample_report());
  EXPECT_TRUE(all_matches(html, "src=\"([^\"]*)\"").empty());
  EXPECT_TRUE(all_matches(html, "(<link|@import|url\\()").empty());
}

TEST(Html, SaysItsLanguageAndLabelsItsTables) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">"));
  EXPECT_THAT(html, HasSubstr("role=\"img\""));
}

TEST(Html, MarksTheCheckThatFailedInTheScenariosSource) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, HasSubstr("check: sends-the-rotated-token  ◀ ✗ FAIL"));
  EXPECT_THAT(html, Not(HasSubstr("contains: [rt#2]}}  ◀")));
}

TEST(Html, ShowsStorageModesAndWhatChanged) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, HasSubstr("0600 token.json"));
  EXPECT_THAT(html, HasSubstr("0644 token.json <strong>changed</strong>"));
  EXPECT_THAT(html, HasSubstr("0600 token.json.lock <strong>new</strong>"));
}

TEST(Html, AStatementThatWasJudgedSomewhereNeedNotBeJudgedEverywhere) {
  Report report = sample_report();
  std::vector<scenarios::CheckResult*> checks;
  for (scenarios::Outcome& outcome : report.outcomes) {
    for (scenarios::CheckResult& check : outcome.checks) {
      if (check.statement == "RFR-008") {
        checks.push_back(&check);
      }
    }
  }
  ASSERT_GE(checks.size(), 2U);
  const auto row_of = [&](scenarios::Verdict first, scenarios::Verdict rest) {
    for (scenarios::CheckResult* check : checks) {
      check->verdict = check == checks.front() ? first : rest;
    }
    const std::string html = to_html(report);
    const std::size_t row = html.find("id=\"" + *all_matches(html, "id=\"([^\"]*RFR-008)\"").begin() + "\"");
    return html.substr(row, html.find("</tr>", row) - row);
  };
  EXPECT_THAT(row_of(scenarios::Verdict::kPass, scenarios::Verdict::kUnsupported), HasSubstr("PASS"));
  EXPECT_THAT(row_of(scenarios::Verdict::kUnsupported, scenarios::Verdict::kPass), HasSubstr("PASS"));
  EXPECT_THAT(row_of(scenarios::Verdict::kPass, scenarios::Verdict::kNotReached), HasSubstr("PASS"));
  EXPECT_THAT(row_of(scenarios::Verdict::kNotReached, scenarios::Verdict::kNotApplicable), HasSubstr("NOT_REACHED"));
  EXPECT_THAT(row_of(scenarios::Verdict::kPass, scenarios::Verdict::kFail), HasSubstr("FAIL"));
}

TEST(Html, OpensTheScenariosThatFailedOnly) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, HasSubstr("id=\"s:refresh/rotation-survives-restart\" data-problem=\"yes\" open"));
  EXPECT_THAT(html, HasSubstr("id=\"s:expiry/at-three-quarters\" data-problem=\"no\">"));
}

TEST(Html, NamesExchangesOnceInACheck) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, HasSubstr("#2 t=3000.000 POST /token"));
  EXPECT_THAT(html, Not(HasSubstr("#1 t=0.000 POST /token")));
}

TEST(Html, LabelsThePausesOfTheTimeline) {
  EXPECT_THAT(to_html(sample_report()), HasSubstr(">50 min 0 s</text>"));
}

TEST(Html, ExplainsEveryVerdict) {
  const std::string html = to_html(sample_report());
  for (const char* word : {"PASS", "FAIL", "WARN", "OBSERVED", "NOT_REACHED", "ADVICE", "NOT_APPLICABLE", "UNSUPPORTED",
                           "ERROR(sut)", "ERROR(adapter)", "ERROR(harness)", "XFAIL", "XPASS"}) {
    EXPECT_THAT(html.substr(html.find("id=\"legend\"")), HasSubstr(word));
  }
}

TEST(Html, SaysHowManyAreNotAsExpected) {
  Report report = sample_report();
  EXPECT_THAT(to_html(report), HasSubstr("Not as expected: 1 of the 3 scenarios that were judged."));
  report.strict = true;
  EXPECT_THAT(to_html(report), HasSubstr("Not as expected: 2 of the 3 scenarios that were judged."));
  report.outcomes = {report.outcomes[0]};
  EXPECT_THAT(to_html(report), HasSubstr("As expected: 1 scenarios judged."));
}

TEST(Html, CountsTheLibrarysStatementsOnlyWhereThatWasRun) {
  Report report = sample_report();
  EXPECT_THAT(to_html(report), HasSubstr("6 documented, 5 judged"));
  EXPECT_THAT(to_html(report), HasSubstr("4 judged in this run"));
  report.traceability.reset();
  EXPECT_THAT(to_html(report), Not(HasSubstr("6 documented")));
}

TEST(Html, TellsTheBookOfAStatement) {
  EXPECT_THAT(to_html(sample_report()), HasSubstr("planet_auth"));
}

TEST(Html, TellsVerdictsApartByTheirStyles) {
  const std::string html = to_html(sample_report());
  std::set<std::string> styles;
  for (const VerdictLegend& entry : kLegend) {
    const std::string style = style_class(entry.verdict);
    EXPECT_THAT(html, HasSubstr("." + style)) << "no style for it";
    styles.insert(style);
  }
  EXPECT_EQ(styles.size(), kLegend.size() - 2) << "the three kinds of ERROR look alike";
}

TEST(Html, OffersTheVerdictsAndBooksThatThereAre) {
  const std::string html = to_html(sample_report());
  const std::size_t statements = html.find("<section id=\"statements\">");
  const std::size_t scenarios = html.find("<section id=\"scenarios\">");
  const std::string of_statements = html.substr(statements, html.find("<table", statements) - statements);
  EXPECT_THAT(of_statements, HasSubstr("<option>ADVICE</option>"));
  EXPECT_THAT(of_statements, HasSubstr("<option>NOT_APPLICABLE</option>"));
  EXPECT_THAT(of_statements, Not(HasSubstr("<option>XPASS</option>")));
  EXPECT_THAT(of_statements, HasSubstr("<option>oauth</option><option>planet_auth</option><option>practice</option>"));
  const std::string of_scenarios = html.substr(scenarios, html.find("<details", scenarios) - scenarios);
  EXPECT_THAT(of_scenarios, HasSubstr("<option>UNSUPPORTED</option>"));
  EXPECT_THAT(html, HasSubstr("<tr data-verdict=\"ADVICE\" data-books=\"practice\" id=\"r:PRACTICE-JITTER\">"));
  EXPECT_THAT(html,
              HasSubstr("data-verdict=\"WARN\" data-books=\"oauth planet_auth practice\" id=\"s:device/slow-down\""));
}

TEST(Html, ACauseIsALinkIfItIsToldOnThePage) {
  Report report = sample_report();
  EXPECT_THAT(to_html(report), HasSubstr("Because of <span class=\"mono\">step-2</span>"));
  report.outcomes[3].checks[0].check = "step-2";
  EXPECT_THAT(to_html(report),
              HasSubstr("Because of <a class=\"mono\" href=\"#c:device/slow-down:step-2\">step-2</a>"));
}

TEST(Html, HasNotesAndTheNameThatTheClientSays) {
  Report report = sample_report();
  EXPECT_THAT(to_html(report), Not(HasSubstr("<dt>Note</dt>")));
  report.notes = {"one & two"};
  report.sut = "mine 1.0";
  report.shard = "1/2";
  EXPECT_THAT(to_html(report), HasSubstr("<dt>Note</dt><dd>one &amp; two</dd>"));
  EXPECT_THAT(to_html(report), HasSubstr("<dt>Calls itself</dt><dd>mine 1.0</dd>"));
  EXPECT_THAT(to_html(report), HasSubstr("<dt>Shard</dt><dd>1/2: "));
}

TEST(Html, IsReadableInTheDark) {
  EXPECT_THAT(to_html(sample_report()), HasSubstr("@media (prefers-color-scheme: dark)"));
}

TEST(Html, TakesThreeHundredScenarios) {
  Report report = sample_report();
  const scenarios::Outcome one = report.outcomes[1];
  report.outcomes.assign(300, one);
  const std::string html = to_html(report);
  EXPECT_LT(html.size(), 8U << 20U);
  EXPECT_THAT(html, HasSubstr("Complete: 300 scenarios"));
}

}  // namespace
}  // namespace conformance
