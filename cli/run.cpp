#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "client.hpp"
#include "commands.hpp"
#include "conformance/expectations.hpp"
#include "conformance/report.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "library_hash.hpp"
#include "oidc/clock.hpp"
#include "part.hpp"
#include "print.hpp"
#include "report_files.hpp"
#include "rules.hpp"
#include "selection.hpp"

namespace cli {
namespace {

struct RunOptions {
  std::vector<std::string> selection;
  std::string client;
  std::string transport;
  std::string expect;
  std::string shard;
  ReportFiles files;
  std::vector<std::string> books;
  std::string statements;
  double real_time = 10;  // seconds
  std::size_t jobs = 0;   // 0: as many as there are cores
  std::string suppress;
  bool strict = false;
  bool verbose = false;
};

/// One line that is overwritten, for people only. Thread-safe.
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
    const std::scoped_lock lock{mutex_};
    ++done_;
    if (shown_) {
      fmt::print(stderr, "\r\033[K{}/{} {}", done_, total_, oidc::clean_line(id));
      std::fflush(stderr);
    }
  }

 private:
  std::mutex mutex_;
  std::size_t total_;
  bool shown_;
  std::size_t done_ = 0;
};

/// The options that decide how clients are judged, as they were given: a run is reproduced with them.
std::string command_of(const RunOptions& options) {
  std::string command = options.client.empty() ? "" : "--client '" + options.client + "'";
  const auto add = [&](const std::string& text) { command += (command.empty() ? "" : " ") + text; };
  if (!options.books.empty()) {
    add(fmt::format("--books {}", fmt::join(options.books, ",")));
  }
  if (!options.statements.empty()) {
    add("--statements " + options.statements);
  }
  if (options.strict) {
    add("--strict");
  }
  if (options.real_time != RunOptions{}.real_time) {
    add(fmt::format("--real-time {}", options.real_time));
  }
  return command;
}

/// Fills everything of the report but the outcomes.
conformance::Report begin_report(const Data& data, const RunOptions& options,
                                 const std::vector<scenarios::Scenario>& library,
                                 const scenarios::AdapterFactory& client, const scenarios::Rules& rules,
                                 const std::vector<scenarios::Scenario>& selected) {
  conformance::Report report;
  report.assay_version = ASSAY_VERSION;
  report.client = client.description();
  report.command = command_of(options);
  report.expect = options.expect;
  report.strict = options.strict;
  report.shard = options.shard;
  report.library = data.library();
  report.library_hash = hash_of(library);
  report.library_scenarios = library.size();
  if (options.client.empty() && options.selection.empty() && options.shard.empty()) {
    report.traceability = conformance::trace(rules.statements, library, conformance::unit_tests());
  }
  report.statements = rules.statements;
  for (const auto& scenario : selected) {
    report.statements.insert(scenario.own_statements.begin(), scenario.own_statements.end());
  }
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

/// What runs. An empty part is the caller's slip, unless it is known what to expect of the client.
oidc::Result<std::vector<scenarios::Scenario>> choose(const RunOptions& options,
                                                      const std::vector<scenarios::Scenario>& library) {
  auto selected = select(library, options.selection);
  if (!selected || options.shard.empty()) {
    return selected;
  }
  auto part = take_part(options.shard, *selected);
  if (part && part->empty() && options.expect.empty()) {
    return empty_part(options.shard, selected->size());
  }
  return part;
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
  auto selected = choose(options, *library);
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
  auto rules = load_rules(*data, options.books, options.statements);
  if (!rules) {
    return std::move(rules).error();
  }
  auto report = begin_report(*data, options, *library, **client, *rules, *selected);
  report.transport = *transport;
  const oidc::Duration real_time{std::llround(options.real_time * 1000)};
  auto runner = scenarios::Runner::create(**client, {*transport, *std::move(rules), real_time, options.suppress});
  if (!runner) {
    return std::move(runner).error();
  }
  Plan plan{*std::move(selected), *std::move(client), *std::move(runner), std::move(report)};
  if (!options.expect.empty()) {
    auto expectations = load_expectations(options.expect, *std::move(library), plan.selected);
    if (!expectations) {
      return std::move(expectations).error();
    }
    plan.expectations = *std::move(expectations);
    if (const std::string note = plan.expectations->note(); !note.empty()) {
      plan.report.notes.push_back(note);
    }
  }
  return plan;
}

/// A client that cannot start at all would cost its timeout in each scenario.
constexpr std::size_t kAttempts = 3;
bool is_hopeless(const std::vector<scenarios::Outcome>& outcomes) {
  return outcomes.size() == kAttempts &&
         std::ranges::none_of(outcomes, [](const auto& outcome) { return outcome.client_started; });
}

/// The scenarios from `first` on, `jobs` at a time; the outcomes are in the order of the scenarios.
void run_side_by_side(Plan& plan, std::size_t first, std::size_t jobs, Progress& progress) {
  plan.report.outcomes.resize(plan.selected.size());
  std::atomic<std::size_t> next{first};
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < jobs; ++i) {
    workers.emplace_back([&] {
      for (std::size_t index = next++; index < plan.selected.size(); index = next++) {
        progress.next(plan.selected[index].id);
        plan.report.outcomes[index] = plan.runner->run(plan.selected[index]);
      }
    });
  }
}

void judge(Plan& plan, std::size_t jobs) {
  Progress progress{plan.selected.size()};
  while (plan.report.outcomes.size() < std::min(kAttempts, plan.selected.size())) {
    const auto& scenario = plan.selected[plan.report.outcomes.size()];
    progress.next(scenario.id);
    plan.report.outcomes.push_back(plan.runner->run(scenario));
  }
  if (is_hopeless(plan.report.outcomes)) {
    plan.report.not_run = plan.selected.size() - plan.report.outcomes.size();
  } else {
    run_side_by_side(plan, plan.report.outcomes.size(), jobs, progress);
  }
  for (auto& outcome : plan.report.outcomes) {
    if (plan.expectations) {
      plan.expectations->apply(outcome);
    }
  }
}

std::string name_of(scenarios::Runner& runner) {
  const auto hello = runner.hello();
  const auto* said = std::get_if<scenarios::Hello>(&hello);
  return said == nullptr ? "" : said->name + (said->version.empty() ? "" : " " + said->version);
}

oidc::Result<int> run(const RunOptions& options, const Context& context) {
  const oidc::SystemClock clock;
  const auto started = clock.steady_now();
  auto plan = load(options, context);
  if (!plan) {
    return std::move(plan).error();
  }
  judge(*plan, options.jobs == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.jobs);
  plan->report.sut = plan->selected.empty() ? "" : name_of(*plan->runner);
  plan->report.real_time = clock.steady_now() - started;
  // The reports first: the last thing on the terminal is the line with all counts.
  if (auto written = write_report_files(plan->report, options.files); !written) {
    return written.error();
  }
  print("{}", conformance::to_terminal(plan->report, options.verbose));
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
                   "(docs/scenarios.md; `assay baseline` writes one); anything else is unexpected; default: none")
      ->type_name("FILE")
      ->check(not_empty("the name of the file"));
  add_shard(*command, options->shard);
  command
      ->add_option("--books", options->books,
                   "By which books the client is judged: names from `assay statements`, or all; default: every "
                   "specification, practice, and the books that the client claims")
      ->type_name("NAME,...")
      ->delimiter(',');
  command
      ->add_option("--statements", options->statements,
                   "Statements of your own, which your scenarios may name (docs/scenarios.md); default: none")
      ->type_name("FILE")
      ->check(not_empty("the name of the file"));
  command->add_flag("--strict", options->strict,
                    "WARN and NOT_REACHED make the run fail, too; default: FAIL, ERROR and news against --expect do");
  command
      ->add_option("--real-time", options->real_time,
                   "Longest scenario, in seconds, for a client on the machine's clock; longer ones are UNSUPPORTED; "
                   "default: 10")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 86400.0));
  command
      ->add_option("--jobs", options->jobs, "How many scenarios run side by side; default: as many as there are cores")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  command
      ->add_option("--suppress", options->suppress,
                   "Take the faults of one kind away from all scenarios, so that nothing that rests on them may pass: "
                   "for whoever writes a library (docs/scenarios.md); default: none")
      ->type_name("KIND")
      ->check(
          CLI::IsMember(std::vector<std::string>{scenarios::kSuppressions.begin(), scenarios::kSuppressions.end()}));
  add_report_files(*command, options->files);
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
