#include "loader/schema.hpp"

#include "embedded.hpp"

namespace scenarios {
namespace {

oidc::Json embedded(std::string_view text) {
  return oidc::parse_json(text).value();
}

}  // namespace

const oidc::Schema& scenario_schema() {
  static const oidc::Schema kSchema{
      embedded(assay::embedded::scenario_schema_json_text),
      {embedded(assay::embedded::issuer_schema_json_text), embedded(assay::embedded::step_schema_json_text),
       embedded(assay::embedded::token_schema_json_text)}};
  return kSchema;
}

}  // namespace scenarios
