#include "storage/child_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "status_matchers.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using ::testing::HasSubstr;

constexpr std::size_t kLimit = 1000;

TEST(ChildProcess, GivesTheInputAndTakesTheOutput) {
  const auto run = run_program({"sh", "-c", "cat; pwd; echo dropped >&2; exit 3"}, "/", "input\n", kLimit);
  ASSERT_THAT(run, IsOk());
  EXPECT_EQ(run->output, "input\n/\n");
  EXPECT_EQ(run->exit_code, 3);
}

TEST(ChildProcess, TellsTheSignalThatEndedIt) {
  EXPECT_EQ(run_program({"sh", "-c", "kill -TERM $$"}, "/", "", kLimit).value().exit_code, -15);
}

TEST(ChildProcess, EndsAProgramThatStaysSilent) {
  const auto run = run_program({"sleep", "3600"}, "/", "", kLimit, 1ms);
  EXPECT_THAT(run, FailsWith(Errc::kStorage, HasSubstr("sleep")));
}

TEST(ChildProcess, EndsAProgramThatIsNeverSilentNorDone) {
  const auto run = run_program({"sh", "-c", "while :; do echo; sleep 0.01; done"}, "/", "", 1'000'000, 100ms);
  EXPECT_THAT(run, FailsWith(Errc::kStorage, HasSubstr("did not end")));
}

TEST(ChildProcess, EndsAProgramThatHasClosedItsOutput) {
  const auto run = run_program({"sh", "-c", "exec >&-; exec sleep 3600"}, "/", "", kLimit, 100ms);
  EXPECT_THAT(run, FailsWith(Errc::kStorage, HasSubstr("did not end")));
}

TEST(ChildProcess, IsNotFoundInTheDirectoryThatItRunsIn) {
  std::string place = std::filesystem::path{testing::TempDir()} / "authcore-XXXXXX";
  ASSERT_NE(::mkdtemp(place.data()), nullptr);
  const std::filesystem::path program = std::filesystem::path{place} / "not-sops";
  std::ofstream{program} << "#!/bin/sh\necho planted\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string before = std::getenv("PATH");
  for (const char* path : {":", "", ".", "nowhere::"}) {
    ::setenv("PATH", path, 1);
    EXPECT_THAT(run_program({"not-sops"}, place, "", kLimit),
                FailsWith(Errc::kStorage, HasSubstr("not-sops: No such file")))
        << path;
  }
  ::setenv("PATH", place.c_str(), 1);
  EXPECT_EQ(run_program({"not-sops"}, "/", "", kLimit).value().output, "planted\n");
  ::setenv("PATH", before.c_str(), 1);
  std::filesystem::remove_all(place);
}

TEST(ChildProcess, EndsAProgramThatPrintsTooMuch) {
  EXPECT_THAT(run_program({"yes"}, "/", "", kLimit), FailsWith(Errc::kStorage, HasSubstr("too much")));
}

}  // namespace
}  // namespace authcore
