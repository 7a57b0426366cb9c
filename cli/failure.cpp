#include "failure.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "commands.hpp"

namespace cli {

int fail(const oidc::Error& error) {
  fmt::print(stderr, "assay: {}\n", error.message);
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
