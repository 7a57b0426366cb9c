#include <algorithm>

#include "checks/check.hpp"
#include "checks/matchers.hpp"

namespace scenarios {
namespace {

using oidc::Json;

Json to_json(const Err& err) {
  Json json = Json::object();
  json["kind"] = err.kind;
  json["definite"] = err.definite;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      json[name] = value;
    }
  };
  add("oauth_error", err.oauth_error);
  add("reason", err.reason);
  if (err.http_status != 0) {
    json["http_status"] = err.http_status;
  }
  return json;
}

/// The expected members that the client tells at all: what it does not tell is no evidence.
Json told_of(const Json& expected, const Json& told) {
  Json result = Json::object();
  for (const auto& [name, matcher] : expected.items()) {
    if (told.contains(name) || matcher == Json{{"absent", true}}) {
      result[name] = matcher;
    }
  }
  return result;
}

Answer judge_one(const ResultExpectation& expected, const CallResult& result, const Evidence& evidence) {
  const MatchContext context{evidence.exchanges, 0, evidence.reveal};
  if (const auto* ok = std::get_if<Ok>(&result)) {
    const bool as_expected = expected.ok && matches(told_of(expected.members, ok->value), &ok->value, context);
    const bool all_told = told_of(expected.members, ok->value).size() == expected.members.size();
    return !as_expected ? Answer::kBroken : all_told ? Answer::kKept : Answer::kUntold;
  }
  if (expected.ok) {
    return Answer::kBroken;
  }
  const Json json = to_json(std::get<Err>(result));
  if (matches(expected.members, &json, context)) {
    return Answer::kKept;
  }
  return evidence.hello.capabilities.contains("typed_errors") ? Answer::kOtherError : Answer::kUntold;
}

/// The best that one of the alternatives says of the result.
Answer judge_any(const std::vector<ResultExpectation>& expected, const CallResult& result, const Evidence& evidence) {
  if (const auto* broken = std::get_if<Broken>(&result)) {
    const bool had_to_give_up = std::ranges::none_of(expected, &ResultExpectation::ok);
    if (broken->hung && had_to_give_up) {
      // On a real clock it may still be waiting, as it is free to.
      return evidence.hello.time == TimeKind::kVirtual ? Answer::kBroken : Answer::kNoEvidence;
    }
    return broken->who == Broken::Who::kSut ? Answer::kErrorSut : Answer::kErrorAdapter;
  }
  if (std::holds_alternative<Unsupported>(result)) {
    return Answer::kErrorAdapter;  // it listed the operation, or it would not have been asked
  }
  if (std::holds_alternative<Overdue>(result)) {
    return Answer::kBroken;  // whatever it was to give, it gave nothing
  }
  Answer best = Answer::kBroken;
  for (const ResultExpectation& one : expected) {
    const Answer answer = judge_one(one, result, evidence);
    best = answer == Answer::kKept || best == Answer::kBroken ? answer : best;
  }
  return best;
}

/// Of parallel results the worst counts: a breakdown, then a breach, then what cannot be told.
int weight(Answer answer) {
  return is_error(answer) ? 3 : answer == Answer::kBroken ? 2 : answer == Answer::kKept ? 0 : 1;
}

std::string in_words(const std::vector<ResultExpectation>& expected) {
  std::string text;
  for (const ResultExpectation& one : expected) {
    text += (text.empty() ? "" : ", or ") + std::string{one.ok ? "ok " : "err "} + describe(one.members);
  }
  return text;
}

}  // namespace

Judgement judge_results(const std::vector<ResultExpectation>& expected, const std::vector<CallResult>& results,
                        const Evidence& evidence) {
  Judgement judgement{results.empty() ? Answer::kNoEvidence : Answer::kKept,
                      (results.size() > 1 ? "each " : "") + in_words(expected), describe(results)};
  for (const CallResult& result : results) {
    const Answer answer = judge_any(expected, result, evidence);
    judgement.answer = weight(answer) > weight(judgement.answer) ? answer : judgement.answer;
  }
  return judgement;
}

}  // namespace scenarios
