#pragma once

#include <string>
#include <vector>

#include "checks/evidence.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// Something that went otherwise than planned; what rests on it was not put to the test.
struct Cause {
  std::string id;   ///< of a step's expectation or of a script step; "": there is none
  std::string why;  ///< one line
};

/// Who rests on what in one run. If a scenario does not say (`rests_on`):
///
///  - a step rests on the steps before it that may change the session, and on the script;
///  - a check of the whole run rests on all of those steps (with `during` on those up to that one), and on the script.
///
/// A script step that is not optional and did not take place is never charged to the client: it is a cause.
class Causes {
 public:
  Causes(const Scenario& scenario, const Evidence& evidence);

  Cause of_step(std::size_t index) const;
  Cause of_check(const Check& check) const;
  /// What the step itself gave otherwise than planned, in words; "" if it went as planned.
  const std::string& deviation(std::size_t index) const { return deviations_[index]; }

 private:
  Cause of_steps_before(std::size_t end) const;
  Cause of_script() const;
  Cause of_named(const std::vector<std::string>& ids) const;

  const Scenario& scenario_;
  const Evidence& evidence_;
  std::vector<std::string> deviations_;  // as many as there are steps
};

}  // namespace scenarios
