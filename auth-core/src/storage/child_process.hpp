#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/result.hpp"

namespace authcore {

/// Enough for a program that asks a person or a key server, and less than others wait for the lock of an object.
inline constexpr std::chrono::milliseconds kPatience{60'000};

struct ProgramRun {
  int exit_code = 0;  ///< negative: the signal that ended it
  std::string output;
};

/// Runs a program in `directory` until it ends; no shell is involved. It is found in PATH unless `arguments[0]` has a
/// '/'; relative directories of PATH, such as an empty one, are none: they would be looked for in `directory`. `input`
/// becomes its standard input, from memory: it never lies in a file. Its standard error is dropped, because it might
/// quote what it was given. Errors: `kStorage` if it could not be run, printed more than `limit` bytes, or did not end
/// within `patience`: then it is killed.
oidc::Result<ProgramRun> run_program(const std::vector<std::string>& arguments, const std::filesystem::path& directory,
                                     std::string_view input, std::size_t limit,
                                     std::chrono::milliseconds patience = kPatience);

}  // namespace authcore
