#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "failure.hpp"
#include "print.hpp"
#include "report_files.hpp"
#include "results_files.hpp"

namespace cli {
namespace {

struct MergeOptions {
  std::vector<std::string> files;
  ReportFiles reports;
  bool verbose = false;
};

oidc::Result<int> merge_files(const MergeOptions& options) {
  const auto whole = read_merged(options.files);
  if (!whole) {
    return whole.error();
  }
  if (auto written = write_report_files(whole->report, options.reports); !written) {
    return written.error();
  }
  print("{}", conformance::to_terminal(whole->report, options.verbose));
  return conformance::exit_code(whole->report);
}

}  // namespace

void add_merge(CLI::App& app, Context& context) {
  auto options = std::make_shared<MergeOptions>();
  auto* command = app.add_subcommand("merge", "Make one report of the results of several runs, such as shards");
  command
      ->add_option(
          "RESULTS", options->files,
          "What `assay run --jsonl` wrote: parts of one run, by the same client, library and options; no scenario "
          "twice, and all shards of a whole")
      ->required();
  add_report_files(*command, options->reports);
  command->add_flag("-v,--verbose", options->verbose, "Print every check, not only what needs attention; default: off");
  command->footer("The exit code is that of one run of them all.");
  command->callback([options, &context] {
    const auto code = merge_files(*options);
    context.exit_code = code ? *code : fail(code.error());
  });
}

}  // namespace cli
