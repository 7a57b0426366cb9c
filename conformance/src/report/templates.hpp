#pragma once

#include <string_view>

/// The text files that CMake builds into the library: see `assay_embed` in cmake/assay.cmake.
namespace assay::embedded {

extern const std::string_view matrix_css_text;
extern const std::string_view matrix_mustache_text;
extern const std::string_view report_css_text;
extern const std::string_view report_mustache_text;
extern const std::string_view scenario_mustache_text;

}  // namespace assay::embedded
