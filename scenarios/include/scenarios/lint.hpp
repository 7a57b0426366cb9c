#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace scenarios {

/// Something that a scenario should not leave out, although it can be run.
struct LintFinding {
  std::string file;
  std::size_t line = 1;
  std::size_t column = 0;  ///< 0: the line as a whole
  bool error = true;       ///< false: a warning, `assay check` succeeds
  std::string sentence;
};

/// "library/a.yaml:3: error: the check "x" has no because"; with the column behind the line if it is known.
std::string to_line(const LintFinding& finding);

/// What the loader cannot see in one file: that every check has a reason, that checks which
/// say that nothing happened have a witness (`reached`), that the twins exist, that files stay
/// short. Only `checked` is looked at; a twin may be one of these or stand in `library`.
std::vector<LintFinding> lint(const std::vector<Scenario>& checked, const std::vector<Scenario>& library = {});

}  // namespace scenarios
