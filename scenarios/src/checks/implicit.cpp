#include <fmt/format.h>

#include <algorithm>

#include "checks/check.hpp"
#include "checks/decide.hpp"
#include "checks/secrets.hpp"

namespace scenarios {
namespace {

Judgement no_secret_in_output(const Evidence& evidence) {
  std::vector<std::pair<std::string, const std::string*>> texts = {{"its output", &evidence.output}};
  for (const std::string& message : evidence.messages) {
    texts.emplace_back("an error message", &message);
  }
  for (const auto& [name, file] : evidence.storage_after) {
    texts.emplace_back("a file name", &name);
  }
  std::string leaks;
  const Secrets secrets{*evidence.ledger, evidence.client_secrets};
  for (const auto& [where, text] : texts) {
    for (const std::string& name : secrets.shown_in(*text)) {
      leaks += (leaks.empty() ? "" : ", ") + name + " in " + where;
    }
  }
  return {leaks.empty() ? Answer::kKept : Answer::kBroken, "no token or secret in output, messages, file names",
          leaks.empty() ? fmt::format("none in {} bytes", evidence.output.size()) : leaks};
}

/// True if the request shows one of the run's secrets, which journals show by their names.
bool carries_secret(const mockserver::Exchange& exchange, const mockserver::Ledger& ledger) {
  const std::string all = oidc::to_text(mockserver::to_json(exchange));
  for (const auto& entry : ledger.entries()) {
    if (entry.kind != "uc" && all.find(entry.name) != std::string::npos) {
      return true;
    }
  }
  return false;
}

/// That a client looks elsewhere is charged by products only; that it shows its secrets there, by all.
Judgement no_unscripted_request(const Evidence& evidence) {
  std::vector<const mockserver::Exchange*> strays;
  bool with_secrets = false;
  for (const auto& exchange : evidence.exchanges) {
    const bool is_stray =
        exchange.endpoint.empty() || exchange.endpoint == "elsewhere" || exchange.endpoint == "second_origin";
    const bool was_told = std::ranges::find(evidence.asked_for, exchange.path) != evidence.asked_for.end();
    if (is_stray && !was_told) {
      strays.push_back(&exchange);
      with_secrets = with_secrets || carries_secret(exchange, *evidence.ledger);
    }
  }
  return {with_secrets     ? Answer::kBroken
          : strays.empty() ? Answer::kKept
                           : Answer::kOtherError,
          "secrets go to endpoints of the issuer only",
          strays.empty() ? fmt::format("all {} requests do", evidence.exchanges.size()) : describe(strays)};
}

Judgement clean_exit(const Evidence& evidence) {
  Judgement judged{Answer::kKept, "the client ends in an orderly way", "it did"};
  for (const Broken& broken : evidence.unclean_exits) {
    judged.answer = broken.who == Broken::Who::kSut ? Answer::kErrorSut : Answer::kErrorAdapter;
    judged.observed = broken.what;
  }
  return judged;
}

struct Implicit {
  const char* id;
  const char* because;
  Judgement (*judge)(const Evidence& evidence);
};
constexpr Implicit kImplicit[] = {
    {"no-secret-in-output", "logs and messages travel further than tokens may", no_secret_in_output},
    {"no-unscripted-request", "who else sees a token can use it", no_unscripted_request},
    {"clean-exit", "what a crash leaves behind is the next run's problem", clean_exit},
};

}  // namespace

const std::vector<ImplicitCheck>& implicit_checks() {
  static const std::vector<ImplicitCheck> kAll{
      {"no-secret-in-output", {"PRACTICE-NO-TOKENS-IN-LOGS", "PRACTICE-NO-TOKENS-IN-ERRORS", "SEC-001"}},
      {"no-unscripted-request", {"PRACTICE-NO-CREDENTIALS-TO-OTHER-ORIGINS", "SEC-003", "HTTP-014"}},
      {"clean-exit", {"SEC-002"}}};
  return kAll;
}

std::vector<std::string> check_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const ScenarioStep& step : scenario.steps) {
    if (step.has_expectation()) {
      names.push_back(step.judged.id);
    }
  }
  for (const Check& check : scenario.checks) {
    names.push_back(check.judged.id);
  }
  for (const ImplicitCheck& implicit : implicit_checks()) {
    names.emplace_back(implicit.id);
  }
  return names;
}

std::vector<CheckResult> judge_implicit(const Evidence& evidence, const Bench& bench) {
  std::vector<CheckResult> results;
  for (const Implicit& one : kImplicit) {
    Judged judged;
    judged.id = one.id;
    judged.because = one.because;
    for (const ImplicitCheck& implicit : implicit_checks()) {
      if (implicit.id == one.id) {
        judged.statements = implicit.statements;
      }
    }
    results.push_back(decide(judged, one.judge(evidence), {}, bench));
  }
  return results;
}

}  // namespace scenarios
