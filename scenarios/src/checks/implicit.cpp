#include <fmt/format.h>

#include "checks/check.hpp"
#include "checks/secrets.hpp"

namespace scenarios {
namespace {

CheckResult result(const char* check, Verdict verdict, std::string because, std::string expected,
                   std::string observed) {
  return {check, "", verdict, std::move(because), std::move(expected), std::move(observed), {}};
}

CheckResult no_secret_in_output(const Evidence& evidence) {
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
  return result("no-secret-in-output", leaks.empty() ? Verdict::kPass : Verdict::kFail,
                "logs and messages travel further than tokens may",
                "no token or secret in output, messages, file names",
                leaks.empty() ? fmt::format("none in {} bytes", evidence.output.size()) : leaks);
}

CheckResult no_unscripted_request(const Evidence& evidence) {
  std::vector<const mockserver::Exchange*> strays;
  for (const auto& exchange : evidence.exchanges) {
    if (exchange.endpoint.empty()) {
      strays.push_back(&exchange);
    }
  }
  return result("no-unscripted-request", strays.empty() ? Verdict::kPass : Verdict::kFail,
                "a request that the issuer has no endpoint for was not foreseen",
                "every request goes to an endpoint of the issuer",
                strays.empty() ? fmt::format("all {} do", evidence.exchanges.size()) : describe(strays));
}

CheckResult every_step_delivered(const Evidence& evidence) {
  std::string missing;
  for (const std::string& id : evidence.undelivered) {
    missing += (missing.empty() ? "" : ", ") + id;
  }
  return result("every-step-delivered", missing.empty() ? Verdict::kPass : Verdict::kFail,
                "what was scripted and did not happen was not tested", "every scripted step takes place",
                missing.empty() ? fmt::format("all {} did", evidence.scripted) : "not " + missing);
}

CheckResult clean_exit(const Evidence& evidence) {
  auto judged = result("clean-exit", Verdict::kPass, "a client that dies loses what it had not yet saved",
                       "the client ends in an orderly way", "it did");
  for (const Broken& broken : evidence.unclean_exits) {
    judged.verdict = broken.who == Broken::Who::kSut ? Verdict::kErrorSut : Verdict::kErrorAdapter;
    judged.observed = broken.what;
  }
  return judged;
}

}  // namespace

std::vector<std::string> check_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const ScenarioStep& step : scenario.steps) {
    if (step.expect) {
      names.push_back(step.check);
    }
  }
  for (const Check& check : scenario.checks) {
    names.push_back(check.id);
  }
  for (const char* name : {"no-secret-in-output", "no-unscripted-request", "every-step-delivered", "clean-exit"}) {
    names.emplace_back(name);
  }
  return names;
}

std::vector<CheckResult> judge_implicit(const Evidence& evidence) {
  return {no_secret_in_output(evidence), no_unscripted_request(evidence), every_step_delivered(evidence),
          clean_exit(evidence)};
}

}  // namespace scenarios
