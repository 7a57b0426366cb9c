#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/result.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/statement.hpp"

namespace conformance {

/// A unit test's word on which statements it judges: one call of `judges({...})`.
struct UnitTest {
  std::string name;  ///< "Suite.Name"; "" if the call stands in no test
  std::string file;  ///< from the source tree's top
  std::size_t line = 0;
  std::vector<std::string> statements;
};

/// What cmake/index_tests.cmake wrote. Errors: `kBadInput` for anything else.
oidc::Result<std::vector<UnitTest>> read_unit_tests(std::string_view json);
/// Those of the tree that this program was built from; they test auth-core and what it stands on.
const std::vector<UnitTest>& unit_tests();

/// Who judges one statement.
struct Judges {
  std::vector<std::string> checks{};     ///< "refresh/rotation rotated-token-is-used"
  std::vector<std::string> tests{};      ///< "Suite.Name (tests/unit/...:12)"
  std::vector<std::string> caught_by{};  ///< those checks that catch a named faulty client

  bool any() const { return !checks.empty() || !tests.empty(); }
};
/// By statement; also those that nobody documented. A statement without judges is not in it.
std::map<std::string, Judges> find_judges(const std::vector<scenarios::Scenario>& library,
                                          const std::vector<UnitTest>& tests);

/// How well the statements are covered (DESIGN section 5).
struct Traceability {
  std::size_t statements = 0;
  std::size_t judged = 0;             ///< by at least one check or unit test
  std::size_t with_caught_fault = 0;  ///< at least one of whose checks catches a named faulty client
  std::vector<std::string> unjudged{};
  std::vector<std::string> unknown{};   ///< ids that scenarios use and nobody documented
  std::vector<std::string> excluded{};  ///< for a written reason; not among the unjudged
};
/// `tests`: none for a client that they do not test.
Traceability trace(const scenarios::Statements& statements, const std::vector<scenarios::Scenario>& library,
                   const std::vector<UnitTest>& tests = {});

/// What is wrong with the unit tests' claims and with exclusions, a line each: ids that nobody documented,
/// claims outside of a test, excluded statements that are judged all the same.
std::vector<std::string> contradictions(const scenarios::Statements& statements,
                                        const std::vector<scenarios::Scenario>& library,
                                        const std::vector<UnitTest>& tests);

}  // namespace conformance
