#pragma once

#include <string_view>

/// The text files that CMake builds into the libraries: see `assay_embed` in cmake/assay.cmake.
namespace assay::embedded {

extern const std::string_view scenario_schema_json_text;
extern const std::string_view commands_schema_json_text;
extern const std::string_view issuer_schema_json_text;
extern const std::string_view step_schema_json_text;
extern const std::string_view token_schema_json_text;

}  // namespace assay::embedded
