#pragma once

#include <string>

#include "scenarios/runner.hpp"

namespace conformance {

/// The run as inline SVG: time runs downwards, client and issuer are lanes, each exchange a
/// pair of arrows, pauses are labelled, steps are bands. "" if nothing happened.
std::string timeline_svg(const scenarios::Outcome& outcome);

}  // namespace conformance
