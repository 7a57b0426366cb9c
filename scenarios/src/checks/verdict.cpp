#include "scenarios/verdict.hpp"

namespace scenarios {
namespace {

/// How much a verdict matters; the higher one decides.
int weight(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return 0;
    case Verdict::kObserved:
      return 1;
    case Verdict::kUnsupported:
      return 2;
    case Verdict::kXfail:
      return 3;
    case Verdict::kWarn:
      return 4;
    case Verdict::kNotReached:
      return 5;
    case Verdict::kXpass:
      return 6;
    case Verdict::kFail:
      return 7;
    case Verdict::kErrorSut:
      return 8;
    case Verdict::kErrorAdapter:
      return 9;
    case Verdict::kErrorHarness:
      return 10;
  }
  return 10;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "PASS";
    case Verdict::kFail:
      return "FAIL";
    case Verdict::kWarn:
      return "WARN";
    case Verdict::kObserved:
      return "OBSERVED";
    case Verdict::kNotReached:
      return "NOT_REACHED";
    case Verdict::kUnsupported:
      return "UNSUPPORTED";
    case Verdict::kErrorSut:
      return "ERROR(sut)";
    case Verdict::kErrorAdapter:
      return "ERROR(adapter)";
    case Verdict::kErrorHarness:
      return "ERROR(harness)";
    case Verdict::kXfail:
      return "XFAIL";
    case Verdict::kXpass:
      return "XPASS";
  }
  return "ERROR(harness)";
}

Verdict worse_of(Verdict a, Verdict b) {
  return weight(a) < weight(b) ? b : a;
}

bool is_error(Verdict verdict) {
  return weight(verdict) >= weight(Verdict::kErrorSut);
}

}  // namespace scenarios
