#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

/// What became of one check. Silence is never a pass: a check that was not reached says so.
enum class Verdict {
  kPass,
  kFail,
  kWarn,           ///< a SHOULD was not met, or what a specification says without a keyword
  kAdvice,         ///< good practice was not followed; no specification says it
  kObserved,       ///< recorded, not judged
  kNotReached,     ///< the situation the check is about did not come about
  kNotApplicable,  ///< no statement that the check names binds this client
  kUnsupported,    ///< the client declares that it has no such capability
  kErrorSut,       ///< the client under test died
  kErrorAdapter,   ///< the adapter broke the protocol
  kErrorHarness,   ///< our own fault
  kXfail,          ///< failed, as an entry of `assay run --expect` says; given by conformance::Expectations
  kXpass,          ///< passed, although such an entry says otherwise; also given there
};

/// "PASS", "FAIL", "WARN", "ADVICE", "OBSERVED", "NOT_REACHED", "NOT_APPLICABLE", "UNSUPPORTED", "ERROR(sut)", …
std::string_view to_string(Verdict verdict);

/// The one that matters more: ERROR(harness), ERROR(adapter), ERROR(sut), FAIL, XPASS, WARN, NOT_REACHED,
/// ADVICE, XFAIL, OBSERVED, PASS, UNSUPPORTED, NOT_APPLICABLE.
Verdict worse_of(Verdict a, Verdict b);
/// True for the three kinds of ERROR.
bool is_error(Verdict verdict);

/// One judged check: enough to understand a failure without the scenario at hand.
struct CheckResult {
  std::string check;      ///< id within the scenario, e.g. "sends-the-rotated-token"
  std::string statement;  ///< the documented statement it judges, e.g. "RFR-008"
  Verdict verdict = Verdict::kNotReached;
  std::string because;                 ///< the scenario's reason for the expectation
  std::string expected;                ///< one line
  std::string observed;                ///< one line
  std::vector<std::size_t> exchanges;  ///< `seq` of the exchanges it looked at
  std::string cause{};                 ///< of NOT_REACHED: the id of what went otherwise before; "" if nothing did
};

}  // namespace scenarios
