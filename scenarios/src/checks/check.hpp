#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/evidence.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/verdict.hpp"

namespace scenarios {

/// What a check found. `expected` and `observed` are one line each, for people.
struct Judgement {
  Verdict verdict = Verdict::kFail;
  std::string expected;
  std::string observed;
  std::vector<std::size_t> exchanges{};  ///< `seq` of those it looked at
};

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

/// Judges what an operation gave, once or several times in parallel.
Judgement judge_results(const ResultExpectation& expected, const std::vector<CallResult>& results,
                        const Evidence& evidence);
/// "ok {"access_token":"at#2"}", "err reauth_required invalid_grant 400", "8 x ok {…}".
std::string describe(const CallResult& result);
std::string describe(const std::vector<CallResult>& results);

/// The checks of every scenario: no-secret-in-output, no-unscripted-request, every-step-delivered, clean-exit.
std::vector<CheckResult> judge_implicit(const Evidence& evidence);

/// "#4 t=3000 refresh_token rt#1 -> 400 invalid_grant".
std::string describe(const mockserver::Exchange& exchange);
/// Several of them: "3: …, …", the first few; "none".
std::string describe(const std::vector<const mockserver::Exchange*>& exchanges);

/// All checks of a scenario: those of its steps, its own, the implicit ones.
std::vector<CheckResult> judge(const Scenario& scenario, const Evidence& evidence);

}  // namespace scenarios
