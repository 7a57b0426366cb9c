#pragma once

#include <string>
#include <vector>

#include "oidc/result.hpp"
#include "scenarios/runner.hpp"

namespace conformance {

/// What is known of a client at one scenario, one check of it, or all scenarios of a folder.
struct Expectation {
  enum class Kind {
    kXfail,        ///< it fails: a failure is XFAIL, a pass XPASS
    kUnsupported,  ///< it is declared not to apply: being judged and passing is XPASS
  };
  std::string scenario;  ///< id, or the folders that ids begin with
  std::string check;     ///< "": the whole scenario
  Kind kind = Kind::kXfail;
  std::string because;
  std::string place{};  ///< where it stands, "known.yaml:3"; "" if in no file
};

/// What is known of one client (docs/scenarios.md), so that a run fails for news only. A value.
class Expectations {
 public:
  /// Reads a YAML or JSON file. Errors: `kBadInput`; every problem as "file:line:column: sentence",
  /// ids that `scenarios` don't have among them, with the nearest one there is.
  static oidc::Result<Expectations> load(const std::string& file, const std::vector<scenarios::Scenario>& scenarios);

  explicit Expectations(std::vector<Expectation> list) : list_{std::move(list)} {}

  /// Changes verdicts to XFAIL and XPASS where that is what was known, and UNSUPPORTED to NOT_REACHED where
  /// nobody said so. A check's own entry goes before its scenario's, and that before its folders'. Errors stay errors.
  void apply(scenarios::Outcome& outcome) const;

 private:
  const Expectation* find(const std::string& scenario, const std::string& check) const;

  std::vector<Expectation> list_;
};

}  // namespace conformance
