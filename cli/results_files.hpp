#pragma once

#include <string>
#include <vector>

#include "conformance/results.hpp"
#include "oidc/result.hpp"

namespace cli {

/// The files of `--jsonl`, each by itself. Errors: as `conformance::read_results`.
oidc::Result<std::vector<conformance::Results>> read_files(const std::vector<std::string>& files);
/// The files of one run as one. Errors: as `conformance::merge`, too.
oidc::Result<conformance::Results> read_merged(const std::vector<std::string>& files);

}  // namespace cli
