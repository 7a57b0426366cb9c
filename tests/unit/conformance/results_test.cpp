#include "conformance/results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "results/read_exchange.hpp"
#include "sample_report.hpp"

namespace conformance {
namespace {

using testing::HasSubstr;
using testing_support::sample_report;

/// Everything that a report may hold.
Report full_report() {
  Report report = sample_report();
  report.sut = "reference 1.0";
  report.expect = "known.yaml";
  report.strict = true;
  report.library = "library";
  report.library_scenarios = 88;
  report.not_run = 2;
  report.notes = {"1 of 2 entries has no reason yet"};
  report.traceability->unknown = {"X-1"};
  report.traceability->excluded = {"X-2"};
  report.outcomes[2].client_started = false;
  return report;
}

std::string complaint(const std::string& text) {
  const auto results = parse_results(text, "a.jsonl");
  return results ? "" : results.error().message;
}

TEST(Results, GiveTheSameViewsAsTheReportThatWasWritten) {
  for (const Report& report : {sample_report(), full_report()}) {
    const auto results = parse_results(to_json_lines(report), "a.jsonl");
    ASSERT_TRUE(results) << results.error().message;
    EXPECT_EQ(to_json_lines(results->report), to_json_lines(report));
    EXPECT_EQ(to_junit(results->report), to_junit(report));
    EXPECT_EQ(to_html(results->report), to_html(report));
    EXPECT_EQ(to_terminal(results->report, true), to_terminal(report, true));
    EXPECT_EQ(exit_code(results->report), exit_code(report));
  }
}

TEST(Results, KeepEveryMemberOfAnExchange) {
  mockserver::Exchange exchange;
  exchange.seq = 7;
  exchange.at = oidc::TimePoint{std::chrono::milliseconds{1893456000123}};
  exchange.offset = std::chrono::milliseconds{1500};
  exchange.endpoint = "token";
  exchange.grant = "refresh_token";
  exchange.client = "app";
  exchange.client_auth = "none";
  exchange.method = "POST";
  exchange.path = "/token?x=1";
  exchange.headers = {{"Accept", "*/*"}, {"Accept", "text/html"}};
  exchange.form = {{"a", ""}, {"a", "2"}};
  exchange.status = 503;
  exchange.reply_headers = {{"Retry-After", "1"}};
  exchange.reply_body = "é\n";
  exchange.steps = {"step-1"};
  exchange.delay = std::chrono::milliseconds{250};
  exchange.dropped = true;
  const oidc::Json written = *oidc::parse_json(oidc::to_text(mockserver::to_json(exchange)));
  std::string problem;
  EXPECT_EQ(oidc::to_text(mockserver::to_json(read_exchange({written, problem}))), oidc::to_text(written));
  EXPECT_EQ(problem, "");
  for (const auto& [name, value] : written.items()) {
    oidc::Json without = written;
    without.erase(name);
    std::string missing;
    read_exchange({without, missing});
    EXPECT_EQ(missing, "expected \"" + name + "\"");
  }
}

TEST(Results, OutliveBeingMoved) {
  auto results = parse_results(to_json_lines(sample_report()), "a.jsonl");
  ASSERT_TRUE(results);
  const Results moved = *std::move(results);
  EXPECT_EQ(moved.report.outcomes.at(1).scenario->id, "refresh/rotation-survives-restart");
}

/// The lines of the sample, the nth one changed.
std::string with_line(std::size_t number, const std::string& from, const std::string& to) {
  std::istringstream lines{to_json_lines(sample_report())};
  std::string text;
  std::size_t at = 0;
  for (std::string line; std::getline(lines, line);) {
    if (++at == number) {
      EXPECT_NE(line.find(from), std::string::npos) << line;
      line.replace(line.find(from), from.size(), to);
    }
    text += line + "\n";
  }
  return text;
}

struct BadResults {
  const char* name;
  std::string text;
  const char* told;
};
class ReadingResults : public testing::TestWithParam<BadResults> {};

TEST_P(ReadingResults, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(complaint(GetParam().text), GetParam().told);
}

std::string without_footer() {
  const std::string text = to_json_lines(sample_report());
  return text.substr(0, text.rfind('\n', text.size() - 2) + 1);
}

INSTANTIATE_TEST_SUITE_P(
    Results, ReadingResults,
    testing::Values(
        BadResults{"Empty", "", "a.jsonl: is empty, and no results file"},
        BadResults{"NoJson", "hello\n", "a.jsonl:1: expected one JSON object, as `assay run --jsonl` writes it"},
        BadResults{"NoHeader", "{\"record\": \"check\"}\n", "a.jsonl:1: expected the header of a results file"},
        BadResults{"OldSchema", with_line(1, "\"schema\":2", "\"schema\":1"),
                   "a.jsonl:1: results of schema 1; this assay reads 2"},
        BadResults{"NoFooter", without_footer(),
                   "a.jsonl: incomplete: the last line is no footer, so the run did not end"},
        BadResults{"MoreAfterTheFooter", to_json_lines(sample_report()) + "{}\n",
                   "a.jsonl:18: the results end above, and here is more"},
        BadResults{"ScenarioIsMissing", with_line(1, "\"scenarios\":4", "\"scenarios\":5"),
                   "a.jsonl:17: incomplete: 4 scenarios where the header has 5"},
        BadResults{"UnknownVerdict", with_line(2, "\"PASS\"", "\"PAS\""), "a.jsonl:2: \"PAS\" is no verdict"},
        BadResults{"UnknownRecord", with_line(2, "\"check\",\"s", "\"chekc\",\"s"),
                   "a.jsonl:2: there is no record \"chekc\"; did you mean \"check\"?"},
        BadResults{"MissingMember", with_line(2, "\"observed\"", "\"seen\""), "a.jsonl:2: expected \"observed\""},
        BadResults{"WrongType", with_line(2, "\"observed\":\"yes\"", "\"observed\":1"),
                   "a.jsonl:2: expected \"observed\" to be a text"},
        BadResults{
            "WrongScenario", with_line(3, "\"scenario\":\"expiry/", "\"scenario\":\"expire/"),
            "a.jsonl:3: the scenario \"expire/at-three-quarters\" after checks of \"expiry/at-three-quarters\""}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(ReadResults, NamesTheFileThatIsNotThere) {
  const auto results = read_results("/no/such.jsonl");
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().code, oidc::Errc::kBadInput);
  EXPECT_THAT(results.error().message, HasSubstr("/no/such.jsonl"));
}

// merging

/// The outcomes with these numbers as the results of one file.
Results part(const std::vector<std::size_t>& numbers, const std::string& file, const Report& whole = sample_report()) {
  Report report = whole;
  report.outcomes.clear();
  for (const std::size_t number : numbers) {
    report.outcomes.push_back(whole.outcomes.at(number));
  }
  auto results = parse_results(to_json_lines(report), file);
  EXPECT_TRUE(results) << results.error().message;
  return *std::move(results);
}

std::vector<Results> list(Results first, Results second) {
  std::vector<Results> all;
  all.push_back(std::move(first));
  all.push_back(std::move(second));
  return all;
}

std::string merge_complaint(Results first, Results second) {
  const auto whole = merge(list(std::move(first), std::move(second)));
  EXPECT_TRUE(!whole || whole->report.outcomes.empty());
  return whole ? "" : whole.error().message;
}

TEST(Merging, MakesOneRunOfItsPartsInTheOrderOfTheIds) {
  Report whole = sample_report();
  whole.traceability.reset();
  const auto by_id = [](const scenarios::Outcome& outcome) { return outcome.scenario->id; };
  std::ranges::sort(whole.outcomes, {}, by_id);
  const auto merged = merge(list(part({3, 0}, "a.jsonl", whole), part({2, 1}, "b.jsonl", whole)));
  ASSERT_TRUE(merged) << merged.error().message;
  whole.real_time *= 2;
  EXPECT_EQ(to_json_lines(merged->report), to_json_lines(whole));
  EXPECT_EQ(to_html(merged->report), to_html(whole));
}

TEST(Merging, OfOneFileChangesNothing) {
  std::vector<Results> one;
  one.push_back(part({0, 1, 2}, "a.jsonl"));
  const std::string before = to_json_lines(one.front().report);
  EXPECT_EQ(to_json_lines(merge(std::move(one))->report), before);
}

struct OtherRun {
  const char* name;
  void (*change)(Report&);
  const char* told;
};
class MergingOtherRuns : public testing::TestWithParam<OtherRun> {};

TEST_P(MergingOtherRuns, IsRefused) {
  Report other = sample_report();
  GetParam().change(other);
  EXPECT_EQ(merge_complaint(part({0}, "a.jsonl"), part({1}, "b.jsonl", other)),
            std::string{"b.jsonl: another "} + GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Results, MergingOtherRuns,
    testing::Values(OtherRun{"Library", [](Report& report) { report.library_hash = "ba9876543210"; },
                             "library than a.jsonl: \"ba9876543210\", not \"0123456789ab\""},
                    OtherRun{"Version", [](Report& report) { report.assay_version = "0.2.0"; },
                             "version of assay than a.jsonl: \"0.2.0\", not \"0.1.0\""},
                    OtherRun{"Client", [](Report& report) { report.client = "other 1.0"; },
                             "client than a.jsonl: \"other 1.0\", not \"reference 1.0\""},
                    OtherRun{"Transport", [](Report& report) { report.transport = scenarios::Transport::kHttp; },
                             "transport than a.jsonl: \"http\", not \"https\""},
                    OtherRun{"Command", [](Report& report) { report.command = "--books oauth"; },
                             "way to run than a.jsonl: \"--books oauth\", not \"--client 'python3 client.py'\""},
                    OtherRun{"Expectations", [](Report& report) { report.expect = "known.yaml"; },
                             "file of --expect than a.jsonl: \"known.yaml\", not \"\""},
                    OtherRun{"Strictness", [](Report& report) { report.strict = true; },
                             "strictness than a.jsonl: \"strict\", not \"not strict\""}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Merging, RefusesAClientOfAnotherVersion) {
  Report one = sample_report();
  one.sut = "mine 1.0";
  Report other = sample_report();
  other.sut = "mine 1.1";
  EXPECT_EQ(merge_complaint(part({0}, "a.jsonl", one), part({1}, "b.jsonl", other)),
            "b.jsonl: another client than a.jsonl: \"mine 1.1\", not \"mine 1.0\"");
  EXPECT_TRUE(merge(list(part({0}, "a.jsonl", one), part({1}, "b.jsonl")))) << "one that never said its name";
}

TEST(Merging, RefusesAScenarioThatIsThereTwice) {
  EXPECT_EQ(merge_complaint(part({0, 1}, "a.jsonl"), part({1}, "b.jsonl")),
            "b.jsonl: the scenario \"refresh/rotation-survives-restart\" is in a.jsonl as well");
  EXPECT_EQ(merge_complaint(part({0, 0}, "a.jsonl"), part({1}, "b.jsonl")),
            "a.jsonl: the scenario \"expiry/at-three-quarters\" is there twice");
}

Report shard(const std::string& name) {
  Report report = sample_report();
  report.shard = name;
  return report;
}

TEST(Merging, OfAllShardsIsTheWhole) {
  const auto whole = merge(list(part({0}, "a.jsonl", shard("2/2")), part({1}, "b.jsonl", shard("1/2"))));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->report.shard, "");
  EXPECT_TRUE(merge(list(part({}, "a.jsonl", shard("1/2")), part({1}, "b.jsonl", shard("2/2"))))) << "one is empty";
}

TEST(Merging, NamesTheShardsThatAreMissing) {
  EXPECT_EQ(merge_complaint(part({0}, "a.jsonl", shard("1/3")), part({1}, "b.jsonl", shard("3/3"))),
            "a.jsonl: shard 1/3: missing is 2/3");
  EXPECT_EQ(merge_complaint(part({0}, "a.jsonl", shard("2/4")), part({1}, "b.jsonl")),
            "a.jsonl: shard 2/4: missing are 1/4, 3/4, 4/4");
}

TEST(Merging, RefusesShardsThatDoNotGoTogether) {
  EXPECT_EQ(merge_complaint(part({0}, "a.jsonl", shard("1/2")), part({1}, "b.jsonl", shard("2/3"))),
            "b.jsonl: shard 2/3 does not go with that of a.jsonl");
  EXPECT_EQ(merge_complaint(part({0}, "a.jsonl", shard("1/2")), part({1}, "b.jsonl", shard("1/2"))),
            "b.jsonl: shard 1/2 is in a.jsonl as well");
}

TEST(Merging, NamesFilesOfTheLibraryAsTheFirstPartDoes) {
  Report here = sample_report();
  here.library = "/here/library";
  static scenarios::Scenario stood_elsewhere = testing_support::rotation_scenario();
  stood_elsewhere.file = "/there/library/refresh/rotation-survives-restart.yaml";
  Report there = sample_report();
  there.library = "/there/library";
  there.outcomes[1].scenario = &stood_elsewhere;
  const auto whole = merge(list(part({0}, "a.jsonl", here), part({1}, "b.jsonl", there)));
  ASSERT_TRUE(whole) << whole.error().message;
  const scenarios::Outcome& moved = whole->report.outcomes.at(1);
  EXPECT_EQ(moved.scenario->file, "/here/library/refresh/rotation-survives-restart.yaml");
  EXPECT_THAT(reproduce_command(whole->report, moved), HasSubstr("assay run refresh/rotation-survives-restart "));
}

}  // namespace
}  // namespace conformance
