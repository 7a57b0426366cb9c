#pragma once

#include <string>
#include <vector>

#include "mockserver/journal.hpp"

namespace mockserver {

/// An exchange for people: `#2 +0.000s POST /token grant_type=refresh_token -> 503  [step-1]`. Long parts are
/// shortened, control characters are blanks. Not to be parsed: `to_json` is.
std::string to_line(const Exchange& exchange);

/// The latest 50, a line each, and how many were left out; "no request came" if there are none.
std::string to_lines(const std::vector<Exchange>& exchanges);

}  // namespace mockserver
