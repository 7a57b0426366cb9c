#include "schema_compile.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace oidc {
namespace {

constexpr int kMaxReferences = 32;

/// The library's other way to match goes one call deeper with each character of the text: a mebibyte would end the
/// process.
constexpr auto kPatternKind = std::regex::ECMAScript | std::regex::optimize | std::regex_constants::__polynomial;

constexpr std::array<std::string_view, 19> kChecked = {"$ref",
                                                       "type",
                                                       "properties",
                                                       "required",
                                                       "additionalProperties",
                                                       "minProperties",
                                                       "maxProperties",
                                                       "propertyNames",
                                                       "items",
                                                       "minItems",
                                                       "maxItems",
                                                       "enum",
                                                       "const",
                                                       "pattern",
                                                       "minLength",
                                                       "minimum",
                                                       "exclusiveMinimum",
                                                       "maximum",
                                                       "oneOf"};
constexpr std::array<std::string_view, 12> kAnnotations = {
    "$schema",  "$id",     "$defs",      "$comment", "title",     "description",
    "examples", "default", "deprecated", "readOnly", "writeOnly", "markdownDescription"};

[[noreturn]] void reject(const std::string& where, const std::string& why) {
  throw std::invalid_argument{"schema " + where + ": " + why};
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Walks every schema of a document.
class Compiler {
 public:
  Compiler(Schema::Compiled& compiled, const Json& document) : compiled_{compiled}, document_{document} {}

  void visit(const Json& schema, const std::string& where) {
    if (schema.is_boolean()) {
      return;
    }
    if (!schema.is_object()) {
      reject(where, "is not an object");
    }
    for (auto member = schema.begin(); member != schema.end(); ++member) {
      const std::string& name = member.key();
      if (!contains(kChecked, name) && !contains(kAnnotations, name) && !name.starts_with("x-")) {
        reject(where, "keyword \"" + name + "\" is not supported");
      }
      visit_keyword(name, member.value(), where + "/" + name);
    }
    if (schema.contains("$ref")) {
      compiled_.resolved({&schema, &document_});
    }
  }

 private:
  void visit_keyword(const std::string& name, const Json& value, const std::string& where) {
    if (name == "$defs" || name == "properties") {
      require(value.is_object(), where, "an object");
      for (auto member = value.begin(); member != value.end(); ++member) {
        visit(member.value(), where + "/" + member.key());
      }
    } else if (name == "additionalProperties" || name == "items") {
      visit(value, where);
    } else if (name == "oneOf") {
      require(value.is_array() && !value.empty(), where, "an array of schemas");
      for (std::size_t i = 0; i < value.size(); ++i) {
        visit(value[i], where + "/" + std::to_string(i));
      }
    } else if (name == "propertyNames") {
      require(value.is_object() && value.size() == 1 && value.contains("pattern"), where, "{\"pattern\": ...}");
      visit(value, where);
    } else if (name == "pattern") {
      add_pattern(value, where);
    } else {
      visit_assertion(name, value, where);
    }
  }

  static void visit_assertion(const std::string& name, const Json& value, const std::string& where) {
    if (name == "type") {
      require(value.is_array() ? all_strings(value) : value.is_string(), where, "a type or a list of types");
    } else if (name == "required") {
      require(value.is_array() && all_strings(value), where, "an array of strings");
    } else if (name == "enum") {
      require(value.is_array() && !value.empty(), where, "an array of values");
    } else if (name == "minimum" || name == "maximum" || name == "exclusiveMinimum") {
      require(value.is_number(), where, "a number");
    } else if (name.starts_with("min") || name.starts_with("max")) {
      require(value.is_number_unsigned(), where, "a count");
    } else if (name == "$ref") {
      require(value.is_string(), where, "a string");
    }
  }

  void add_pattern(const Json& value, const std::string& where) {
    require(value.is_string(), where, "a string");
    const auto& text = value.get_ref<const std::string&>();
    try {
      compiled_.patterns.emplace(text, std::regex{text, kPatternKind});
    } catch (const std::regex_error&) {
      reject(where, "is not a regular expression");
    }
  }

  static bool all_strings(const Json& array) {
    return std::all_of(array.begin(), array.end(), [](const Json& element) { return element.is_string(); });
  }

  static void require(bool fine, const std::string& where, const std::string& what) {
    if (!fine) {
      reject(where, "is not " + what);
    }
  }

  Schema::Compiled& compiled_;
  const Json& document_;
};

std::string id_of(const Json& document) {
  return string_member(document, "$id").value_or("");
}

const Json* find_document(const Schema::Compiled& compiled, const Json& from, const std::string& id) {
  if (id.empty()) {
    return &from;
  }
  // As written, or relative to the place of the schema that names it, as editors resolve it.
  const std::string base = id_of(from);
  for (const std::string& candidate : {id, base.substr(0, base.rfind('/') + 1) + id}) {
    const auto found = compiled.document_of_id.find(candidate);
    if (found != compiled.document_of_id.end()) {
      return found->second;
    }
  }
  return nullptr;
}

}  // namespace

Schema::Compiled::Place Schema::Compiled::follow(const Place& place) const {
  const auto& reference = place.schema->at("$ref").get_ref<const std::string&>();
  const auto hash = std::min(reference.find('#'), reference.size());
  const Json* document = find_document(*this, *place.document, reference.substr(0, hash));
  const std::string pointer = reference.substr(std::min(hash + 1, reference.size()));
  if (document == nullptr || !(pointer.empty() || pointer.starts_with('/'))) {
    reject(id_of(*place.document), "$ref \"" + reference + "\" names nothing");
  }
  const Json::json_pointer path{pointer};
  if (!document->contains(path)) {
    reject(id_of(*place.document), "$ref \"" + reference + "\" names nothing");
  }
  return {&document->at(path), document};
}

Schema::Compiled::Place Schema::Compiled::resolved(Place place) const {
  for (int count = 0; place.schema->is_object() && place.schema->contains("$ref"); ++count) {
    if (count == kMaxReferences) {
      reject(id_of(*place.document), "a $ref leads back to itself");
    }
    place = follow(place);
  }
  return place;
}

}  // namespace oidc

namespace oidc::detail {

std::shared_ptr<const Schema::Compiled> compile(Json root, std::vector<Json> others) {
  auto compiled = std::make_shared<Schema::Compiled>();
  compiled->documents.reserve(others.size() + 1);  // the pointers below must stay valid
  compiled->documents.push_back(std::move(root));
  for (Json& other : others) {
    compiled->documents.push_back(std::move(other));
  }
  for (const Json& document : compiled->documents) {
    if (const std::string id = id_of(document); !id.empty()) {
      compiled->document_of_id.emplace(id, &document);
    }
  }
  for (const Json& document : compiled->documents) {
    Compiler{*compiled, document}.visit(document, id_of(document) + "#");
  }
  return compiled;
}

}  // namespace oidc::detail
