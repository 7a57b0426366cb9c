#pragma once

#include <chrono>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "conformance/statements.hpp"
#include "conformance/traceability.hpp"
#include "oidc/result.hpp"
#include "scenarios/runner.hpp"

namespace conformance {

/// One run: what every report is a view of.
struct Report {
  std::string assay_version;
  std::string client;    ///< "auth-core 0.1.0"
  std::string command;   ///< how the client was named on the command line: "" or "--client 'python3 x.py'"
  std::string expect{};  ///< the file of `--expect`; "": none was given
  scenarios::Transport transport = scenarios::Transport::kDirect;
  std::string library;                ///< the library's directory; scenarios from elsewhere are named by their file
  std::string library_hash;           ///< SHA-256 over the scenario files, first 12 hex digits
  std::size_t library_scenarios = 0;  ///< how many the library has
  std::map<std::string, Statement> statements;
  Traceability traceability;
  std::vector<scenarios::Outcome> outcomes;
  std::size_t not_run = 0;  ///< how many more were chosen; the client started in none of `outcomes`
  std::chrono::microseconds real_time{};
};

/// The numbers of the last line: scenarios by their verdicts. They add up.
struct Counts {
  std::size_t scenarios = 0, pass = 0, fail = 0, warn = 0, not_reached = 0, unsupported = 0, error = 0, xfail = 0,
              xpass = 0, observed = 0;
  oidc::Duration virtual_time{};
};
Counts count(const Report& report);

/// 0 as expected; 1 an unexpected result, also if every scenario was unsupported; 2 there is no outcome; 3 the
/// harness failed; 4 the client or its adapter broke down.
int exit_code(const Report& report);

/// The command that runs one scenario again, judged alike: "assay run refresh/rotation --transport https".
std::string reproduce_command(const Report& report, const scenarios::Outcome& outcome);

/// Pure functions from the report to text; golden-file tested.
std::string to_terminal(const Report& report, bool verbose);
std::string to_junit(const Report& report);
std::string to_json_lines(const Report& report);
std::string to_html(const Report& report);

/// Writes text atomically (temporary file, rename). Errors: `kStorage` naming the path.
oidc::Status write_report(const std::string& path, const std::string& text);

}  // namespace conformance
