#pragma once

#include <string>
#include <vector>

#include "oidc/result.hpp"
#include "scenarios/runner.hpp"

namespace conformance {

/// One faulty client against the scenario that promises to catch it.
struct FaultRun {
  std::string fault;
  std::string scenario;
  std::string check;  ///< the check that must catch it
  enum class Result {
    kCaught,      ///< that very check failed
    kCollateral,  ///< another check failed
    kSilent,      ///< nothing failed
    kBroken,      ///< the client or adapter broke down
  } result = Result::kSilent;
  std::string detail{};
};

/// What a run with a fault shows: the named check must be the one that is charged. One that was not reached caught
/// nothing.
FaultRun classified(FaultRun run, const scenarios::Outcome& outcome);

/// Runs each `catches` pair of the library with `command` + "--fault NAME", and the same
/// scenario without the fault, which must pass. Errors: `kInvalidArgument`.
oidc::Result<std::vector<FaultRun>> run_faults(const std::vector<scenarios::Scenario>& library,
                                               const std::vector<std::string>& command,
                                               const scenarios::RunSettings& settings);
/// The matrix faulty client x scenario, and a last line with all counts.
std::string to_terminal(const std::vector<FaultRun>& runs);
/// 0 if every fault is caught by its named check.
int exit_code(const std::vector<FaultRun>& runs);

}  // namespace conformance
