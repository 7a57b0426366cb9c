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
    kPass,         ///< it passes: excepted from an entry of what is around it
  };
  std::string scenario;  ///< id, or the folders that ids begin with
  std::string check;     ///< "": the whole scenario
  Kind kind = Kind::kXfail;
  std::string because;
  std::string place{};  ///< where it stands, "known.yaml:3"; "" if in no file
};

/// The reason of entries that `assay baseline` wrote, until somebody says it.
constexpr const char* kNoReasonYet = "not said yet";

/// What is known of one client (docs/scenarios.md), so that a run fails for news only. A value.
class Expectations {
 public:
  /// Reads a YAML or JSON file. Errors: `kBadInput`; every problem as "file:line:column: sentence",
  /// ids that `scenarios` don't have among them, with the nearest one there is.
  static oidc::Result<Expectations> load(const std::string& file, const std::vector<scenarios::Scenario>& scenarios);

  /// What a file said of a client, for its reasons: entries of what is no more are read like others, and what is no
  /// entry is passed over. Errors: `kBadInput` if it cannot be read at all.
  static oidc::Result<Expectations> remember(const std::string& file);

  explicit Expectations(std::vector<Expectation> list) : list_{std::move(list)} {}

  /// Changes verdicts to XFAIL and XPASS where that is what was known, and UNSUPPORTED to NOT_REACHED where
  /// nobody said so. A check's own entry goes before its scenario's, and that before its folders'. Errors stay errors.
  /// The checks of every scenario (no-secret-in-output) are excepted where they are named, and nowhere else.
  void apply(scenarios::Outcome& outcome) const;

  /// The closest entry for a check, or for a scenario or folder (`check` is ""); null if there is none.
  const Expectation* find(const std::string& scenario, const std::string& check) const;

  /// "3 of 12 entries have no reason yet: known.yaml:2, known.yaml:7, …"; "" if all have one.
  std::string note() const;

 private:
  std::vector<Expectation> list_;
};

}  // namespace conformance
