#include <algorithm>

#include "checks/check.hpp"
#include "exchange_facts.hpp"

namespace scenarios {
namespace {

std::string in_sequence(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", then ") + name;
  }
  return text.empty() ? "none of them" : text;
}

bool is_subsequence(const std::vector<std::string>& some, const std::vector<std::string>& all) {
  auto rest = all.begin();
  return std::ranges::all_of(some, [&](const std::string& name) {
    rest = std::find(rest, all.end(), name);
    return rest != all.end() && rest++ != all.end();
  });
}

}  // namespace

Judgement judge_order(const oidc::Json& body, const Evidence& evidence) {
  const auto expected = body.get<std::vector<std::string>>();
  // How often one is asked in a row matters only to a list that says it.
  const bool counts_repetitions = std::ranges::adjacent_find(expected) != expected.end();
  std::vector<std::string> observed;
  Judgement judgement;
  for (const auto& exchange : evidence.exchanges) {
    const bool listed =
        std::ranges::find(expected, exchange.endpoint) != expected.end() && !is_attempt_to_authenticate(exchange);
    if (listed && (counts_repetitions || observed.empty() || observed.back() != exchange.endpoint)) {
      observed.push_back(exchange.endpoint);
      judgement.exchanges.push_back(exchange.seq);
    }
  }
  // Only what came can contradict the list; what did not come says nothing.
  const bool in_order = observed.size() < expected.size() && is_subsequence(observed, expected);
  judgement.answer = observed == expected ? Answer::kKept : in_order ? Answer::kNoEvidence : Answer::kBroken;
  judgement.expected = in_sequence(expected);
  judgement.observed = in_sequence(observed);
  return judgement;
}

}  // namespace scenarios
