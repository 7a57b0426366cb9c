#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/evidence.hpp"
#include "scenarios/rules.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/verdict.hpp"

namespace scenarios {

struct Bench;

/// What the evidence says of an expectation. That nothing was seen is neither kept nor broken.
enum class Answer {
  kKept,
  kBroken,      ///< seen: an exchange, a value, a file, a moment
  kNoEvidence,  ///< its occasion did not come
  kOtherError,  ///< not quite as expected, in a way that only a product rules: refused, but by another error's name
  kUntold,      ///< the client does not tell errors apart well enough to be judged
  kErrorSut,
  kErrorAdapter,
  kErrorHarness
};
bool is_error(Answer answer);

/// What a check found. `expected` and `observed` are one line each, for people.
struct Judgement {
  Answer answer = Answer::kBroken;
  std::string expected;
  std::string observed;
  std::vector<std::size_t> exchanges{};  ///< `seq` of those it looked at
};

/// One of several things that a check says: how it reads, and what became of it.
struct Finding {
  std::string expected;
  Answer answer = Answer::kKept;
  std::string observed{};  ///< what contradicts it, or what is missing
};
/// What is broken decides, then what has no evidence. `name` stands before what was expected.
Judgement sum_up(const std::vector<Finding>& findings, const std::string& name, const std::string& if_kept);

using Judge = Judgement (*)(const oidc::Json& body, const Evidence& evidence);

/// A kind of check: the key that names it in scenario files, and what judges it.
struct CheckKind {
  std::string_view name;
  Judge judge;
};

Judgement judge_requests(const oidc::Json& body, const Evidence& evidence);
Judgement judge_order(const oidc::Json& body, const Evidence& evidence);
Judgement judge_storage(const oidc::Json& body, const Evidence& evidence);
Judgement judge_time(const oidc::Json& body, const Evidence& evidence);
Judgement judge_tokens(const oidc::Json& body, const Evidence& evidence);

/// Judges what an operation gave, once or several times in parallel: one of `expected`.
Judgement judge_results(const std::vector<ResultExpectation>& expected, const std::vector<CallResult>& results,
                        const Evidence& evidence);
/// "ok {"access_token":"at#2"}", "err reauth_required invalid_grant 400", "8 x ok {…}".
std::string describe(const CallResult& result);
std::string describe(const std::vector<CallResult>& results);

/// The checks of every scenario (`implicit_checks`): no-secret-in-output, no-unscripted-request, clean-exit.
std::vector<CheckResult> judge_implicit(const Evidence& evidence, const Bench& bench);

/// "#4 t=3000 refresh_token rt#1 -> 400 invalid_grant".
std::string describe(const mockserver::Exchange& exchange);
/// Several of them: "3: …, …", the first few; "none".
std::string describe(const std::vector<const mockserver::Exchange*>& exchanges);

/// All checks of a scenario that was not run: the client is no partner for it, or did not start.
std::vector<CheckResult> judge_unsupported(const Scenario& scenario, const std::string& why);
std::vector<CheckResult> judge_without_client(const Scenario& scenario, const Broken& how);

/// All checks of a scenario: those of its steps, its own, the implicit ones.
std::vector<CheckResult> judge(const Scenario& scenario, const Evidence& evidence, const Rules& rules);

}  // namespace scenarios
