#pragma once

#include <string>

#include "scenarios/runner.hpp"

namespace cli {

/// A sequence diagram in ASCII of what client and issuer said to each other, step by step,
/// with virtual seconds since T0. A pure function.
std::string draw_sequence(const scenarios::Outcome& outcome);

}  // namespace cli
