#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scenarios/document.hpp"

namespace scenarios {

/// A number of seconds with a relation: ">=5", "<=10", "5", "5..6".
struct Bounds {
  std::optional<double> min;
  std::optional<double> max;
  bool contains(double value) const;
};

/// The conditions that make a scenario applicable to a client.
struct Needs {
  std::vector<std::string> ops;
  std::vector<std::string> flows;
  std::vector<std::string> capabilities;
};

/// Stored tokens to begin with: a real login at this issuer that happened at T0 + `issued`.
struct Session {
  oidc::Duration issued{};
  std::vector<std::string> scopes;
  std::vector<std::string> omit;  ///< members left out of the stored object
  oidc::Json patch;               ///< merge patch over the stored object
};

/// What a result must be.
struct ResultExpectation {
  bool ok = true;
  oidc::Json members = oidc::Json::object();  ///< of the ok value or of the err; matchers (docs/scenarios.md)
};

// The steps. A new verb is one struct, one line in the loader's table and one overload in the runner.
struct DoStep {
  std::string op;
  oidc::Json args;
};
struct AdvanceStep {
  oidc::Duration by;
};
struct StepWallStep {
  oidc::Duration by;  ///< wall clock only: NTP, suspend
};
struct RestartStep {};
struct ParallelStep {
  std::string op;
  oidc::Json args;
  std::size_t count = 2;
  bool clients = false;  ///< true: each in a client of its own on the same storage; false: threads of one client
};
struct DeviceStep {
  std::string decision;  ///< "approve", "deny", "expire"
};
struct IssuerStep {
  oidc::Json action;  ///< one of rotate_keys, revoke, expire, refresh_elsewhere, script
};
struct TamperStep {
  oidc::Json action;  ///< one of write, remove, mode, saving
};
using StepAction =
    std::variant<DoStep, AdvanceStep, StepWallStep, RestartStep, ParallelStep, DeviceStep, IssuerStep, TamperStep>;

struct ScenarioStep {
  StepAction action;
  std::optional<ResultExpectation> expect;  ///< of DoStep and ParallelStep (there: of each)
  std::string check;                        ///< id of that expectation; "step-3" if not named
  std::string statement;
  std::string because;
  bool should = false;  ///< level SHOULD: a miss is WARN
};

/// One expectation of the whole run; `body` as in docs/scenarios.md.
struct Check {
  std::string id;
  std::string statement;
  std::string because;
  std::string kind;  ///< "requests", "order", "storage", "time", "tokens" (scenarios/src/checks/)
  oidc::Json body;
  bool should = false;  ///< level SHOULD: a miss is WARN
};

/// The checks of every scenario, which nobody writes (docs/scenarios.md), with the statement that each judges; ""
/// for those that judge whether the run was as planned.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kImplicitChecks{
    {{"no-secret-in-output", "SEC-001"},
     {"no-unscripted-request", ""},
     {"every-step-delivered", ""},
     {"clean-exit", "SEC-002"}}};

/// A scenario file as values.
struct Scenario {
  std::string id;     ///< its path below the library, without ".yaml": "refresh/rotation-survives-restart"
  std::string title;  ///< the behaviour, as a claim
  std::string why;    ///< one line for people: what goes wrong in the field without it
  std::vector<std::string> statements;
  std::vector<Place> statement_places;  ///< of each of them
  Needs needs;
  oidc::Json issuer = oidc::Json::object();   ///< overlay on the default issuer configuration
  oidc::Json client = oidc::Json::object();   ///< flow, auth, scopes, options, clock_skew
  oidc::Json browser = oidc::Json::object();  ///< what the scripted user agent does
  std::vector<oidc::Json> script;             ///< mock-server steps
  std::optional<Session> session;
  std::vector<ScenarioStep> steps;
  std::vector<Check> checks;
  std::vector<Check> reached;  ///< witnesses; if one fails, negative checks are NOT_REACHED
  std::string twin;            ///< id of the positive control, or ""
  Place twin_place;
  std::map<std::string, std::string> catches;  ///< faulty client -> the check that must catch it
  std::string file;                            ///< where it was read from
  std::string source;                          ///< its text, for reports
};

/// The ids of its checks, and of those that every scenario has (docs/scenarios.md).
std::vector<std::string> check_names(const Scenario& scenario);

/// Reads one scenario, YAML or JSON. `library` is the root that its id is relative to.
/// Errors: `kBadInput`; the message lists every problem as
/// "file:line:column: unknown key "tims" (expected one of …; did you mean "times"?)".
oidc::Result<Scenario> load_scenario(const std::string& file, const std::string& library);
/// As above from text, for tests and the control API; `file` names it in errors.
oidc::Result<Scenario> parse_scenario(const std::string& text, const std::string& id, const std::string& file);

/// Every *.yaml and *.json below `library`, sorted by id. All files are read before the first
/// error is reported. Errors: `kBadInput`; `kNotFound` if the directory is missing or empty.
oidc::Result<std::vector<Scenario>> load_library(const std::string& library);

}  // namespace scenarios
