#pragma once

#include <map>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/schema.hpp"

namespace oidc {

/// The schemas, proven to hold nothing that `check` doesn't know, and their patterns.
/// Never changed after construction, so that copies of a `Schema` may share it.
struct Schema::Compiled {
  std::vector<Json> documents;                        ///< the root, then the others
  std::map<std::string, std::regex> patterns;         ///< by their text
  std::map<std::string, const Json*> document_of_id;  ///< `$id` -> document

  /// A schema and the document that "#" means in it.
  struct Place {
    const Json* schema;
    const Json* document;
  };

  /// What `place.schema["$ref"]` names. Throws `std::invalid_argument` if nothing.
  Place follow(const Place& place) const;
  /// Follows `$ref` to a schema without one.
  Place resolved(Place place) const;
};

}  // namespace oidc

namespace oidc::detail {

/// Throws `std::invalid_argument` for an unknown keyword, a broken `$ref` or pattern.
std::shared_ptr<const Schema::Compiled> compile(Json root, std::vector<Json> others);

}  // namespace oidc::detail
