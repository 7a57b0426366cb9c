#include "conformance/baseline.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "client.hpp"
#include "commands.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "library_hash.hpp"
#include "print.hpp"
#include "results_files.hpp"

namespace cli {
namespace {

struct BaselineOptions {
  std::vector<std::string> files;
  std::string output;
  bool force = false;
};

oidc::Error bad_results(const conformance::Results& results, const std::string& why) {
  return {oidc::Errc::kBadInput, fmt::format("{}: {}", results.file, why)};
}

/// The ids of the library that the results are of.
oidc::Result<std::vector<std::string>> ids_of_library(const conformance::Results& results, const Context& context) {
  const auto data = Data::locate(context);
  if (!data) {
    return data.error();
  }
  const auto library = scenarios::load_library(data->library());
  if (!library) {
    return library.error();
  }
  if (const std::string hash = hash_of(*library); hash != results.report.library_hash) {
    return bad_results(results,
                       fmt::format("results of the library {}; the one here is {}, and may have other scenarios",
                                   results.report.library_hash, hash));
  }
  std::vector<std::string> ids;
  for (const auto& scenario : *library) {
    ids.push_back(scenario.id);
  }
  return ids;
}

oidc::Status deliver(const std::string& text, const BaselineOptions& options) {
  if (options.output.empty()) {
    print("{}", text);
    return oidc::Done{};
  }
  if (options.force) {
    return conformance::write_report(options.output, text);
  }
  auto written = conformance::write_new_report(options.output, text);
  if (!written && written.error().code == oidc::Errc::kInvalidArgument) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       written.error().message + "; --force replaces it, and keeps the reasons of what still holds"};
  }
  return written;
}

/// The file that is replaced: what was said there is not lost.
oidc::Result<conformance::Expectations> earlier_file(const BaselineOptions& options) {
  std::error_code error;
  const bool replaces = options.force && !options.output.empty() && std::filesystem::exists(options.output, error);
  return replaces ? conformance::Expectations::remember(options.output) : conformance::Expectations{{}};
}

oidc::Status baseline(const BaselineOptions& options, const Context& context) {
  const auto results = read_merged(options.files);
  if (!results) {
    return results.error();
  }
  if (!results->report.expect.empty()) {
    return bad_results(*results, fmt::format("judged with --expect {}, which hides what fails; run without it",
                                             results->report.expect));
  }
  const auto library = ids_of_library(*results, context);
  if (!library) {
    return library.error();
  }
  const auto earlier = earlier_file(options);
  if (!earlier) {
    return earlier.error();
  }
  return deliver(conformance::to_baseline(results->report, *library, *earlier), options);
}

}  // namespace

void add_baseline(CLI::App& app, Context& context) {
  auto options = std::make_shared<BaselineOptions>();
  auto* command = app.add_subcommand("baseline", "Write today's state of a client as a file for `assay run --expect`");
  command
      ->add_option("RESULTS", options->files,
                   "What `assay run --jsonl` wrote, without --expect; several as for `assay merge`")
      ->required();
  command
      ->add_option("-o,--output", options->output, "The file to write, which must not be there yet; default: print it")
      ->type_name("FILE")
      ->check(not_empty("the name of the file"));
  command->add_flag("--force", options->force,
                    "Replace the file, and keep the reasons of what still holds; default: off");
  command->footer(
      "What fails is XFAIL, what the client cannot is UNSUPPORTED, folders whose scenarios are all alike have one\n"
      "entry. The reasons are yours to say (docs/scenarios.md).");
  command->callback([options, &context] {
    const auto written = baseline(*options, context);
    context.exit_code = written ? kAsExpected : fail(written.error());
  });
}

}  // namespace cli
