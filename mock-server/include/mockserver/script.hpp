#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// What a step looks at. Empty members match everything.
struct When {
  std::string endpoint;  ///< discovery, jwks, authorize, token, device_authorization, userinfo, introspect, revoke
  std::string grant;     ///< token endpoint: authorization_code, refresh_token, client_credentials, device_code
  std::string client;    ///< client_id
  std::size_t nth = 0;   ///< from the nth request (1-based) that fits the rest; 0: from the first
};

/// *when* - *times* - *do*: one way in which the issuer departs from being correct.
/// JSON form: `schema/step.schema.json`.
struct Step {
  std::string id;  ///< given, or "step-1", "step-2", … by position
  When when;
  std::optional<std::size_t> times = 1;  ///< nullopt: forever
  bool optional = false;                 ///< true: not delivering it is no failure
  oidc::Json action;                     ///< the verbs of `do`; see docs/issuer-scripts.md and src/verbs/
};

/// Errors: `kBadInput`; the message starts with a JSON Pointer. Also verbs that could never have
/// an effect together: patches of tokens in a reply that issues none.
oidc::Result<Step> parse_step(const oidc::Json& json, std::size_t position);

/// A request as far as a step can see it.
struct RequestFacts {
  std::string endpoint;
  std::string grant;
  std::string client;
};

/// The steps of one issuer. Tried in order; the first that is live and matches is taken,
/// and counted, under one lock: two requests at once never share a single-use step.
/// Thread-safe.
class Script {
 public:
  void add(Step step);
  /// False if there is no such step.
  bool remove(std::string_view id);
  void clear();

  /// Counts the request against every step's `nth` and takes the first live match.
  std::optional<Step> take(const RequestFacts& request);

  /// The step that was taken made no difference to its request: it stays used up, but was not
  /// delivered.
  void withdraw(std::string_view id);

  struct StepState {
    Step step;
    std::size_t seen = 0;       ///< requests that fitted `when` without `nth`
    std::size_t taken = 0;      ///< requests that got it
    std::size_t delivered = 0;  ///< those among them that it made a difference to
    bool spent() const { return step.times && taken >= *step.times; }
    /// Not delivered as often as `times` says ("forever": never), and not optional.
    bool undelivered() const;
  };
  std::vector<StepState> states() const;

 private:
  mutable std::mutex mutex_;
  std::vector<StepState> steps_;  // guarded by mutex_
};

}  // namespace mockserver
