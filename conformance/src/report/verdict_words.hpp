#pragma once

#include <array>
#include <string>

#include "scenarios/verdict.hpp"

/// How the HTML report shows verdicts: a sign, a word and a style, so that none depends on colour.
namespace conformance {

struct VerdictLegend {
  scenarios::Verdict verdict;
  const char* meaning;
};
extern const std::array<VerdictLegend, 13> kLegend;

/// "✓ PASS", "✗ FAIL".
std::string signed_word(scenarios::Verdict verdict);
/// "v-pass", "v-not-reached".
std::string style_class(scenarios::Verdict verdict);

}  // namespace conformance
