#include "control/bodies.hpp"

#include <map>

#include "embedded.hpp"
#include "oidc/schema.hpp"

namespace assay::embedded {
extern const std::string_view control_schema_json_text;
extern const std::string_view server_schema_json_text;
}  // namespace assay::embedded

namespace mockserver::control {
namespace {

const std::map<std::string_view, std::string_view>& texts() {
  static const std::map<std::string_view, std::string_view> kAll{
      {"issuer", assay::embedded::issuer_schema_json_text}, {"step", assay::embedded::step_schema_json_text},
      {"token", assay::embedded::token_schema_json_text},   {"control", assay::embedded::control_schema_json_text},
      {"server", assay::embedded::server_schema_json_text},
  };
  return kAll;
}

/// One schema a definition. Throws `oidc::Failure` if an embedded text is no JSON, which would be
/// a defect of the build.
std::map<std::string, oidc::Schema, std::less<>> make_schemas() {
  std::vector<oidc::Json> all;
  for (const auto& [name, text] : texts()) {
    all.push_back(oidc::parse_json(text).value());
  }
  std::map<std::string, oidc::Schema, std::less<>> schemas;
  const oidc::Json control = oidc::parse_json(assay::embedded::control_schema_json_text).value();
  for (const auto& [name, definition] : control.at("$defs").items()) {
    const oidc::Json root = {{"$ref", "control.schema.json#/$defs/" + name}};
    schemas.emplace(name, oidc::Schema{root, all});
  }
  return schemas;
}

}  // namespace

std::optional<Problem> check_body(std::string_view definition, const oidc::Json& body) {
  static const auto kSchemas = make_schemas();
  const auto problems = kSchemas.find(definition)->second.check(body);
  return problems.empty() ? std::nullopt : std::optional{to_problem(problems.front())};
}

std::string_view schema_text(std::string_view name) {
  const auto found = texts().find(name);
  return found == texts().end() ? std::string_view{} : found->second;
}

std::vector<std::string> schema_names() {
  std::vector<std::string> names;
  for (const auto& [name, text] : texts()) {
    names.emplace_back(name);
  }
  return names;
}

const std::vector<std::string>& endpoint_names() {
  static const auto kNames = oidc::parse_json(assay::embedded::step_schema_json_text)
                                 .value()
                                 .at(oidc::Json::json_pointer{"/properties/when/properties/endpoint/enum"})
                                 .get<std::vector<std::string>>();
  return kNames;
}

}  // namespace mockserver::control
