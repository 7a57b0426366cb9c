#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scenarios/document.hpp"
#include "scenarios/statement.hpp"

namespace scenarios {

/// A number of seconds with a relation: ">=5", "<=10", "5", "5..6".
struct Bounds {
  std::optional<double> min;
  std::optional<double> max;
  bool contains(double value) const;
};

/// What a client must be able to do, so that a scenario or one check of it applies.
struct Needs {
  std::vector<std::string> ops;
  std::vector<std::string> flows;
  std::vector<std::string> capabilities;
  std::vector<std::string> policy;  ///< declared conditions (scenarios/condition.hpp)
};

/// How far a stored token's life has gone, whenever this client renews.
enum class TokenState { kFresh, kDue, kExpired };

/// Stored tokens to begin with, of a real login at this issuer: as old as `state` says, or made at T0 + `issued`.
struct Session {
  TokenState state = TokenState::kFresh;
  std::optional<oidc::Duration> issued;
  std::vector<std::string> scopes;
  std::vector<std::string> omit;  ///< members left out of the stored object
  oidc::Json patch;               ///< merge patch over the stored object
};

/// What a result must be, or one of the things it may be.
struct ResultExpectation {
  bool ok = true;
  oidc::Json members = oidc::Json::object();  ///< of the ok value or of the err; matchers (docs/scenarios.md)
};

// The steps. A new verb is one struct, one line in the loader's table and one overload in the runner.
struct DoStep {
  std::string op;
  oidc::Json args;
};
/// Time passes: so much, or until the newest access token is due by the client's policy, or has expired.
struct AdvanceStep {
  enum class To { kBy, kDue, kExpiry } to = To::kBy;
  oidc::Duration by{};
};
struct StepWallStep {
  oidc::Duration by;  ///< wall clock only: NTP, suspend
};
struct RestartStep {
  oidc::Json change =
      oidc::Json::object();  ///< what the new client is configured with instead: scopes, audience, options
  bool kill = false;         ///< the old one is killed, not asked to end
};
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

/// What a step's expectation and a check of the whole run have in common.
struct Judged {
  std::string id;                         ///< "sends-the-rotated-token"; of an unnamed step "step-3"
  std::vector<std::string> statements{};  ///< the strongest that binds the client decides; none: nothing is charged
  std::string because{};
  Needs needs{};  ///< of this check alone
  /// Ids of what must have gone as planned for this to mean anything; not said: derived (checks/causes.hpp).
  std::optional<std::vector<std::string>> rests_on{};
};

struct ScenarioStep {
  StepAction action;
  Judged judged;
  std::vector<ResultExpectation> expect;  ///< of DoStep and ParallelStep (there: of each): one of these
  bool any_result = false;                ///< whatever it gives is fine
  bool has_expectation() const { return !expect.empty(); }
};

/// One expectation of the whole run; `body` as in docs/scenarios.md.
struct Check {
  Judged judged;
  std::string kind;  ///< "requests", "order", "storage", "time", "tokens" (scenarios/src/checks/)
  oidc::Json body;
};

/// The checks of every scenario, which nobody writes (docs/scenarios.md), with the statements that each judges.
struct ImplicitCheck {
  std::string_view id;
  std::vector<std::string> statements;
};
const std::vector<ImplicitCheck>& implicit_checks();

/// A scenario file as values.
struct Scenario {
  std::string id;     ///< its path below the library, without ".yaml": "refresh/rotation-survives-restart"
  std::string title;  ///< the behaviour, as a claim
  std::string why;    ///< one line for people: what goes wrong in the field without it
  std::vector<std::string> statements;
  std::vector<Place> statement_places;  ///< of each of them
  Statements own_statements;            ///< stated in this file, by id
  Needs needs;
  oidc::Json issuer = oidc::Json::object();        ///< overlay on the default issuer configuration
  oidc::Json client = oidc::Json::object();        ///< flow, auth, scopes, options, clock_skew
  oidc::Duration lasts{};                          ///< client time besides the steps' own: what a real clock costs
  oidc::Json real = oidc::Json::object();          ///< what differs on a real clock: an overlay on `issuer`
  oidc::Json browser = oidc::Json::object();       ///< what the scripted user agent does
  oidc::Json surroundings = oidc::Json::object();  ///< of the client's process: time_zone, proxy, umask
  std::vector<oidc::Json> script;                  ///< mock-server steps
  std::optional<Session> session;
  std::vector<ScenarioStep> steps;
  std::vector<Check> checks;
  std::vector<Check> reached;  ///< witnesses; without one of them nothing was put to the test
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
