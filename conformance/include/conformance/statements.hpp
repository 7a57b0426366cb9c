#pragma once

#include <map>
#include <string>
#include <vector>

#include "oidc/result.hpp"

namespace conformance {

enum class Level { kMust, kShould, kDocumented, kCompat };
std::string_view to_string(Level level);

/// One documented statement about how a client behaves.
struct Statement {
  std::string id;  ///< "RFR-008", "RFC8628-3.5-SLOW-DOWN"
  Level level = Level::kMust;
  std::string text;        ///< in our own words
  std::string source;      ///< "RFC 8628 §3.5", or seed file and heading
  std::string url;         ///< "" for the seeds
  std::string origin{};    ///< the folder it stands in: "planet_auth", "rfc"
  std::string excluded{};  ///< why it is not judged; "" for nearly all

  /// What comes before the first dash of the id: "RFR", "RFC8628".
  std::string area() const { return id.substr(0, id.find('-')); }
};

/// The statements of all *.yaml files in and below `directory`, by id. Errors: `kBadInput` with
/// file:line:column.
oidc::Result<std::map<std::string, Statement>> load_statements(const std::string& directory);

/// The id that an unknown one was probably meant to be; "" if none is near.
std::string nearest_statement(const std::string& id, const std::map<std::string, Statement>& statements);

}  // namespace conformance
