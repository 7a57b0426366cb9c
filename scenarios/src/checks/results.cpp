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

Verdict judge_one(const ResultExpectation& expected, const CallResult& result, const Evidence& evidence) {
  const MatchContext context{evidence.exchanges};
  if (const auto* broken = std::get_if<Broken>(&result)) {
    return broken->who == Broken::Who::kSut ? Verdict::kErrorSut : Verdict::kErrorAdapter;
  }
  if (std::holds_alternative<Unsupported>(result)) {
    return Verdict::kErrorAdapter;  // it listed the operation, or it would not have been asked
  }
  if (const auto* ok = std::get_if<Ok>(&result)) {
    return expected.ok && matches(expected.members, &ok->value, context) ? Verdict::kPass : Verdict::kFail;
  }
  if (expected.ok) {
    return Verdict::kFail;
  }
  const Json json = to_json(std::get<Err>(result));
  if (matches(expected.members, &json, context)) {
    return Verdict::kPass;
  }
  return evidence.typed_errors ? Verdict::kFail : Verdict::kObserved;
}

}  // namespace

Judgement judge_results(const ResultExpectation& expected, const std::vector<CallResult>& results,
                        const Evidence& evidence) {
  Judgement judgement{
      Verdict::kPass,
      (results.size() > 1 ? "each " : "") + std::string{expected.ok ? "ok " : "err "} + describe(expected.members),
      describe(results)};
  for (const CallResult& result : results) {
    judgement.verdict = worse_of(judgement.verdict, judge_one(expected, result, evidence));
  }
  if (results.empty()) {
    judgement.verdict = Verdict::kNotReached;
  }
  return judgement;
}

}  // namespace scenarios
