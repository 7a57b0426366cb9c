#include <algorithm>

#include "checks/check.hpp"

namespace scenarios {
namespace {

std::vector<std::string> names(const oidc::Json& body, const char* member) {
  return body.contains(member) ? body[member].get<std::vector<std::string>>() : std::vector<std::string>{};
}

std::string join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += (text.empty() ? "" : ", ") + item;
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace

Judgement judge_tokens(const oidc::Json& body, const Evidence& evidence) {
  const auto live = names(body, "live");
  const auto dead = names(body, "dead");
  Judgement judgement;
  judgement.expected = live.empty() ? "" : "live: " + join(live);
  judgement.expected += dead.empty() ? "" : (live.empty() ? "dead: " : "; dead: ") + join(dead);
  judgement.observed = "live: " + join(evidence.live_tokens);
  const auto is_live = [&](const std::string& name) {
    return std::ranges::find(evidence.live_tokens, name) != evidence.live_tokens.end();
  };
  for (const auto* names : {&live, &dead}) {
    for (const std::string& name : *names) {
      if (!evidence.ledger->value_of(name)) {
        // Nobody can hold a token that was never made: that it is dead, or does not live, shows nothing.
        return {Answer::kNoEvidence, judgement.expected, name + " was never issued; " + judgement.observed};
      }
    }
  }
  judgement.answer =
      std::ranges::all_of(live, is_live) && std::ranges::none_of(dead, is_live) ? Answer::kKept : Answer::kBroken;
  return judgement;
}

}  // namespace scenarios
