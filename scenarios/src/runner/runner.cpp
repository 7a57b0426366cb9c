#include "scenarios/runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checks/check.hpp"
#include "oidc/schema.hpp"
#include "runner/hosting.hpp"
#include "runner/needs.hpp"
#include "runner/run_clock.hpp"
#include "runner/scenario_run.hpp"
#include "runner/storage.hpp"

namespace scenarios {
namespace {

std::chrono::microseconds real_now() {
  return oidc::SystemClock{}.steady_now();
}

CheckResult harness_failed(std::string how) {
  return {"harness", "", Verdict::kErrorHarness, "", "the harness works", std::move(how), {}};
}

}  // namespace

std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::kDirect:
      return "direct";
    case Transport::kHttp:
      return "http";
    case Transport::kHttps:
      return "https";
  }
  return "direct";
}

Verdict Outcome::verdict() const {
  if (checks.empty()) {
    return Verdict::kNotReached;
  }
  // That the client kept its secrets says nothing of what the scenario is about.
  const auto is_implicit = [](const CheckResult& check) {
    return std::ranges::any_of(implicit_checks(), [&](const ImplicitCheck& one) { return one.id == check.check; });
  };
  Verdict worst = Verdict::kNotApplicable;
  for (const CheckResult& check : checks) {
    if (check.verdict != Verdict::kPass || !is_implicit(check)) {
      worst = worse_of(worst, check.verdict);
    }
  }
  return worst;
}

class Runner::Impl {
 public:
  Impl(AdapterFactory& client, RunSettings settings) : client_{client}, settings_{std::move(settings)} {}

  oidc::Status start() {
    auto hosting = make_hosting(settings_.transport, directory_.path());
    if (!hosting) {
      return hosting.error();
    }
    hosting_ = *std::move(hosting);
    return oidc::Done{};
  }

  std::variant<Hello, Broken> hello() {
    auto hello = client_.hello();
    if (const auto* said = std::get_if<Hello>(&hello)) {
      for (const std::string& book : said->books) {
        if (!settings_.rules.books.empty() && !settings_.rules.books.contains(book)) {
          return Broken{Broken::Who::kAdapter, unknown_book(book)};
        }
      }
    }
    return hello;
  }

  void run(const Scenario& scenario, Outcome& outcome) {
    outcome.scenario = &scenario;
    outcome.transport = settings_.transport;
    const auto hello = this->hello();
    if (const auto* broken = std::get_if<Broken>(&hello)) {
      outcome.client_started = false;
      outcome.checks = judge_without_client(scenario, *broken);
      return;
    }
    const auto& said = std::get<Hello>(hello);
    std::string why_not = unmet_need(scenario, said);
    if (why_not.empty() && needs_program(scenario) && !client_.is_program()) {
      why_not = "it takes a client in a process of its own, whose surroundings can be chosen";
    }
    why_not = why_not.empty() ? unknown_zone(scenario) : why_not;
    why_not = why_not.empty() ? beyond_time(scenario, said, settings_.real_time) : why_not;
    if (!why_not.empty()) {
      outcome.checks = judge_unsupported(scenario, why_not);
      return;
    }
    ScenarioRun one{scenario, client_, *hosting_, said, settings_};
    try {
      one.run(outcome);
    } catch (const std::exception& error) {  // its text may quote what the client or the issuer said
      outcome.checks.push_back(harness_failed(one.redact(error.what())));
    }
  }

 private:
  std::string unknown_book(const std::string& name) const {
    std::vector<std::string> known;
    for (const auto& [id, book] : settings_.rules.books) {
      known.push_back(id);
    }
    return fmt::format("hello: unknown book \"{}\" (expected one of: {}){}", name, fmt::join(known, ", "),
                       oidc::did_you_mean(name, known));
  }

  AdapterFactory& client_;
  RunSettings settings_;
  TempDirectory directory_;
  std::unique_ptr<Hosting> hosting_;
};

Runner::Runner(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Runner::~Runner() = default;

oidc::Result<std::unique_ptr<Runner>> Runner::create(AdapterFactory& client, RunSettings settings) {
  if (settings.transport == Transport::kDirect && !client.can_use_direct_transport()) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       client.description() + " cannot use the transport \"direct\"; use http or https"};
  }
  auto impl = std::make_unique<Impl>(client, std::move(settings));
  if (const auto started = impl->start(); !started) {
    return started.error();
  }
  return std::unique_ptr<Runner>{new Runner{std::move(impl)}};
}

std::variant<Hello, Broken> Runner::hello() {
  return impl_->hello();
}

Outcome Runner::run(const Scenario& scenario) {
  const auto begun = real_now();
  Outcome outcome;
  try {
    impl_->run(scenario, outcome);
  } catch (const std::exception& error) {
    outcome.checks.push_back(harness_failed(error.what()));  // before anything was issued
  }
  outcome.real_time = real_now() - begun;
  return outcome;
}

}  // namespace scenarios
