#pragma once

#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report.hpp"
#include "oidc/result.hpp"

namespace conformance {

/// What `to_json_lines` wrote, read back. A value that can be moved and not copied: the outcomes point to its
/// scenarios.
struct Results {
  Results() = default;
  Results(Results&&) = default;
  Results& operator=(Results&&) = default;

  std::string file;
  std::list<scenarios::Scenario> scenarios;  ///< as far as reports need them: names, reasons, source
  Report
      report;  ///< gives the same views as the one that was written; statements that no check names have their id alone
};

/// Errors: `kBadInput`, as "file:line: sentence": what is no results file, is of another schema, or has no footer,
/// since the run that wrote it did not end.
oidc::Result<Results> read_results(const std::string& file);
/// As above; `file` names the text in errors.
oidc::Result<Results> parse_results(std::string_view text, const std::string& file);

/// The results of the parts as one run, its scenarios in the order of their ids. There is at least one part.
/// Errors: `kBadInput` naming the two files: another library, version of Assay, client, or another way to judge; a
/// scenario that is there twice; a shard that is missing.
oidc::Result<Results> merge(std::vector<Results> parts);

/// Whether clients may be compared by these: whole runs of one library by one version of Assay. Errors: as above.
oidc::Status check_comparable(const std::vector<Results>& all);

}  // namespace conformance
