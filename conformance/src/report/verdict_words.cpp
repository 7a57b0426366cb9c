#include "report/verdict_words.hpp"

#include <algorithm>
#include <cctype>

namespace conformance {

using scenarios::Verdict;

const std::array<VerdictLegend, 13> kLegend{{
    {Verdict::kPass, "The behaviour was seen."},
    {Verdict::kFail, "The client broke the statement."},
    {Verdict::kWarn, "A specification's recommendation, or what it says without a keyword, was not followed."},
    {Verdict::kAdvice, "Good practice was not followed; no specification demands it."},
    {Verdict::kObserved, "Recorded, not judged."},
    {Verdict::kNotReached, "The situation that the check is about did not come about, so nothing can be said."},
    {Verdict::kNotApplicable, "No statement that the check names binds this client."},
    {Verdict::kUnsupported, "The client declares that it has no such capability."},
    {Verdict::kErrorSut, "The client died, hung or was killed."},
    {Verdict::kErrorAdapter, "The adapter broke the protocol between it and Assay."},
    {Verdict::kErrorHarness, "Assay itself failed."},
    {Verdict::kXfail, "Failed, as was known of this client."},
    {Verdict::kXpass, "Passed, although it was known to fail."},
}};

std::string signed_word(Verdict verdict) {
  const char* sign = "⚠";
  switch (verdict) {
    case Verdict::kPass:
      sign = "✓";
      break;
    case Verdict::kFail:
    case Verdict::kXpass:
      sign = "✗";
      break;
    case Verdict::kWarn:
    case Verdict::kAdvice:
      sign = "!";
      break;
    case Verdict::kNotReached:
      sign = "?";
      break;
    case Verdict::kUnsupported:
    case Verdict::kNotApplicable:
      sign = "–";
      break;
    case Verdict::kObserved:
      sign = "·";
      break;
    case Verdict::kXfail:
      sign = "✗✓";
      break;
    case Verdict::kErrorSut:
    case Verdict::kErrorAdapter:
    case Verdict::kErrorHarness:
      break;
  }
  return std::string{sign} + " " + std::string{scenarios::to_string(verdict)};
}

std::string style_class(Verdict verdict) {
  if (scenarios::is_error(verdict)) {
    return "v-error";
  }
  std::string name{scenarios::to_string(verdict)};
  std::ranges::transform(name, name.begin(), [](unsigned char letter) {
    return letter == '_' ? '-' : static_cast<char>(std::tolower(letter));
  });
  return "v-" + name;
}

}  // namespace conformance
