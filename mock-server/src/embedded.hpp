#pragma once

#include <string_view>

/// The text files that CMake builds into the library: see `assay_embed` in cmake/assay.cmake.
namespace assay::embedded {

extern const std::string_view issuer_schema_json_text;
extern const std::string_view step_schema_json_text;
extern const std::string_view token_schema_json_text;

extern const std::string_view rsa_1_pem_text;
extern const std::string_view rsa_2_pem_text;
extern const std::string_view rsa_3_pem_text;
extern const std::string_view rsa_4_pem_text;
extern const std::string_view rsa_client_pem_text;
extern const std::string_view rsa_unpublished_pem_text;

}  // namespace assay::embedded
