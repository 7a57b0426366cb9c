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
    Context context;
    context.data_dir = ASSAY_SOURCE_DIR;
    CLI::App app;
    add_check(app, context);
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    app.parse(std::vector<std::string>{file.string(), "check"});  // CLI11 takes them from the back
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

TEST_F(Check, AWarningIsPrintedAndSucceeds) {
  EXPECT_EQ(check("steps: [{do: login, expect: {ok: {}}, because: b}]\n" + std::string(70, '\n')), kAsExpected);
  EXPECT_THAT(err_, HasSubstr("a.yaml:61: warning: "));
  EXPECT_THAT(out_, HasSubstr("1 to look at, no errors"));
}

}  // namespace
}  // namespace cli
