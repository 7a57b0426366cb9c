#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oidc/result.hpp"
#include "scenarios/scenario.hpp"

namespace conformance {

/// One of `count` parts of a selection. They are run by themselves and merged afterwards (`assay merge`).
struct Shard {
  std::size_t index = 1;  ///< 1-based
  std::size_t count = 1;
  bool operator==(const Shard&) const = default;
};

/// "2/3".
std::string to_string(const Shard& shard);
/// Errors: `kInvalidArgument` for anything but I/N with 1 <= I <= N.
oidc::Result<Shard> parse_shard(const std::string& text);

/// The shard's scenarios, in the order in which they stand in `selection`.
///
/// All ids are put in the order of their hashes, and that is cut into `count` pieces whose sizes differ by one at
/// most. So a shard does not depend on the order of the selection, and one scenario more or less moves at most one
/// other over each cut.
std::vector<scenarios::Scenario> take(const Shard& shard, const std::vector<scenarios::Scenario>& selection);

}  // namespace conformance
