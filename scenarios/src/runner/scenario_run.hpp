#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checks/evidence.hpp"
#include "runner/browser.hpp"
#include "runner/effects.hpp"
#include "runner/hosting.hpp"
#include "runner/run_clock.hpp"
#include "runner/storage.hpp"

namespace scenarios {

/// One run of one scenario: a world of its own (clock, issuer, storage, client), the steps, and
/// what is left to be seen afterwards. Used once, by one thread.
class ScenarioRun {
 public:
  /// Throws `oidc::Failure` or `std::runtime_error` if the world cannot be made.
  ScenarioRun(const Scenario& scenario, AdapterFactory& factory, Hosting& hosting, const Hello& hello,
              const RunSettings& settings);

  /// Runs everything and fills `outcome`, checks included.
  void run(Outcome& outcome);

  /// `text` without the secrets of this run.
  std::string redact(const std::string& text) const;

 private:
  // The steps (steps.cpp). Each returns what the client answered; an obstacle goes into `went`.
  void execute(const DoStep& step, StepEvidence& went);
  void execute(const AdvanceStep& step, StepEvidence& went);
  void execute(const StepWallStep& step, StepEvidence& went);
  void execute(const RestartStep& step, StepEvidence& went);
  void execute(const ParallelStep& step, StepEvidence& went);
  void execute(const DeviceStep& step, StepEvidence& went);
  void execute(const IssuerStep& step, StepEvidence& went);
  void execute(const TamperStep& step, StepEvidence& went);
  void run_steps();
  bool run_step(const ScenarioStep& step, std::size_t index);  // false: the rest cannot take place
  CallResult call(Adapter& client, const Call& call);
  CallResult log_in_by_halves(Adapter& client, const Call& call);
  CallResult renew(Adapter& client);
  Footprint footprint();
  bool is_suppressed(const StepAction& action) const;
  oidc::Duration until(AdvanceStep::To to) const;
  std::vector<CallResult> call_at_once(const std::vector<Adapter*>& clients, const Call& call);
  oidc::Result<Call> to_call(const std::string& op, const oidc::Json& args);
  oidc::Status act_at_issuer(const oidc::Json& action);
  oidc::Status refresh_elsewhere(const std::string& name);

  // The client (scenario_run.cpp).
  std::vector<std::string> environment() const;
  std::optional<Broken> start_client();
  std::variant<std::unique_ptr<Adapter>, Broken> start_another();
  void end(std::unique_ptr<Adapter> client);
  std::optional<std::string> seed_session();
  std::optional<std::string> log_in_before();
  void load_script();
  void configure_anew(const oidc::Json& change);
  CallResult cleaned(CallResult result);
  Evidence gather();
  void fill(Outcome& outcome, const Evidence& evidence) const;
  std::vector<ClientSecret> client_secrets() const;
  std::size_t exchanges_so_far() const {
    return lodging_->issuer().journal().size() + lodging_->issuer().journal().dropped();
  }
  oidc::Duration since_start() const { return time_->clock().steady_now() - began_; }
  oidc::Duration age_of_session() const;
  std::chrono::seconds lifetime() const;

  const Scenario& scenario_;
  AdapterFactory& factory_;
  const Hello& hello_;
  const RunSettings& settings_;
  TempDirectory directory_;
  std::filesystem::path storage_;
  std::unique_ptr<RunClock> time_;
  oidc::Duration began_{};
  oidc::SkewedClock client_clock_;
  std::uint64_t seed_;
  std::unique_ptr<Lodging> lodging_;
  Browser browser_;
  ClientSetup setup_;
  std::unique_ptr<Adapter> client_;
  bool saving_fails_ = false;
  StorageSnapshot before_saving_failed_;
  std::size_t clients_started_ = 0;
  std::set<std::size_t> foreign_;  // `seq` of requests that the scenario itself made
  Evidence evidence_;
  std::optional<Broken> broken_at_start_;
  std::string seed_problem_;
};

/// Drives every identifier of a run: the same for the same scenario, everywhere.
std::uint64_t seed_of(const std::string& scenario_id);

}  // namespace scenarios
