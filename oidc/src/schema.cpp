#include "oidc/schema.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "schema_compile.hpp"

namespace oidc {
namespace {

using Place = Schema::Compiled::Place;
using Problems = std::vector<SchemaProblem>;

std::string type_name(const Json& value) {
  if (value.is_number()) {
    return value.is_number_integer() ? "integer" : "number";
  }
  return value.is_discarded() ? "null" : value.type_name();
}

std::string with_article(const std::string& type) {
  if (type == "null") {
    return type;
  }
  return (type == "object" || type == "array" || type == "integer" ? "an " : "a ") + type;
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "integer" && value.is_number_float()) {
    return std::trunc(value.get<double>()) == value.get<double>();
  }
  return type == type_name(value) || (type == "number" && value.is_number());
}

std::vector<std::string> types_of(const Json& schema) {
  const auto type = schema.find("type");
  if (type == schema.end()) {
    return {};
  }
  return type->is_string() ? std::vector<std::string>{type->get<std::string>()} : type->get<std::vector<std::string>>();
}

std::string join(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const auto& item : items) {
    text += (text.empty() ? "" : std::string{separator}) + item;
  }
  return text;
}

std::string either(const std::vector<std::string>& types) {
  std::vector<std::string> names;
  std::transform(types.begin(), types.end(), std::back_inserter(names), with_article);
  return join(names, " or ");
}

std::string child(const std::string& pointer, std::string_view name) {
  std::string path = pointer + "/";
  for (const char c : name) {
    path += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
  }
  return path;
}

// RFC 8259 texts count characters, not bytes.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<std::string> names_of(const Json& schema) {
  std::vector<std::string> names;
  if (const auto properties = schema.find("properties"); properties != schema.end()) {
    for (auto member = properties->begin(); member != properties->end(); ++member) {
      names.push_back(member.key());
    }
  }
  return names;
}

class Checker {
 public:
  explicit Checker(const Schema::Compiled& compiled) : compiled_{compiled} {}

  void check(const Json& value, Place place, const std::string& pointer, Problems& problems) const {
    if (place.schema->is_boolean()) {
      if (!place.schema->get<bool>()) {
        problems.push_back({pointer, "nothing is allowed here", "", ""});
      }
      return;
    }
    const Json& schema = *place.schema;
    if (schema.contains("$ref")) {
      check(value, compiled_.follow(place), pointer, problems);
    }
    const auto types = types_of(schema);
    const bool fits = types.empty() || std::any_of(types.begin(), types.end(),
                                                   [&](const std::string& type) { return has_type(value, type); });
    if (!fits) {
      problems.push_back({pointer, with_article(type_name(value)) + " is not allowed here", either(types), ""});
      return;
    }
    check_choice(value, schema, pointer, problems);
    check_scalar(value, schema, pointer, problems);
    if (value.is_array()) {
      check_array(value, place, pointer, problems);
    } else if (value.is_object()) {
      check_object(value, place, pointer, problems);
    }
    if (schema.contains("oneOf")) {
      check_one_of(value, place, pointer, problems);
    }
  }

 private:
  static void check_choice(const Json& value, const Json& schema, const std::string& pointer, Problems& problems) {
    std::vector<Json> allowed;
    if (const auto constant = schema.find("const"); constant != schema.end()) {
      allowed.push_back(*constant);
    } else if (const auto choices = schema.find("enum"); choices != schema.end()) {
      allowed = choices->get<std::vector<Json>>();
    }
    if (allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) {
      return;
    }
    std::vector<std::string> texts;
    std::vector<std::string> names;
    for (const Json& choice : allowed) {
      texts.push_back(choice.is_string() ? choice.get<std::string>() : to_text(choice));
      if (choice.is_string()) {
        names.push_back(choice.get<std::string>());
      }
    }
    const bool is_scalar = !value.is_structured();
    problems.push_back({pointer, is_scalar ? "unknown value " + to_text(value) : "unknown value",
                        (texts.size() > 1 ? "one of: " : "") + join(texts, ", "),
                        value.is_string() ? nearest_name(value.get_ref<const std::string&>(), names) : ""});
  }

  void check_scalar(const Json& value, const Json& schema, const std::string& pointer, Problems& problems) const {
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      if (const auto least = schema.find("minLength"); least != schema.end() && length_of(text) < *least) {
        problems.push_back({pointer, text.empty() ? "is empty" : "is too short",
                            "at least " + least->dump() + (*least == 1U ? " character" : " characters"), ""});
      }
      check_pattern(text, schema, "has the wrong form", pointer, problems);
    }
    if (!value.is_number()) {
      return;
    }
    if (const auto least = schema.find("minimum"); least != schema.end() && value < *least) {
      problems.push_back({pointer, value.dump() + " is too small", "at least " + least->dump(), ""});
    }
    if (const auto bound = schema.find("exclusiveMinimum"); bound != schema.end() && value <= *bound) {
      problems.push_back({pointer, value.dump() + " is too small", "more than " + bound->dump(), ""});
    }
    if (const auto most = schema.find("maximum"); most != schema.end() && value > *most) {
      problems.push_back({pointer, value.dump() + " is too large", "at most " + most->dump(), ""});
    }
  }

  // The text isn't quoted: it may be a secret.
  void check_pattern(const std::string& text, const Json& schema, const std::string& message,
                     const std::string& pointer, Problems& problems) const {
    const auto pattern = schema.find("pattern");
    if (pattern == schema.end()) {
      return;
    }
    const auto& expression = pattern->get_ref<const std::string&>();
    if (!std::regex_search(text, compiled_.patterns.at(expression))) {
      problems.push_back({pointer, message, "a text that matches " + expression, ""});
    }
  }

  static void check_size(const Json& value, const Json& schema, const char* least_name, const char* most_name,
                         const std::string& noun, const std::string& pointer, Problems& problems) {
    if (const auto least = schema.find(least_name); least != schema.end() && value.size() < *least) {
      problems.push_back({pointer, "has too few " + noun, "at least " + least->dump(), ""});
    }
    if (const auto most = schema.find(most_name); most != schema.end() && value.size() > *most) {
      problems.push_back({pointer, "has too many " + noun, "at most " + most->dump(), ""});
    }
  }

  void check_array(const Json& value, const Place& place, const std::string& pointer, Problems& problems) const {
    check_size(value, *place.schema, "minItems", "maxItems", "items", pointer, problems);
    const auto items = place.schema->find("items");
    for (std::size_t i = 0; items != place.schema->end() && i < value.size(); ++i) {
      check(value[i], {&*items, place.document}, child(pointer, std::to_string(i)), problems);
    }
  }

  void check_object(const Json& value, const Place& place, const std::string& pointer, Problems& problems) const {
    const Json& schema = *place.schema;
    check_size(value, schema, "minProperties", "maxProperties", "keys", pointer, problems);
    if (const auto required = schema.find("required"); required != schema.end()) {
      for (const Json& name : *required) {
        if (!value.contains(name.get_ref<const std::string&>())) {
          problems.push_back({pointer, "missing key " + to_text(name), "", ""});
        }
      }
    }
    for (auto member = value.begin(); member != value.end(); ++member) {
      check_member(member.key(), member.value(), place, child(pointer, member.key()), problems);
    }
  }

  void check_member(const std::string& name, const Json& value, const Place& place, const std::string& pointer,
                    Problems& problems) const {
    const Json& schema = *place.schema;
    if (const auto rule = schema.find("propertyNames"); rule != schema.end()) {
      check_pattern(name, *rule, "key " + to_text(Json(name)) + " has the wrong form", pointer, problems);
    }
    const auto properties = schema.find("properties");
    if (properties != schema.end() && properties->contains(name)) {
      check(value, {&properties->at(name), place.document}, pointer, problems);
      return;
    }
    const auto additional = schema.find("additionalProperties");
    if (additional == schema.end()) {
      return;
    }
    if (additional->is_boolean() && !additional->get<bool>()) {
      const auto names = names_of(schema);
      const std::string expected = names.empty() ? "no keys" : "one of: " + join(names, ", ");
      problems.push_back({pointer, "unknown key " + to_text(Json(name)), expected, nearest_name(name, names)});
      return;
    }
    check(value, {&*additional, place.document}, pointer, problems);
  }

  void check_one_of(const Json& value, const Place& place, const std::string& pointer, Problems& problems) const;
  bool may_fit(const Json& value, Place place) const;
  std::vector<std::string> allowed_types(Place place) const;
  std::size_t shared_keys(const Json& value, const Place& place) const;
  void explain(const Json& value, const std::vector<std::pair<Place, Problems>>& fitting, const std::string& pointer,
               Problems& problems) const;

  const Schema::Compiled& compiled_;
};

void Checker::check_one_of(const Json& value, const Place& place, const std::string& pointer,
                           Problems& problems) const {
  std::vector<std::pair<Place, Problems>> fitting;
  std::set<std::string> types;
  std::size_t matches = 0;
  for (const Json& alternative : place.schema->at("oneOf")) {
    const Place branch{&alternative, place.document};
    Problems found;
    check(value, branch, pointer, found);
    matches += found.empty() ? 1 : 0;
    const auto allowed = allowed_types(branch);
    types.insert(allowed.begin(), allowed.end());
    if (may_fit(value, branch)) {
      fitting.emplace_back(branch, std::move(found));
    }
  }
  if (matches > 1) {
    problems.push_back({pointer, "fits more than one alternative", "exactly one", ""});
  } else if (matches == 0 && fitting.empty()) {
    problems.push_back(
        {pointer, with_article(type_name(value)) + " is not allowed here", either({types.begin(), types.end()}), ""});
  } else if (matches == 0) {
    explain(value, fitting, pointer, problems);
  }
}

bool Checker::may_fit(const Json& value, Place place) const {
  const auto types = allowed_types(place);
  return types.empty() ||
         std::any_of(types.begin(), types.end(), [&](const std::string& type) { return has_type(value, type); });
}

std::vector<std::string> Checker::allowed_types(Place place) const {
  place = compiled_.resolved(place);
  if (!place.schema->is_object()) {
    return {};
  }
  auto types = types_of(*place.schema);
  if (!types.empty()) {
    return types;
  }
  if (const auto constant = place.schema->find("const"); constant != place.schema->end()) {
    return {type_name(*constant)};
  }
  std::set<std::string> found;
  if (const auto choices = place.schema->find("enum"); choices != place.schema->end()) {
    for (const Json& choice : *choices) {
      found.insert(type_name(choice));
    }
  } else if (const auto alternatives = place.schema->find("oneOf"); alternatives != place.schema->end()) {
    for (const Json& alternative : *alternatives) {
      const auto inner = allowed_types({&alternative, place.document});
      found.insert(inner.begin(), inner.end());
    }
  } else if (place.schema->contains("properties")) {
    found.insert("object");
  }
  return {found.begin(), found.end()};
}

std::size_t Checker::shared_keys(const Json& value, const Place& place) const {
  const Json& schema = *compiled_.resolved(place).schema;
  const auto properties = schema.is_object() ? schema.find("properties") : schema.end();
  if (!value.is_object() || properties == schema.end()) {
    return 0;
  }
  std::size_t shared = 0;
  for (auto member = value.begin(); member != value.end(); ++member) {
    shared += properties->contains(member.key()) ? 1 : 0;
  }
  return shared;
}

void Checker::explain(const Json& value, const std::vector<std::pair<Place, Problems>>& fitting,
                      const std::string& pointer, Problems& problems) const {
  const auto is_plain = [&](const auto& branch) {
    return branch.second.size() == 1 && branch.second.front().pointer == pointer;
  };
  if (!value.is_structured() && std::all_of(fitting.begin(), fitting.end(), is_plain)) {
    SchemaProblem merged = fitting.front().second.front();
    for (auto branch = fitting.begin() + 1; branch != fitting.end(); ++branch) {
      const SchemaProblem& other = branch->second.front();
      merged.expected += " or " + other.expected;
      merged.suggestion = merged.suggestion.empty() ? other.suggestion : merged.suggestion;
    }
    problems.push_back(std::move(merged));
    return;
  }
  const auto best = std::min_element(fitting.begin(), fitting.end(), [&](const auto& a, const auto& b) {
    const auto a_keys = shared_keys(value, a.first);
    const auto b_keys = shared_keys(value, b.first);
    return a_keys != b_keys ? a_keys > b_keys : a.second.size() < b.second.size();
  });
  problems.insert(problems.end(), best->second.begin(), best->second.end());
}

}  // namespace

std::string to_sentence(const SchemaProblem& problem) {
  std::vector<std::string> hints;
  if (!problem.expected.empty()) {
    hints.push_back("expected " + problem.expected);
  }
  if (!problem.suggestion.empty()) {
    hints.push_back("did you mean \"" + problem.suggestion + "\"?");
  }
  return hints.empty() ? problem.message : problem.message + " (" + join(hints, "; ") + ")";
}

Schema::Schema(Json root, std::vector<Json> others) : compiled_{detail::compile(std::move(root), std::move(others))} {}

std::vector<SchemaProblem> Schema::check(const Json& value) const {
  Problems problems;
  Checker{*compiled_}.check(value, {&compiled_->documents.front(), &compiled_->documents.front()}, "", problems);
  return problems;
}

}  // namespace oidc
