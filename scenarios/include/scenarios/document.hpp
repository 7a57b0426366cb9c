#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace scenarios {

/// Where something stands in a file; both 1-based, the column in bytes.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
  // clang-tidy 14 finds a 0 in what it generates.
  auto operator<=>(const Place&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Something wrong with a file, as one sentence for its author.
struct Problem {
  Place place;
  std::string sentence;
};

/// A file's content as JSON, and where each value of it was written.
struct Document {
  oidc::Json value;
  std::map<std::string, Place> values;  ///< by JSON Pointer
  std::map<std::string, Place> keys;    ///< of members, by JSON Pointer
  std::vector<Problem> problems;

  /// The place of a value; of the nearest value around it, if nothing stands there.
  Place place_of(std::string_view pointer) const;
  /// The place of a member's key, or of its value.
  Place key_place_of(std::string_view pointer) const;
};

/// Reads the strict subset of YAML (docs/adr/0003-yaml.md). Never throws; what is wrong is
/// in `problems`, and the value is still as complete as it can be.
Document read_yaml(const std::string& text);
/// Reads strict JSON, with the same places.
Document read_json(const std::string& text);

/// Reads `file` as JSON if its name ends with ".json", otherwise as YAML. Errors: `kBadInput`; the message is
/// that of `to_lines`, or says that the file cannot be read.
oidc::Result<Document> read_document(const std::string& file);
/// The text of a file. Errors: `kBadInput`.
oidc::Result<std::string> read_text(const std::string& file);
/// "file:line:column: sentence" for each problem, a line each, by place.
std::string to_lines(std::vector<Problem> problems, const std::string& file);

/// `pointer` with one more reference token (RFC 6901 §3).
std::string pointer_to(std::string_view pointer, std::string_view key);
std::string pointer_to(std::string_view pointer, std::size_t index);

}  // namespace scenarios
