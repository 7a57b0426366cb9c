#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <variant>
#include <vector>

namespace scenarios {

/// A program with all that it starts. Whatever these do (sessions of their own, parents that end), they stay below the
/// program while it lives, and once it has ended fall to us: its family can be told from all others, and none of it
/// outlives it.
struct Command {
  std::vector<std::string> words;  ///< the first is found in PATH, without a shell
  std::vector<std::string> environment;
  std::string umask;           ///< octal; "": as ours
  std::array<int, 3> streams;  ///< its stdin, stdout and stderr
};

/// Starts it in a session of its own, without a terminal. The error is the system's reason.
std::variant<pid_t, std::string> start_family(const Command& command);

/// The program and all below it.
std::vector<pid_t> family_of(pid_t program);

/// Kills the whole family. Returns the program's status, as of waitpid(2). To be called once.
int end_family(pid_t program);

}  // namespace scenarios
