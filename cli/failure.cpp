#include "failure.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "commands.hpp"
#include "print.hpp"

namespace cli {

int fail(const oidc::Error& error) {
  // A message about a file begins with its name, line and column, as editors like it.
  const bool names_a_file = error.code == oidc::Errc::kBadInput;
  print_error("{}{}\n", names_a_file ? "" : "assay: ", error.message);
  switch (error.code) {
    case oidc::Errc::kBadInput:
    case oidc::Errc::kConfig:
    case oidc::Errc::kInvalidArgument:
    case oidc::Errc::kNotFound:
      return kUsage;
    default:
      return kHarnessFailed;
  }
}

}  // namespace cli
