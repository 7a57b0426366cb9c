#include "control/bodies.hpp"

#include <map>
#include <mutex>
#include <utility>

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

/// Throws `oidc::Failure` if an embedded text is no JSON, which would be a defect of the build.
oidc::Schema compile(std::string_view definition) {
  std::vector<oidc::Json> all;
  for (const auto& [name, text] : texts()) {
    all.push_back(oidc::parse_json(text).value());
  }
  const oidc::Json root = {{"$ref", "control.schema.json#/$defs/" + std::string{definition}}};
  return oidc::Schema{root, std::move(all)};
}

/// Compiled when it is first needed: a server that starts needs one of two dozen. Thread-safe.
oidc::Schema schema_of(std::string_view definition) {
  static std::mutex mutex;
  static std::map<std::string, oidc::Schema, std::less<>> compiled;
  const std::scoped_lock lock{mutex};
  auto found = compiled.find(definition);
  if (found == compiled.end()) {
    found = compiled.emplace(definition, compile(definition)).first;
  }
  return found->second;
}

}  // namespace

std::optional<Problem> check_body(std::string_view definition, const oidc::Json& body) {
  const auto problems = schema_of(definition).check(body);
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
