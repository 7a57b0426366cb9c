#include "conformance/matrix.hpp"

#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "client.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "print.hpp"
#include "results_files.hpp"

namespace cli {
namespace {

struct MatrixOptions {
  std::vector<std::string> files;
  std::string html;
};

oidc::Status matrix(const MatrixOptions& options) {
  const auto clients = read_files(options.files);
  if (!clients) {
    return clients.error();
  }
  const auto made = conformance::make_matrix(*clients);
  if (!made) {
    return made.error();
  }
  if (!options.html.empty()) {
    if (auto written = conformance::write_report(options.html, conformance::to_html(*made)); !written) {
      return written;
    }
  }
  print("{}", conformance::to_terminal(*made));
  return oidc::Done{};
}

}  // namespace

void add_matrix(CLI::App& app, Context& context) {
  auto options = std::make_shared<MatrixOptions>();
  auto* command = app.add_subcommand("matrix", "Put several clients beside each other, statement by statement");
  command
      ->add_option("RESULTS", options->files,
                   "What `assay run --jsonl` wrote, a file for each client; by the same library and version of Assay")
      ->required();
  command->add_option("--html", options->html, "Write one self-contained page to FILE; default: none")
      ->type_name("FILE")
      ->check(not_empty("the name of the file"));
  command->footer("Prints the same as a table. Exit code 2 for results that cannot be compared.");
  command->callback([options, &context] {
    const auto done = matrix(*options);
    context.exit_code = done ? kAsExpected : fail(done.error());
  });
}

}  // namespace cli
