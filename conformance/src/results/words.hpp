#pragma once

#include <optional>
#include <string_view>

#include "scenarios/runner.hpp"
#include "scenarios/statement.hpp"
#include "scenarios/verdict.hpp"

/// The words of a results file for closed sets of values, in both directions.
namespace conformance {

/// "specification", "practice", "product".
std::string_view to_string(scenarios::BookKind kind);

std::optional<scenarios::BookKind> kind_of(std::string_view word);
std::optional<scenarios::Level> level_of(std::string_view word);
std::optional<scenarios::Verdict> verdict_of(std::string_view word);
std::optional<scenarios::Transport> transport_of(std::string_view word);

}  // namespace conformance
