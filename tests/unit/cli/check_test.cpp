#include <gmock/gmock.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "commands.hpp"

namespace cli {
namespace {

using ::testing::HasSubstr;

/// `assay check FILE` in this process.
class Check : public ::testing::Test {
 protected:
  Check() { std::filesystem::create_directory(directory_); }
  ~Check() override { std::filesystem::remove_all(directory_); }

  int check(const std::string& rest, const std::string& statements = "[AUTH-020]") {
    const auto file = directory_ / "a.yaml";
    std::ofstream{file} << "title: A\nwhy: b\nstatements: " << statements << "\n" << rest;
    return check_path(file);
  }

  int check_path(const std::filesystem::path& path) {
    Context context;
    context.data_dir = ASSAY_SOURCE_DIR;
    CLI::App app;
    add_check(app, context);
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    app.parse(std::vector<std::string>{path.string(), "check"});  // CLI11 takes them from the back
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return context.exit_code;
  }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("assay-check-" + std::to_string(getpid()));
  std::string out_;
  std::string err_;
};

TEST_F(Check, AGoodScenarioHasNoProblems) {
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\ntwin: storage/survives-restart\n"), kAsExpected)
      << err_;
  EXPECT_THAT(out_, HasSubstr("1 scenario and "));
  EXPECT_THAT(out_, HasSubstr("no problems"));
}

TEST_F(Check, WhatLintRefusesFails) {
  EXPECT_EQ(check("steps: [{do: login, because: b}]\nexpect: [{check: x, requests: {to: token, count: 1}}]\n"), kUsage);
  EXPECT_THAT(err_, HasSubstr("a.yaml:5: error: the check \"x\" has no because"));
}

TEST_F(Check, AnUnknownTwinIsToldOnce) {
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\ntwin: storage/survives-restar\n"), kUsage);
  const auto first = err_.find("storage/survives-restar\"");
  ASSERT_NE(first, std::string::npos) << err_;
  EXPECT_THAT(err_, HasSubstr("a.yaml:5:7: error: there is no scenario"));
  EXPECT_THAT(err_, HasSubstr("did you mean \"storage/survives-restart\"?"));
  EXPECT_EQ(err_.find("storage/survives-restar\"", first + 1), std::string::npos) << err_;
}

TEST_F(Check, AnUnknownStatementIsToldWithItsPlaceAndTheNearest) {
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\n", "[AUTH-20]"), kUsage);
  EXPECT_THAT(err_, HasSubstr("a.yaml:3:14: error: the statement \"AUTH-20\" is not documented"));
  EXPECT_THAT(err_, HasSubstr("did you mean \"AUTH-020\"?"));
}

TEST_F(Check, TheBeginningOfAStatementIsToldWithTheWholeAndHowToListItsArea) {
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\n", "[RFC6749-5.1-EXPIRES]"), kUsage);
  EXPECT_THAT(err_, HasSubstr("(did you mean \"RFC6749-5.1-EXPIRES-IN-OPTIONAL\"? "
                              "`assay statements RFC6749-5.1` lists those near it)"));
}

TEST_F(Check, AStatementNearNoneIsToldWithItsAreaIfThereIsOne) {
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\n", "[RFC6749-99.9-QUITE-ELSEWHERE]"), kUsage);
  EXPECT_THAT(err_, HasSubstr("is not documented (`assay statements RFC6749` lists those near it)"));
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\n", "[QUITE-ELSEWHERE]"), kUsage);
  EXPECT_THAT(err_, HasSubstr("(`assay statements` shows the areas, `assay statements AREA` lists one)"));
}

TEST_F(Check, ADirectoryMayHoldConfigurationsOfServersAmongScenarios) {
  std::ofstream{directory_ / "server.yaml"} << "issuers: {main: {config: {signing_alg: ES256}}}\n";
  std::ofstream{directory_ / "issuer.yaml"} << "lifetimes: {access: 5}\n";
  EXPECT_EQ(check_path(directory_), kAsExpected) << err_;
  EXPECT_THAT(out_, HasSubstr("2 configurations, 0 scenarios"));
  check("steps: [{do: login, expect: {ok: {}}, because: b}]\n");
  EXPECT_EQ(check_path(directory_), kAsExpected) << err_;
  EXPECT_THAT(out_, HasSubstr("2 configurations, 1 scenario "));
}

TEST_F(Check, InADirectoryEveryFileIsToldByWhatItIs) {
  std::ofstream{directory_ / "issuer.yaml"} << "lifetimes: {acess: 5}\n";
  std::ofstream{directory_ / "scenario.yaml"} << "titel: A\n";
  EXPECT_EQ(check_path(directory_), kUsage);
  EXPECT_THAT(err_, HasSubstr("issuer.yaml:1:13: unknown key \"acess\""));
  EXPECT_THAT(err_, ::testing::Not(HasSubstr("issuer.yaml:1:1: ")));
  EXPECT_THAT(err_, HasSubstr("scenario.yaml:1:1: unknown key \"titel\""));
}

TEST_F(Check, TwoFilesOfOneIdAreToldAlsoBesideAConfiguration) {
  check("steps: [{do: login, expect: {ok: {}}, because: b}]\n");
  std::ofstream{directory_ / "server.yaml"} << "issuers: {main: {}}\n";
  std::ofstream{directory_ / "a.json"}
      << R"({"title": "A", "why": "b", "statements": ["AUTH-020"], "steps": [{"do": "login", "expect": {"ok": {}}}]})";
  EXPECT_EQ(check_path(directory_), kUsage);
  EXPECT_THAT(err_, HasSubstr("a.json has the same id"));
}

TEST_F(Check, AFileThatIsNotThereIsNotAnEmptyOne) {
  EXPECT_EQ(check_path(directory_ / "nope.yaml"), kUsage);
  EXPECT_THAT(err_, HasSubstr("nope.yaml: no such file\n"));
}

TEST_F(Check, AWarningIsPrintedAndSucceeds) {
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\n" + std::string(70, '\n')), kAsExpected);
  EXPECT_THAT(err_, HasSubstr("a.yaml:61: warning: "));
  EXPECT_THAT(out_, HasSubstr("1 to look at, no errors"));
}

}  // namespace
}  // namespace cli
