#include <algorithm>

#include "checks/check.hpp"

namespace scenarios {

bool is_error(Answer answer) {
  return answer == Answer::kErrorSut || answer == Answer::kErrorAdapter || answer == Answer::kErrorHarness;
}

Judgement sum_up(const std::vector<Finding>& findings, const std::string& name, const std::string& if_kept) {
  const std::string prefix = name.empty() ? "" : name + ": ";
  for (const Answer decisive : {Answer::kBroken, Answer::kNoEvidence}) {
    const auto found = std::ranges::find(findings, decisive, &Finding::answer);
    if (found != findings.end()) {
      return {decisive, prefix + found->expected, found->observed};
    }
  }
  std::string all;
  for (const Finding& finding : findings) {
    all += (all.empty() ? "" : ", ") + finding.expected;
  }
  return {Answer::kKept, prefix + all, if_kept};
}

}  // namespace scenarios
