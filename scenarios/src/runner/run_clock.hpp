#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oidc/clock.hpp"
#include "scenarios/adapter.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// The time of one run, which issuer and client share: virtual, the machine's, or the machine's moved along.
/// Thread-safe.
class RunClock {
 public:
  /// Counts the calling thread among those whose sleep lets virtual time jump.
  struct Actor {
    Actor() = default;
    Actor(const Actor&) = delete;
    Actor& operator=(const Actor&) = delete;
    virtual ~Actor() = default;
  };

  RunClock() = default;
  RunClock(const RunClock&) = delete;
  RunClock& operator=(const RunClock&) = delete;
  virtual ~RunClock() = default;

  virtual oidc::Clock& clock() = 0;
  /// The wall time at which the run began: T0.
  virtual oidc::TimePoint start() const = 0;
  /// On a real clock this waits.
  virtual void advance(oidc::Duration by) = 0;
  /// The wall clock alone is set. False: this clock cannot be.
  virtual bool step_wall(oidc::Duration by) = 0;
  virtual std::unique_ptr<Actor> join() = 0;
  /// By how much a measured wait may be shorter than it was.
  virtual oidc::Duration slack() const = 0;
  /// What a program's environment must hold to live on this clock, "NAME=value".
  virtual std::vector<std::string> environment() const { return {}; }
  /// True if the client's clock is ahead by the scenario's skew already.
  virtual bool skews_the_client() const { return false; }
};

/// `skew`: by how much the client's wall clock is ahead; only a faked clock has to know. `directory` is the run's
/// own.
std::unique_ptr<RunClock> make_run_clock(TimeKind kind, const std::filesystem::path& directory, oidc::Duration skew);

/// How old a token is that is due by the client's policy, or has expired even with its leeway.
oidc::Duration age_at(AdvanceStep::To to, const Policy& policy, oidc::Duration lifetime);

/// Why the scenario cannot be run on this kind of clock within `limit` of real time; "" if it can.
std::string beyond_time(const Scenario& scenario, const Hello& hello, oidc::Duration limit);

}  // namespace scenarios
