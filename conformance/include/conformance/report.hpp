#pragma once

#include <chrono>
#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/traceability.hpp"
#include "oidc/result.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/statement.hpp"

namespace conformance {

/// One run: what every report is a view of.
struct Report {
  std::string assay_version;
  std::string client;    ///< "auth-core 0.1.0"; of a client that is started by a command, that
  std::string sut{};     ///< what the client calls itself: "reference 1.0"; "" if it never said
  std::string command;   ///< how the client was named on the command line: "" or "--client 'python3 x.py'"
  std::string expect{};  ///< the file of `--expect`; "": none was given
  bool strict = false;   ///< WARN and NOT_REACHED are unexpected, too
  std::string shard{};   ///< "2/3": the outcomes are a part of what was chosen; "": all of it
  scenarios::Transport transport = scenarios::Transport::kDirect;
  std::string library;                ///< the library's directory; scenarios from elsewhere are named by their file
  std::string library_hash;           ///< SHA-256 over the scenario files, first 12 hex digits
  std::size_t library_scenarios = 0;  ///< how many the library has
  scenarios::Statements statements;
  std::optional<Traceability> traceability;  ///< of the whole library and its own client; none for other runs
  std::vector<scenarios::Outcome> outcomes;
  std::size_t not_run = 0;           ///< how many more were chosen; the client started in none of `outcomes`
  std::vector<std::string> notes{};  ///< what a reader should know besides, a sentence each
  std::chrono::microseconds real_time{};
};

/// The numbers of the last line: scenarios by their verdicts. They add up.
struct Counts {
  std::size_t scenarios = 0, pass = 0, fail = 0, warn = 0, advice = 0, not_reached = 0, not_applicable = 0,
              unsupported = 0, error = 0, xfail = 0, xpass = 0, observed = 0;
  std::size_t judged() const { return scenarios - not_applicable - unsupported; }
  oidc::Duration virtual_time{};
};
Counts count(const Report& report);

/// What the run says about one statement.
struct StatementVerdict {
  scenarios::Verdict verdict = scenarios::Verdict::kNotApplicable;  ///< the worst of its checks that say something
  std::set<std::string> scenarios;
};
std::map<std::string, StatementVerdict> judge_statements(const Report& report);

/// True for what makes the run fail: FAIL, XPASS and ERROR; NOT_REACHED where it is known what to expect, or where
/// the run is strict; WARN where it is strict.
bool is_unexpected(const Report& report, scenarios::Verdict verdict);
/// True if one of its checks is unexpected, which need not be the worst of them.
bool is_unexpected(const Report& report, const scenarios::Outcome& outcome);

/// True if some check says something of the client. That it kept its secrets while nothing else was put to the test
/// is nothing.
bool has_judged(const Report& report);

/// 0 as expected; 1 an unexpected result, also if nothing was judged; 2 there is no outcome; 3 the
/// harness failed; 4 the client or its adapter broke down. Where it is known what to expect, a part may be empty.
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
/// As above, and never over a file. Errors: also `kInvalidArgument` if there is one.
oidc::Status write_new_report(const std::string& path, const std::string& text);

}  // namespace conformance
