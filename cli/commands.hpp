#pragma once

#include <string>

namespace CLI {
class App;
}

/// The subcommands of `assay`. Each lives in the file of its name and adds itself to the
/// command line; its callback leaves the exit code in the context.
namespace cli {

// Exit codes of every subcommand.
constexpr int kAsExpected = 0;
constexpr int kUnexpected = 1;     ///< a check failed, a fault was not caught, a URL is not healthy
constexpr int kUsage = 2;          ///< wrong usage, bad input, empty selection
constexpr int kHarnessFailed = 3;  ///< our own fault, or the machine's
constexpr int kAdapterFailed = 4;  ///< the client under test could not be driven

struct Context {
  std::string data_dir;  ///< --data-dir, "" if not given
  int exit_code = kAsExpected;
};

void add_serve(CLI::App& app, Context& context);
void add_run(CLI::App& app, Context& context);
void add_list(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_statements(CLI::App& app, Context& context);
void add_check(CLI::App& app, Context& context);
void add_faults(CLI::App& app, Context& context);
void add_merge(CLI::App& app, Context& context);
void add_baseline(CLI::App& app, Context& context);
void add_matrix(CLI::App& app, Context& context);
void add_mint(CLI::App& app, Context& context);
void add_healthcheck(CLI::App& app, Context& context);

}  // namespace cli
