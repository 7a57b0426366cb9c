#pragma once

#include <map>
#include <string>
#include <vector>

#include "oidc/result.hpp"
#include "scenarios/scenario.hpp"

namespace conformance {

enum class Level { kMust, kShould, kDocumented, kCompat };
std::string_view to_string(Level level);

/// One documented statement about how a client behaves.
struct Statement {
  std::string id;  ///< "RFR-008", "RFC8628-3.5-SLOW-DOWN"
  Level level = Level::kMust;
  std::string text;    ///< in our own words
  std::string source;  ///< "RFC 8628 §3.5", or seed file and heading
  std::string url;     ///< "" for the seeds
};

/// The statements by id. Errors: `kBadInput` with file:line:column.
oidc::Result<std::map<std::string, Statement>> load_statements(const std::string& directory);

/// How well the library covers the statements (DESIGN section 5).
struct Traceability {
  std::size_t statements = 0;
  std::size_t judged = 0;             ///< by at least one check
  std::size_t with_caught_fault = 0;  ///< at least one of whose checks catches a named faulty client
  std::vector<std::string> unjudged;
  std::vector<std::string> unknown;  ///< ids that scenarios use and nobody documented
};
Traceability trace(const std::map<std::string, Statement>& statements, const std::vector<scenarios::Scenario>& library);

}  // namespace conformance
