#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report.hpp"

/// What the four views have in common.
namespace conformance {

/// "0.412", with three digits.
std::string seconds(std::chrono::microseconds time);
/// For people: "0.41 s", "50 s", "31 h 12 min".
std::string readable_time(std::chrono::microseconds time);

/// The text as one word of a shell command: in quotes, if it needs them.
std::string shell_word(std::string_view text);

/// "refresh" of "refresh/rotation"; the whole id if it has no folder.
std::string group_of(const std::string& scenario_id);

/// ADVICE, NOT_REACHED, WARN, FAIL, XPASS and the errors: what a reader wants to be told.
bool is_problem(scenarios::Verdict verdict);

/// "31 judged in this run, 2 of them broken, 5 not applicable".
std::string statements_sentence(const Report& report);
/// "380 documented, 370 judged, 72 with a faulty client caught, 10 not judged yet".
std::string traceability_sentence(const Traceability& trace);

const scenarios::Statement* find_statement(const Report& report, const std::string& id);
/// "#2 t=3000.000 POST /token → 400" for each exchange that the check looked at, at most three; "" if what it
/// observed names exchanges already.
std::string describe_exchanges(const scenarios::Outcome& outcome, const scenarios::CheckResult& check);

}  // namespace conformance
