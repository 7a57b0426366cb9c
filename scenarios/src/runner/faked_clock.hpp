#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "runner/run_clock.hpp"

namespace scenarios {

/// libfaketime's library on this machine, or the one that ASSAY_FAKETIME names; none: it is not installed.
std::optional<std::string> find_faketime_library();

/// The machine's wall clock, moved along for programs that live under libfaketime: their offset stands in a file of
/// `directory`. Waiting is real, advancing costs nothing. `skew`: by how much the client's clock is ahead.
std::unique_ptr<RunClock> make_faked_clock(const std::filesystem::path& directory, oidc::Duration skew);

}  // namespace scenarios
