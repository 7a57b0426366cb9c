#pragma once

#include <string>
#include <vector>

#include "oidc/result.hpp"
#include "scenarios/scenario.hpp"

namespace cli {

/// The scenarios that the words on a command line stand for, in the order of the words,
/// each once. A word is
///  - a path: it ends in .yaml, .yml or .json, or begins with "." or "/"; a directory is
///    read as a library of its own;
///  - an id or whole leading segments of ids ("refresh" is refresh/…);
///  - failing that, the beginning of ids ("refresh/rot").
/// No word at all selects the whole library.
///
/// Errors: `kInvalidArgument` for a word that selects nothing, with the nearest id;
/// `kBadInput` for a file with problems.
oidc::Result<std::vector<scenarios::Scenario>> select(const std::vector<scenarios::Scenario>& library,
                                                      const std::vector<std::string>& words);

/// True if the word means a file or directory of the caller's own.
bool is_path(const std::string& word);

}  // namespace cli
