#include "checks/decide.hpp"

#include "runner/needs.hpp"

namespace scenarios {
namespace {

/// `of_product`: the statement that decides is of a product's documentation.
Verdict verdict_of(Answer answer, Verdict breach, bool of_product) {
  switch (answer) {
    case Answer::kKept:
      return Verdict::kPass;
    case Answer::kBroken:
      return breach;
    case Answer::kNoEvidence:
      return Verdict::kNotReached;
    case Answer::kOtherError:
      return of_product ? breach : Verdict::kObserved;
    case Answer::kUntold:
      return Verdict::kObserved;
    case Answer::kErrorSut:
      return Verdict::kErrorSut;
    case Answer::kErrorAdapter:
      return Verdict::kErrorAdapter;
    case Answer::kErrorHarness:
      break;
  }
  return Verdict::kErrorHarness;
}

}  // namespace

CheckResult decide(const Judged& judged, Judgement judgement, const Cause& cause, const Bench& bench) {
  // How errors are called is no specification's business.
  const bool other_error = judgement.answer == Answer::kOtherError;
  Ruling ruling = rule(judged.statements, bench.rules, bench.own, bench.facts);
  if (const Ruling of_product = rule(judged.statements, bench.rules, bench.own, bench.facts, BookKind::kProduct);
      other_error && of_product.breach != Verdict::kNotApplicable) {
    ruling = of_product;
  }
  CheckResult result{judged.id,
                     ruling.statement,
                     verdict_of(judgement.answer, ruling.breach, ruling.kind == BookKind::kProduct),
                     judged.because,
                     std::move(judgement.expected),
                     std::move(judgement.observed),
                     std::move(judgement.exchanges)};
  if (is_error(judgement.answer)) {
    return result;
  }
  const auto say = [&](Verdict verdict, std::string why) {
    result.verdict = verdict;
    result.observed = std::move(why);
  };
  if (const std::string need = unmet_need(judged.needs, bench.facts.hello); !need.empty()) {
    say(Verdict::kUnsupported, need);
  } else if (ruling.breach == Verdict::kNotApplicable) {
    say(Verdict::kNotApplicable, ruling.why_not);
  } else if (!cause.id.empty()) {
    say(Verdict::kNotReached, "because of " + cause.id + ", which " + cause.why);
    result.cause = cause.id;
  }
  return result;
}

}  // namespace scenarios
