#include "adapters/process_family.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "adapters/pipe_process.hpp"

namespace scenarios {
namespace {

constexpr std::chrono::seconds kPatience{60};

std::unique_ptr<PipeProcess> begets(const char* then) {
  const std::string program = std::string{ASSAY_SOURCE_DIR} + "/tests/driver/hostile/begets.py";
  auto started = PipeProcess::spawn({"python3", program, then}, {"PATH=" + std::string{std::getenv("PATH")}}, {});
  return std::get<0>(std::move(started));
}

pid_t begotten_by(PipeProcess& process) {
  std::string line;
  EXPECT_EQ(process.read_line(line, PipeProcess::deadline(kPatience)), PipeProcess::Wait::kDone);
  return std::atoi(line.c_str());
}

bool is_alive(pid_t pid) {
  return ::kill(pid, 0) == 0 || errno != ESRCH;
}

std::string failure(const Command& command) {
  const auto started = start_family(command);
  return started.index() == 1 ? std::get<1>(started) : "it was started";
}

TEST(ProcessFamily, ADaemonOfAProgramThatLivesIsOfItsFamilyAndIsKilledWithIt) {
  auto process = begets("stay");
  const pid_t daemon = begotten_by(*process);
  ASSERT_TRUE(is_alive(daemon));
  process = nullptr;
  EXPECT_FALSE(is_alive(daemon));
}

TEST(ProcessFamily, ADaemonDoesNotOutliveTheProgramThatEnds) {
  const auto process = begets("end");
  const pid_t daemon = begotten_by(*process);
  ASSERT_TRUE(process->wait_for_end(PipeProcess::deadline(kPatience)));
  EXPECT_FALSE(is_alive(daemon));
}

TEST(ProcessFamily, TheEndOfOneIsNotTheEndOfAnother) {
  auto lives = begets("stay");
  const pid_t daemon = begotten_by(*lives);
  const auto ends = begets("end");
  const pid_t other = begotten_by(*ends);
  ASSERT_TRUE(ends->wait_for_end(PipeProcess::deadline(kPatience)));
  EXPECT_FALSE(is_alive(other));
  EXPECT_TRUE(is_alive(daemon));
}

TEST(ProcessFamily, ASignalReachesAll) {
  auto process = begets("stay");
  const pid_t daemon = begotten_by(*process);
  process->send_signal(SIGKILL);
  EXPECT_TRUE(process->wait_for_end(PipeProcess::deadline(kPatience)));
  EXPECT_FALSE(is_alive(daemon));
}

TEST(ProcessFamily, WhatCannotBeStartedSaysWhy) {
  EXPECT_EQ(failure({{"/nowhere/to/be/found"}, {}, "", {0, 1, 2}}), "No such file or directory");
  EXPECT_EQ(failure({{"/"}, {}, "", {0, 1, 2}}), "Permission denied");
}

TEST(ProcessFamily, AProgramHasNoTerminalAndTheUmaskThatWasSaid) {
  auto started = PipeProcess::spawn({"sh", "-c", "umask; (: < /dev/tty) 2> /dev/null && echo tty || echo none"},
                                    {"PATH=/usr/bin:/bin"}, {}, "0027");
  auto& process = *std::get<0>(started);
  std::string line;
  ASSERT_EQ(process.read_line(line, PipeProcess::deadline(kPatience)), PipeProcess::Wait::kDone);
  EXPECT_EQ(line, "0027");
  ASSERT_EQ(process.read_line(line, PipeProcess::deadline(kPatience)), PipeProcess::Wait::kDone);
  EXPECT_EQ(line, "none");
}

}  // namespace
}  // namespace scenarios
