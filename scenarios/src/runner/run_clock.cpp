#include "runner/run_clock.hpp"

#include <fmt/format.h>

#include "loader/values.hpp"
#include "mockserver/config.hpp"
#include "runner/faked_clock.hpp"

namespace scenarios {
namespace {

constexpr oidc::TimePoint kT0 = std::chrono::sys_days{std::chrono::January / 1 / 2030};
constexpr oidc::Duration kJitter{100};  // of two arrivals on a busy machine

class VirtualRunClock final : public RunClock {
 public:
  oidc::Clock& clock() override { return clock_; }
  oidc::TimePoint start() const override { return kT0; }
  void advance(oidc::Duration by) override { clock_.advance(by); }
  bool step_wall(oidc::Duration by) override {
    clock_.step_wall(by);
    return true;
  }
  std::unique_ptr<Actor> join() override { return std::make_unique<VirtualActor>(clock_); }
  oidc::Duration slack() const override { return {}; }

 private:
  struct VirtualActor final : Actor {
    explicit VirtualActor(oidc::VirtualClock& clock) : actor{clock} {}
    oidc::VirtualClock::Actor actor;
  };
  oidc::VirtualClock clock_{kT0};
};

class RealRunClock final : public RunClock {
 public:
  oidc::Clock& clock() override { return clock_; }
  oidc::TimePoint start() const override { return start_; }
  void advance(oidc::Duration by) override { clock_.sleep_for(by); }
  bool step_wall(oidc::Duration /*by*/) override { return false; }
  std::unique_ptr<Actor> join() override { return std::make_unique<Actor>(); }
  oidc::Duration slack() const override { return kJitter; }

 private:
  oidc::SystemClock clock_;
  oidc::TimePoint start_ = clock_.now();
};

/// How long the scenario's access tokens live where the clock is not virtual.
oidc::Duration lifetime_of(const Scenario& scenario) {
  oidc::Json issuer = scenario.issuer;
  issuer.merge_patch(scenario.real);
  const oidc::Json::json_pointer access{"/lifetimes/access"};
  return issuer.contains(access) ? parse_duration(issuer[access]).value() : mockserver::IssuerConfig{}.lifetimes.access;
}

/// What the scenario's steps let pass: who waits for a token to grow old waits for a new one.
oidc::Duration steps_take(const Scenario& scenario, const Policy& policy) {
  oidc::Duration sum{};
  for (const ScenarioStep& step : scenario.steps) {
    if (const auto* advance = std::get_if<AdvanceStep>(&step.action)) {
      sum += advance->to == AdvanceStep::To::kBy ? advance->by : age_at(advance->to, policy, lifetime_of(scenario));
    }
  }
  return sum;
}

bool sets_the_clock(const Scenario& scenario) {
  for (const ScenarioStep& step : scenario.steps) {
    if (std::holds_alternative<StepWallStep>(step.action)) {
      return true;
    }
  }
  return scenario.client.contains("clock_skew");
}

}  // namespace

std::unique_ptr<RunClock> make_run_clock(TimeKind kind, const std::filesystem::path& directory, oidc::Duration skew) {
  switch (kind) {
    case TimeKind::kVirtual:
      return std::make_unique<VirtualRunClock>();
    case TimeKind::kFaked:
      return make_faked_clock(directory, skew);
    case TimeKind::kReal:
      break;
  }
  return std::make_unique<RealRunClock>();
}

oidc::Duration age_at(AdvanceStep::To to, const Policy& policy, oidc::Duration lifetime) {
  const bool ahead = to == AdvanceStep::To::kDue && policy.refresh.is_ahead();
  return ahead ? policy.refresh.due_after(lifetime) : lifetime + policy.leeway + std::chrono::seconds{1};
}

std::string beyond_time(const Scenario& scenario, const Hello& hello, oidc::Duration limit) {
  if (hello.time == TimeKind::kVirtual) {
    return "";
  }
  if (hello.time == TimeKind::kFaked && !find_faketime_library()) {
    return "time: the client lives under libfaketime, which is not installed (Debian: libfaketime)";
  }
  if (hello.time == TimeKind::kReal && sets_the_clock(scenario)) {
    return "time: it sets a wall clock, and the client lives on the machine's";
  }
  const bool must_age = scenario.session && !hello.ops.contains("storage_seed") &&
                        (scenario.session->issued || scenario.session->state != TokenState::kFresh);
  if (hello.time == TimeKind::kReal && must_age) {
    return "time: its token must have grown old, on a real clock (storage_seed, virtual time or faketime can)";
  }
  const auto steps = hello.time == TimeKind::kReal ? steps_take(scenario, hello.policy) : oidc::Duration::zero();
  if (steps + scenario.lasts > limit) {
    return fmt::format("time: it takes {} s of a real clock, and --real-time allows {}",
                       seconds_text(steps + scenario.lasts), seconds_text(limit));
  }
  return "";
}

}  // namespace scenarios
