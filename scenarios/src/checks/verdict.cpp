#include "scenarios/verdict.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace scenarios {
namespace {

/// By how much they matter, the least first. What was not judged says nothing beside what was.
constexpr std::array kByWeight{std::pair{Verdict::kNotApplicable, "NOT_APPLICABLE"},
                               std::pair{Verdict::kUnsupported, "UNSUPPORTED"},
                               std::pair{Verdict::kPass, "PASS"},
                               std::pair{Verdict::kObserved, "OBSERVED"},
                               std::pair{Verdict::kXfail, "XFAIL"},
                               std::pair{Verdict::kAdvice, "ADVICE"},
                               std::pair{Verdict::kNotReached, "NOT_REACHED"},
                               std::pair{Verdict::kWarn, "WARN"},
                               std::pair{Verdict::kXpass, "XPASS"},
                               std::pair{Verdict::kFail, "FAIL"},
                               std::pair{Verdict::kErrorSut, "ERROR(sut)"},
                               std::pair{Verdict::kErrorAdapter, "ERROR(adapter)"},
                               std::pair{Verdict::kErrorHarness, "ERROR(harness)"}};

std::size_t weight(Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::find(kByWeight, verdict, [](const auto& one) { return one.first; }) -
                                  kByWeight.begin());
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return kByWeight.at(weight(verdict)).second;
}

Verdict worse_of(Verdict a, Verdict b) {
  return weight(a) < weight(b) ? b : a;
}

bool is_error(Verdict verdict) {
  return weight(verdict) >= weight(Verdict::kErrorSut);
}

}  // namespace scenarios
