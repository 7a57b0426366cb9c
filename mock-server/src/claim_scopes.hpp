#pragma once

#include <string_view>

namespace mockserver {

/// The scope that asks for a standard claim (OIDC Core section 5.4), in any language ("name#ja-Kana-JP"); "" for a
/// claim that no scope of the specification asks for.
std::string_view scope_of_claim(std::string_view claim);

}  // namespace mockserver
