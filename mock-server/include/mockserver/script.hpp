#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/random.hpp"
#include "oidc/result.hpp"

namespace mockserver {

struct IssuerConfig;

/// What a header field or a parameter must be.
struct FieldRule {
  std::string name;
  std::optional<std::string> equals{};    ///< its whole value
  std::optional<std::string> contains{};  ///< a part of it
  bool present = true;                    ///< false: it must not be there
};

/// A point of time: counted from the issuer's creation, or on its wall clock.
using Moment = std::variant<oidc::Duration, oidc::TimePoint>;

/// From `from` on and before `until`.
struct ClockWindow {
  Moment from;
  Moment until;
};

/// What a step looks at. Empty members match everything.
struct When {
  std::string endpoint;                           ///< an endpoint's name: "token", "jwks"
  std::string grant;                              ///< token endpoint: the grant type's short name, "device_code"
  std::string client;                             ///< client_id
  std::string subject;                            ///< the user whom what is presented belongs to
  std::vector<FieldRule> headers{};               ///< all of them must hold
  std::vector<FieldRule> form{};                  ///< of the body, or of a GET's query
  std::optional<std::size_t> token_generation{};  ///< refreshes that led to what is presented; 0: the login's
  std::string after{};                            ///< only once the step of this id is used up (forever: was taken)
  std::optional<ClockWindow> clock_between{};
  std::size_t nth = 0;  ///< from the nth request (1-based) that fits the rest; 0: from the first
};

/// Lets `limit` requests through in any `window`, counted for each `key` apart; the step takes the others.
struct Rate {
  std::size_t limit = 1;
  oidc::Duration window{};
  std::string key = "all";  ///< "all", "client", "subject" or "endpoint"
};

/// *when* - *times* - *do*: one way in which the issuer departs from being correct.
/// JSON form: `schema/step.schema.json`.
struct Step {
  std::string id;  ///< given, or "step-1", "step-2", … by position
  When when;
  std::size_t skip = 0;                  ///< so many requests that it could take go by first
  std::optional<std::size_t> times = 1;  ///< nullopt: forever
  double probability = 1;                ///< that it takes a request that it could take
  bool before_validation = false;        ///< looked for before the request is checked, not after
  bool optional = false;                 ///< true: not delivering it is no failure
  oidc::Json action;                     ///< the verbs of `do`; see docs/issuer-scripts.md and src/verbs/
  std::optional<Rate> rate{};            ///< of the verb `rate`
};

/// Errors: `kBadInput`; the message starts with a JSON Pointer. Also verbs that could never have
/// an effect together: patches of tokens in a reply that issues none.
oidc::Result<Step> parse_step(const oidc::Json& json, std::size_t position);

/// Whether an issuer of this configuration can do it: one without a second origin can't send anybody there. Errors: as
/// above.
oidc::Status check_step(const Step& step, const IssuerConfig& config);

/// The JSON form, with its id and its defaults.
oidc::Json to_json(const Step& step);

/// A request as far as a step can see it.
struct RequestFacts {
  std::string endpoint;
  std::string grant;
  std::string client;
  std::string subject{};
  std::optional<std::size_t> token_generation{};
  const oidc::Headers* headers = nullptr;  ///< null: none
  const oidc::Form* form = nullptr;        ///< null: none
  oidc::TimePoint now{};
  oidc::Duration age{};  ///< of the issuer, on its monotonic clock
};

/// When a step is looked for: as soon as the endpoint is known, or once the request is well-formed and its
/// sender known.
enum class Phase { kBeforeValidation, kAfterValidation };

/// A step that a request got.
struct Taken {
  Step step;
  oidc::Duration retry_in{};  ///< of a `rate` step: how long until it lets a request of this key through
};

/// The steps of one issuer. Tried in order; the first that is live and matches is taken,
/// and counted, under one lock: two requests at once never share a single-use step.
/// Thread-safe.
class Script {
 public:
  /// `seed` drives the draws of `probability`, and nothing else.
  explicit Script(std::uint64_t seed = 0) : random_{seed} {}

  void add(Step step);
  /// False if there is no such step.
  bool remove(std::string_view id);
  void clear();
  /// Whether there is any to look for in this phase.
  bool has_steps(Phase phase) const;

  /// Counts the request against every step's `nth` and takes the first live match of the phase.
  std::optional<Taken> take(const RequestFacts& request, Phase phase = Phase::kAfterValidation);

  /// The step that was taken made no difference to its request: it stays used up, but was not
  /// delivered.
  void withdraw(std::string_view id);

  struct StepState {
    Step step;
    std::size_t seen = 0;       ///< requests that fitted `when` without `nth`
    std::size_t skipped = 0;    ///< requests that `times.skip` let go by
    std::size_t taken = 0;      ///< requests that got it
    std::size_t delivered = 0;  ///< those among them that it made a difference to
    bool spent() const { return step.times && taken >= *step.times; }
    /// Not delivered as often as `times` says ("forever": never), and not optional.
    bool undelivered() const;
  };
  std::vector<StepState> states() const;

 private:
  struct Entry {
    StepState state;
    std::map<std::string, std::deque<oidc::Duration>> passed{};  ///< by the rate's key: when requests went through
  };

  // All require mutex_.
  bool fits(const When& when, const RequestFacts& request) const;
  bool is_over(std::string_view id) const;
  std::optional<oidc::Duration> would_take(Entry& entry, const RequestFacts& request);

  mutable std::mutex mutex_;
  std::vector<Entry> steps_;   // guarded by mutex_
  oidc::SeededRandom random_;  // a leaf of its own below mutex_
};

}  // namespace mockserver
