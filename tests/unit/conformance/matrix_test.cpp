#include "conformance/matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "sample_report.hpp"

namespace conformance {
namespace {

using scenarios::Verdict;
using testing::HasSubstr;
using testing::Not;

Results results_of(const Report& report, const std::string& file) {
  auto results = parse_results(to_json_lines(report), file);
  EXPECT_TRUE(results) << results.error().message;
  return *std::move(results);
}

/// The sample, and a client that keeps everything and was not asked about all of it.
std::vector<Results> two_clients() {
  Report good = testing_support::sample_report();
  good.client = "python3 good.py";
  good.sut = "good <client> 2.0";
  good.outcomes.pop_back();
  for (scenarios::CheckResult& check : good.outcomes[1].checks) {
    check.verdict = Verdict::kPass;
  }
  std::vector<Results> all;
  all.push_back(results_of(testing_support::sample_report(), "out/a.jsonl"));
  all.push_back(results_of(good, "out/b.jsonl"));
  return all;
}

Matrix two() {
  auto matrix = make_matrix(two_clients());
  EXPECT_TRUE(matrix) << matrix.error().message;
  return *std::move(matrix);
}

TEST(MakeMatrix, PutsStatementsInTheirBooksAndClientsBesideEachOther) {
  const Matrix matrix = two();
  ASSERT_EQ(matrix.columns.size(), 2U);
  EXPECT_EQ(matrix.columns[0].name, "reference 1.0");
  EXPECT_EQ(matrix.columns[1].name, "good <client> 2.0");
  ASSERT_TRUE(matrix.books.contains("oauth") && matrix.books.contains("planet_auth"));
  const Matrix::Row& rotation = matrix.books.at("oauth").at(0);
  EXPECT_EQ(rotation.statement.id, "RFC6749-6-ROTATION");
  EXPECT_EQ(rotation.statement.source, "RFC 6749 §6");
  EXPECT_EQ(rotation.cells.at(0).verdict, Verdict::kFail);
  EXPECT_EQ(rotation.cells.at(1).verdict, Verdict::kPass);
  const Matrix::Row& paced = matrix.books.at("oauth").at(1);
  EXPECT_EQ(paced.cells.at(0).verdict, Verdict::kWarn);
  EXPECT_TRUE(paced.cells.at(1).findings.empty()) << "not in its run";
}

TEST(MakeMatrix, TellsWhatDecidedFirst) {
  const Matrix matrix = two();
  const auto& findings = matrix.books.at("planet_auth").at(0).cells.at(0).findings;
  ASSERT_EQ(findings.size(), 6U);
  EXPECT_EQ(findings.front().scenario, "refresh/rotation-survives-restart");
  EXPECT_EQ(findings.front().check, "one-refresh");
  EXPECT_EQ(findings.back().verdict, Verdict::kUnsupported);
}

TEST(MakeMatrix, CountsStatementsByTheirVerdicts) {
  const Matrix matrix = two();
  EXPECT_EQ(matrix.columns[0].statements.at(Verdict::kFail), 2U);
  EXPECT_EQ(matrix.columns[0].statements.at(Verdict::kWarn), 1U);
  EXPECT_EQ(matrix.columns[1].statements.at(Verdict::kPass), 2U);
  EXPECT_EQ(matrix.columns[1].scenarios.scenarios, 3U);
}

TEST(MakeMatrix, ClientsOfOneNameAreToldApartByTheirFiles) {
  std::vector<Results> all;
  all.push_back(results_of(testing_support::sample_report(), "out/a.jsonl"));
  all.push_back(results_of(testing_support::sample_report(), "out/b.jsonl"));
  const auto matrix = make_matrix(all);
  ASSERT_TRUE(matrix);
  EXPECT_EQ(matrix->columns[0].name, "reference 1.0 (a.jsonl)");
  EXPECT_EQ(matrix->columns[1].name, "reference 1.0 (b.jsonl)");
}

TEST(MakeMatrix, RefusesWhatCannotBeCompared) {
  auto all = two_clients();
  all[1].report.library_hash = "ba9876543210";
  EXPECT_EQ(make_matrix(all).error().message,
            "out/b.jsonl: another library than out/a.jsonl: \"ba9876543210\", not \"0123456789ab\"");
  all = two_clients();
  all[1].report.assay_version = "0.2.0";
  EXPECT_THAT(make_matrix(all).error().message, HasSubstr("another version of assay"));
  all = two_clients();
  all[1].report.shard = "1/2";
  EXPECT_EQ(make_matrix(all).error().message, "out/b.jsonl: shard 1/2 alone; `assay merge` makes one file of them all");
}

TEST(MatrixTerminal, IsATable) {
  EXPECT_EQ(to_terminal(two()),
            "assay 0.1.0  library 0123456789ab  2 clients\n"
            "  1  reference 1.0: 3 of 4 scenarios judged, statements: 2 FAIL, 1 WARN, 1 ADVICE, 1 NOT_APPLICABLE\n"
            "  2  good <client> 2.0: 2 of 3 scenarios judged, statements: 2 PASS\n"
            "\n"
            "oauth                          1         2\n"
            "  RFC6749-6-ROTATION MUST      FAIL      PASS\n"
            "  RFC8628-3.5-INTERVAL SHOULD  WARN\n"
            "  RFC9207-2.4-ISS MUST         n/a\n"
            "\n"
            "planet_auth                    1         2\n"
            "  RFR-008 MUST                 FAIL      PASS\n"
            "\n"
            "practice                       1         2\n"
            "  PRACTICE-JITTER PRACTICE     ADVICE\n"
            "\n"
            "? not reached, n/a does not bind the client, - it cannot, empty: not in its run\n");
}

std::set<std::string> all_of(const std::string& html, const std::string& pattern) {
  std::set<std::string> found;
  const std::regex expression{pattern};
  for (std::sregex_iterator it{html.begin(), html.end(), expression}; it != std::sregex_iterator{}; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

TEST(MatrixHtml, LinksToSourcesAndSectionsAndEscapesNames) {
  const std::string html = to_html(two());
  EXPECT_THAT(html, HasSubstr("<a href=\"https://www.rfc-editor.org/rfc/rfc6749#section-6\">RFC 6749 §6</a>"));
  EXPECT_THAT(html, HasSubstr("good &lt;client&gt; 2.0"));
  EXPECT_THAT(html, Not(HasSubstr("<client>")));
  const auto ids = all_of(html, " id=\"([^\"]*)\"");
  for (const std::string& target : all_of(html, "href=\"#([^\"]*)\"")) {
    EXPECT_TRUE(ids.contains(target)) << target;
  }
  EXPECT_THAT(all_of(html, "(<link|@import|url\\(|src=)"), testing::IsEmpty()) << "one page by itself";
}

TEST(MatrixHtml, EachCellTellsItsClientAndWhatWasSeen) {
  const std::string html = to_html(two());
  EXPECT_THAT(html, HasSubstr("<td data-label=\"reference 1.0\" data-verdict=\"FAIL\"><details><summary>"));
  EXPECT_THAT(html,
              HasSubstr("refresh/rotation-survives-restart#sends-the-rotated-token</span><br>refresh_token rt#1"));
  EXPECT_THAT(html, HasSubstr("not in its run"));
}

TEST(MatrixHtml, IsMadeForPhonesAndTheDark) {
  const std::string html = to_html(two());
  EXPECT_THAT(html, HasSubstr("<meta name=\"viewport\""));
  EXPECT_THAT(html, HasSubstr("@media (prefers-color-scheme: dark)"));
  EXPECT_THAT(html, HasSubstr("content: attr(data-label)"));
}

}  // namespace
}  // namespace conformance
