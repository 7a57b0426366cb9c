#include <csignal>
#include <cstdio>
#include <exception>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "print.hpp"
#include "usage.hpp"

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 as expected, 1 an unexpected result, 2 wrong usage, bad input or an empty\n"
    "selection, 3 the harness failed, 4 the client under test could not be driven.";

void describe(CLI::App& app, cli::Context& context) {
  app.name("assay");
  app.set_version_flag("--version", "assay " ASSAY_VERSION, "Print the version and exit");
  app.add_option("--data-dir", context.data_dir,
                 "Where the scenario library, statements and clients are (default: $ASSAY_DATA, else "
                 "share/assay beside the program, else the source tree it was built from)")
      ->type_name("DIR");
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
}

}  // namespace

int main(int argc, char** argv) try {
  // A peer that goes away is an error of the call that notices it, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{"Puts OAuth 2.0 and OpenID Connect clients to the test."};
  cli::Context context;
  describe(app, context);
  cli::add_serve(app, context);
  cli::add_run(app, context);
  cli::add_list(app, context);
  cli::add_explain(app, context);
  cli::add_statements(app, context);
  cli::add_check(app, context);
  cli::add_faults(app, context);
  cli::add_merge(app, context);
  cli::add_baseline(app, context);
  cli::add_matrix(app, context);
  cli::add_mint(app, context);
  cli::add_healthcheck(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return oidc::tell_usage(app, error) ? cli::kUsage : cli::kAsExpected;
  }
  return context.exit_code;
} catch (const std::exception& error) {
  cli::print_error("assay: {}\n", error.what());
  return cli::kHarnessFailed;
}
