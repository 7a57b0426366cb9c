#pragma once

#include <string>
#include <vector>

#include "data.hpp"
#include "oidc/result.hpp"
#include "scenarios/rules.hpp"

namespace cli {

/// The project's books and statements, with those of `own_file` ("" for none) as the book "own".
///
/// `chosen` are the names of `--books`: books, or "all"; none leaves the choice to what binds the client. Errors:
/// `kInvalidArgument` for a book that there is not, with the nearest name; `kBadInput` for files with problems, and
/// for an own statement whose id is taken.
oidc::Result<scenarios::Rules> load_rules(const Data& data, const std::vector<std::string>& chosen = {},
                                          const std::string& own_file = "");

}  // namespace cli
