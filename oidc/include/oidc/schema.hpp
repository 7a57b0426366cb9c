#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/json.hpp"

/// Checks JSON that people write (configuration, scenarios, control requests) against the
/// published JSON Schemas, with errors made for the person who wrote it.
namespace oidc {

/// One place where a value is not what the schema allows.
struct SchemaProblem {
  std::string pointer;     ///< JSON Pointer (RFC 6901) to the value, or to the unknown member
  std::string message;     ///< "unknown key \"tims\""
  std::string expected;    ///< "one of: when, times, do"
  std::string suggestion;  ///< nearest valid name, or ""
};

/// "unknown key \"tims\" (expected one of: when, times, do; did you mean \"times\"?)"
std::string to_sentence(const SchemaProblem& problem);

/// A subset of JSON Schema 2020-12: $ref (to "#/$defs/x", "<id>" and "<id>#/$defs/x" of the
/// registered schemas), type, properties, required, additionalProperties (false or a schema),
/// minProperties, maxProperties, propertyNames.pattern, items, minItems, maxItems, enum,
/// const, pattern, minLength, minimum, exclusiveMinimum, maximum, oneOf. Any other keyword but annotations is
/// a programming error: the constructor throws `std::invalid_argument`.
///
/// For `oneOf` the alternative whose type fits is explained, or, among objects, the one
/// that shares most keys with the value.
class Schema {
 public:
  /// `others` are the schemas that `$ref`s may name by `$id`.
  explicit Schema(Json root, std::vector<Json> others = {});

  /// All problems, in document order; empty means valid.
  std::vector<SchemaProblem> check(const Json& value) const;

  struct Compiled;  ///< implementation

 private:
  std::shared_ptr<const Compiled> compiled_;
};

/// The candidate with the smallest edit distance to `name`, if it is close enough to be a
/// slip (at most a third of its length, and at least one); "" otherwise.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// How a sentence about an unknown name ends: "; did you mean \"times\"?" if there is such a candidate, or "".
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace oidc
