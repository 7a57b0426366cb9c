#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "client.hpp"
#include "commands.hpp"
#include "conformance/expectations.hpp"
#include "conformance/report.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "oidc/clock.hpp"
#include "oidc/openssl.hpp"
#include "selection.hpp"

namespace cli {
namespace {

struct RunOptions {
  std::vector<std::string> selection;
  std::string client;
  std::string transport;
  std::string expect;
  std::string html;
  std::string junit;
  std::string jsonl;
  bool verbose = false;
};

/// Tells two libraries apart: ids and texts, in the order of the ids.
std::string hash_of(const std::vector<scenarios::Scenario>& library) {
  std::string all;
  for (const auto& scenario : library) {
    all += scenario.id + '\0' + scenario.source + '\0';
  }
  std::string hex;
  for (const char byte : oidc::sha256(all).substr(0, 6)) {
    hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return hex;
}

/// One line that is overwritten, for people only.
class Progress {
 public:
  explicit Progress(std::size_t total) : total_{total}, shown_{isatty(STDERR_FILENO) != 0} {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) {
      fmt::print(stderr, "\r\033[K");
    }
  }

  void next(const std::string& id) {
    ++done_;
    if (shown_) {
      fmt::print(stderr, "\r\033[K{}/{} {}", done_, total_, id);
      std::fflush(stderr);
    }
  }

 private:
  std::size_t total_;
  bool shown_;
  std::size_t done_ = 0;
};

oidc::Status write_reports(const conformance::Report& report, const RunOptions& options) {
  struct View {
    const std::string& path;
    std::string (*render)(const conformance::Report&);
  };
  const View views[] = {{options.html, conformance::to_html},
                        {options.junit, conformance::to_junit},
                        {options.jsonl, conformance::to_json_lines}};
  for (const auto& view : views) {
    if (view.path.empty()) {
      continue;
    }
    if (auto written = conformance::write_report(view.path, view.render(report)); !written) {
      return written;
    }
  }
  return oidc::Done{};
}

/// Fills everything of the report but the outcomes. Errors: unreadable statements.
oidc::Result<conformance::Report> begin_report(const Data& data, const RunOptions& options,
                                               const std::vector<scenarios::Scenario>& library,
                                               const scenarios::AdapterFactory& client) {
  auto statements = conformance::load_statements(data.statements());
  if (!statements) {
    return std::move(statements).error();
  }
  conformance::Report report;
  report.assay_version = ASSAY_VERSION;
  report.client = client.description();
  report.command = options.client.empty() ? "" : "--client '" + options.client + "'";
  report.expect = options.expect;
  report.library = data.library();
  report.library_hash = hash_of(library);
  report.library_scenarios = library.size();
  // Unit tests judge auth-core, and no other client.
  report.traceability = conformance::trace(
      *statements, library, options.client.empty() ? conformance::unit_tests() : std::vector<conformance::UnitTest>{});
  report.statements = *std::move(statements);
  return report;
}

/// What a run needs, found or refused before the first scenario.
struct Plan {
  std::vector<scenarios::Scenario> selected;
  std::unique_ptr<scenarios::AdapterFactory> client;
  std::unique_ptr<scenarios::Runner> runner;  // goes before the client that it drives
  conformance::Report report;                 ///< all but the outcomes
  std::optional<conformance::Expectations> expectations{};
};

/// Ids may be those of the library, or of the scenarios that run.
oidc::Result<conformance::Expectations> load_expectations(const std::string& file,
                                                          std::vector<scenarios::Scenario> known,
                                                          const std::vector<scenarios::Scenario>& selected) {
  known.insert(known.end(), selected.begin(), selected.end());
  return conformance::Expectations::load(file, known);
}

oidc::Result<Plan> load(const RunOptions& options, const Context& context) {
  const auto data = Data::locate(context);
  if (!data) {
    return data.error();
  }
  auto library = scenarios::load_library(data->library());
  if (!library) {
    return std::move(library).error();
  }
  auto selected = select(*library, options.selection);
  if (!selected) {
    return std::move(selected).error();
  }
  auto client = make_client(options.client);
  if (!client) {
    return std::move(client).error();
  }
  const auto transport = choose_transport(options.transport, **client);
  if (!transport) {
    return transport.error();
  }
  auto report = begin_report(*data, options, *library, **client);
  if (!report) {
    return std::move(report).error();
  }
  report->transport = *transport;
  auto runner = scenarios::Runner::create(**client, *transport);
  if (!runner) {
    return std::move(runner).error();
  }
  Plan plan{*std::move(selected), *std::move(client), *std::move(runner), *std::move(report)};
  if (!options.expect.empty()) {
    auto expectations = load_expectations(options.expect, *std::move(library), plan.selected);
    if (!expectations) {
      return std::move(expectations).error();
    }
    plan.expectations = *std::move(expectations);
  }
  return plan;
}

/// A client that cannot start at all would cost its timeout in each scenario.
bool is_hopeless(const std::vector<scenarios::Outcome>& outcomes) {
  constexpr std::size_t kAttempts = 3;
  return outcomes.size() == kAttempts &&
         std::ranges::none_of(outcomes, [](const auto& outcome) { return outcome.client_started; });
}

void judge(Plan& plan) {
  Progress progress{plan.selected.size()};
  for (const auto& scenario : plan.selected) {
    if (is_hopeless(plan.report.outcomes)) {
      plan.report.not_run = plan.selected.size() - plan.report.outcomes.size();
      return;
    }
    progress.next(scenario.id);
    plan.report.outcomes.push_back(plan.runner->run(scenario));
    if (plan.expectations) {
      plan.expectations->apply(plan.report.outcomes.back());
    }
  }
}

oidc::Result<int> run(const RunOptions& options, const Context& context) {
  const oidc::SystemClock clock;
  const auto started = clock.steady_now();
  auto plan = load(options, context);
  if (!plan) {
    return std::move(plan).error();
  }
  judge(*plan);
  plan->report.real_time = clock.steady_now() - started;
  // The reports first: the last thing on the terminal is the line with all counts.
  if (auto written = write_reports(plan->report, options); !written) {
    return written.error();
  }
  fmt::print("{}", conformance::to_terminal(plan->report, options.verbose));
  return conformance::exit_code(plan->report);
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  auto options = std::make_shared<RunOptions>();
  auto* command = app.add_subcommand("run", "Run scenarios against a client and judge it");
  command->add_option("SELECTION", options->selection,
                      "Ids or leading parts of ids (`assay list`), or .yaml/.json files or directories of your own; "
                      "default: the whole library");
  command
      ->add_option("--client", options->client,
                   "Command that starts the client under test; it speaks JSON lines on stdin and stdout "
                   "(docs/adapters.md) and is run without a shell; default: auth-core, in this process")
      ->type_name("COMMAND")
      ->check(not_empty());
  command
      ->add_option("--transport", options->transport,
                   "How requests reach the issuer: direct (function calls), http or https (loopback sockets); "
                   "default: direct for auth-core, https for --client")
      ->type_name("NAME");
  command
      ->add_option("--expect", options->expect,
                   "What is known of the client: a YAML file of scenarios that are XFAIL or UNSUPPORTED, with reasons "
                   "(docs/scenarios.md); anything else is unexpected; default: none")
      ->type_name("FILE")
      ->check(not_empty());
  command->add_option("--html", options->html, "Write one self-contained page to FILE; default: none")
      ->type_name("FILE");
  command->add_option("--junit", options->junit, "Write JUnit XML to FILE; default: none")->type_name("FILE");
  command->add_option("--jsonl", options->jsonl, "Write JSON Lines to FILE; default: none")->type_name("FILE");
  command->add_flag("-v,--verbose", options->verbose, "Print every check, not only what needs attention; default: off");
  for (auto* option :
       command->get_options([](const CLI::Option* o) { return o->nonpositional() && o->get_items_expected() == 1; })) {
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);  // so that scripts can give defaults first
  }
  command->callback([options, &context] {
    const auto code = run(*options, context);
    context.exit_code = code ? *code : fail(code.error());
  });
}

}  // namespace cli
