#include "scenarios/runner.hpp"

#include <algorithm>

#include "runner/hosting.hpp"
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
  Verdict worst = Verdict::kPass;
  for (const CheckResult& check : checks) {
    worst = worse_of(worst, check.verdict);
  }
  return worst;
}

class Runner::Impl {
 public:
  Impl(AdapterFactory& client, Transport transport) : client_{client}, transport_{transport} {}

  oidc::Status start() {
    auto hosting = make_hosting(transport_, directory_.path());
    if (!hosting) {
      return hosting.error();
    }
    hosting_ = *std::move(hosting);
    return oidc::Done{};
  }

  void run(const Scenario& scenario, Outcome& outcome) {
    outcome.scenario = &scenario;
    outcome.transport = transport_;
    ScenarioRun one{scenario, client_, *hosting_};
    try {
      one.run(outcome);
    } catch (const std::exception& error) {  // its text may quote what the client or the issuer said
      outcome.checks.push_back(harness_failed(one.redact(error.what())));
    }
  }

 private:
  AdapterFactory& client_;
  Transport transport_;
  TempDirectory directory_;
  std::unique_ptr<Hosting> hosting_;
};

Runner::Runner(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Runner::~Runner() = default;

oidc::Result<std::unique_ptr<Runner>> Runner::create(AdapterFactory& client, Transport transport) {
  if (transport == Transport::kDirect && !client.can_use_direct_transport()) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       client.description() + " cannot use the transport \"direct\"; use http or https"};
  }
  auto impl = std::make_unique<Impl>(client, transport);
  if (const auto started = impl->start(); !started) {
    return started.error();
  }
  return std::unique_ptr<Runner>{new Runner{std::move(impl)}};
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
