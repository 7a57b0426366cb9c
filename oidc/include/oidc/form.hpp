#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oidc/result.hpp"

namespace oidc {

/// The parameters of a form or query, in order. Encoding happens in one place: here.
class Form {
 public:
  using Field = std::pair<std::string, std::string>;

  Form() = default;
  Form(std::initializer_list<Field> fields) : fields_{fields} {}

  void add(std::string name, std::string value);
  /// Replaces every field of that name by one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  std::optional<std::string> get(std::string_view name) const;
  /// The first value, or "".
  std::string value_or_empty(std::string_view name) const;
  bool contains(std::string_view name) const { return get(name).has_value(); }
  std::size_t count(std::string_view name) const;
  /// The first name that occurs twice; RFC 6749 §3.1 and §3.2 forbid it.
  std::optional<std::string> repeated_name() const;

  /// application/x-www-form-urlencoded, spaces as '+'.
  std::string encode() const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  bool operator==(const Form&) const = default;

 private:
  std::vector<Field> fields_;
};

/// Parses a form body or a query without its '?'. Repeated names are kept.
/// Errors: `kInvalidArgument` for a broken escape.
Result<Form> parse_form(std::string_view text);

}  // namespace oidc
