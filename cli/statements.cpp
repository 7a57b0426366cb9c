#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "conformance/traceability.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "oidc/json.hpp"
#include "oidc/schema.hpp"
#include "print.hpp"

namespace cli {
namespace {

using conformance::Judges;
using scenarios::Statement;

struct StatementsOptions {
  std::vector<std::string> ids;
  std::string source;
  bool unjudged = false;
  bool json = false;
};

/// A statement with those who judge it.
struct Entry {
  Statement statement;
  Judges judges;
  bool in_detail = false;  ///< it was asked for by its whole id

  bool is_unjudged() const { return !judges.any() && statement.excluded.empty(); }
};
using Entries = std::vector<Entry>;

/// What a row of the table counts.
struct Counts {
  std::size_t total = 0, by_checks = 0, by_tests = 0, caught = 0, excluded = 0, unjudged = 0;

  void add(const Entry& entry) {
    ++total;
    by_checks += entry.judges.checks.empty() ? 0 : 1;
    by_tests += entry.judges.tests.empty() ? 0 : 1;
    caught += entry.judges.caught_by.empty() ? 0 : 1;
    excluded += entry.statement.excluded.empty() ? 0 : 1;
    unjudged += entry.is_unjudged() ? 1 : 0;
  }
};

Counts count(const Entries& entries) {
  Counts counts;
  for (const Entry& entry : entries) {
    counts.add(entry);
  }
  return counts;
}

void print_row(const std::string& area, std::string_view level, const Counts& counts) {
  print("{:<11} {:<10} {:>5} {:>10} {:>11} {:>7} {:>9} {:>11}\n", area, level, counts.total, counts.by_checks,
        counts.by_tests, counts.caught, counts.excluded, counts.unjudged);
}

void print_table(const Entries& entries) {
  using Row = std::pair<std::string, std::string>;  // book, area
  std::map<Row, std::map<scenarios::Level, Counts>> rows;
  for (const Entry& entry : entries) {
    rows[{entry.statement.book, entry.statement.area()}][entry.statement.level].add(entry);
  }
  std::string book;
  for (const auto& [row, levels] : rows) {
    if (row.first != book) {
      print("{}{}\n{:<11} {:<10} {:>5} {:>10} {:>11} {:>7} {:>9} {:>11}\n", book.empty() ? "" : "\n", row.first, "area",
            "level", "total", "by checks", "unit tests", "caught", "excluded", "not judged");
      book = row.first;
    }
    for (const auto& [level, counts] : levels) {
      print_row(row.second, to_string(level), counts);
    }
  }
  print("\n");
  print_row("all", "", count(entries));
}

void print_excluded(const Entries& entries) {
  for (const Entry& entry : entries) {
    if (!entry.statement.excluded.empty()) {
      print("excluded: {}: {}\n", entry.statement.id, entry.statement.excluded);
    }
  }
}

void print_unjudged(const Entries& entries) {
  for (const Entry& entry : entries) {
    if (entry.is_unjudged()) {
      print("not judged: {} ({}): {}\n", entry.statement.id, to_string(entry.statement.level), entry.statement.text);
    }
  }
}

void print_entry(const Entry& entry) {
  const Statement& statement = entry.statement;
  print("{} ({}): {}\n  source: {}{}\n", statement.id, to_string(statement.level), statement.text, statement.source,
        statement.url.empty() ? "" : ", " + statement.url);
  if (!statement.excluded.empty()) {
    print("  excluded: {}\n", statement.excluded);
  }
  for (const std::string& check : entry.judges.checks) {
    const bool catches = std::ranges::find(entry.judges.caught_by, check) != entry.judges.caught_by.end();
    print("  check: {}{}\n", check, catches ? ", which catches a faulty client" : "");
  }
  for (const std::string& test : entry.judges.tests) {
    print("  unit test: {}\n", test);
  }
  if (entry.is_unjudged()) {
    print("  not judged yet\n");
  }
}

/// What judges an entry, in a few words: "refresh/rotation stored, 2 more".
std::string judged_by(const Entry& entry) {
  if (!entry.statement.excluded.empty()) {
    return "excluded";
  }
  const Judges& judges = entry.judges;
  if (!judges.any()) {
    return "not judged";
  }
  const std::string first =
      judges.checks.empty() ? judges.tests.front().substr(0, judges.tests.front().find(' ')) : judges.checks.front();
  const std::size_t more = judges.checks.size() + judges.tests.size() - 1;
  return more == 0 ? first : fmt::format("{}, {} more", first, more);
}

void print_list(const Entries& entries) {
  std::size_t width = 0;
  for (const Entry& entry : entries) {
    width = std::max(width, entry.statement.id.size());
  }
  for (const Entry& entry : entries) {
    print("{:<{}}  {:<10} {}\n", entry.statement.id, width, to_string(entry.statement.level), judged_by(entry));
  }
}

oidc::Json to_json(const Entry& entry) {
  const Statement& statement = entry.statement;
  oidc::Json json{{"id", statement.id},
                  {"book", statement.book},
                  {"area", statement.area()},
                  {"level", to_string(statement.level)},
                  {"strength", to_string(statement.strength)},
                  {"binds", statement.binds},
                  {"if", statement.conditions},
                  {"statement", statement.text},
                  {"source", statement.source},
                  {"checks", entry.judges.checks},
                  {"unit_tests", entry.judges.tests},
                  {"caught_by", entry.judges.caught_by},
                  {"judged", entry.judges.any()}};
  if (!statement.url.empty()) {
    json["url"] = statement.url;
  }
  if (!statement.excluded.empty()) {
    json["excluded"] = statement.excluded;
  }
  return json;
}

void print_json(const Entries& entries) {
  oidc::Json all = oidc::Json::array();
  for (const Entry& entry : entries) {
    all.push_back(to_json(entry));
  }
  print("{}\n", oidc::to_pretty_text(all));
}

oidc::Error unknown(const std::string& what, const std::string& name, const std::vector<std::string>& known) {
  return {oidc::Errc::kInvalidArgument, fmt::format("no {} \"{}\"{}", what, name, oidc::did_you_mean(name, known))};
}

/// As ids are written.
std::string upper(std::string word) {
  std::ranges::transform(word, word.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return word;
}

/// An area, or more of what ids begin with, up to one of their dashes.
bool is_below_id(const std::string& id, const std::string& prefix) {
  return id.starts_with(prefix + "-");
}

/// Ids and areas: what a word may have been meant to be.
std::vector<std::string> names(const scenarios::Statements& statements) {
  std::set<std::string> all;
  for (const auto& [id, statement] : statements) {
    all.insert(id);
    all.insert(statement.area());
  }
  return {all.begin(), all.end()};
}

/// Errors: an id or a source that nothing has.
oidc::Status check_names(const scenarios::Statements& statements, const StatementsOptions& options) {
  for (const std::string& id : options.ids) {
    const auto has = [&](const auto& entry) { return entry.first == id || is_below_id(entry.first, id); };
    if (std::ranges::none_of(statements, has)) {
      return unknown("statement", id, names(statements));
    }
  }
  std::set<std::string> books;
  for (const auto& [id, statement] : statements) {
    books.insert(statement.book);
  }
  if (!options.source.empty() && !books.contains(options.source)) {
    const std::vector<std::string> names{books.begin(), books.end()};
    oidc::Error error = unknown("source", options.source, names);
    error.message += fmt::format(" (there are: {})", fmt::join(names, ", "));
    return error;
  }
  return oidc::Done{};
}

Entries choose(const scenarios::Statements& statements, const std::map<std::string, Judges>& judges,
               const StatementsOptions& options) {
  Entries entries;
  for (const auto& [id, statement] : statements) {
    const auto found = judges.find(id);
    Entry entry{statement, found == judges.end() ? Judges{} : found->second};
    entry.in_detail = std::ranges::find(options.ids, id) != options.ids.end();
    const auto is_above = [&id = id](const std::string& word) { return is_below_id(id, word); };
    const bool wanted = (options.ids.empty() || entry.in_detail || std::ranges::any_of(options.ids, is_above)) &&
                        (options.source.empty() || statement.book == options.source) &&
                        (!options.unjudged || entry.is_unjudged());
    if (wanted) {
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

void print_text(const Entries& entries, const StatementsOptions& options) {
  if (!options.ids.empty()) {
    Entries listed;
    for (const Entry& entry : entries) {
      if (entry.in_detail) {
        print_entry(entry);
      } else {
        listed.push_back(entry);
      }
    }
    print_list(listed);
    return;
  }
  if (options.unjudged) {
    print_unjudged(entries);
    print("{} not judged yet\n", entries.size());
    return;
  }
  if (!options.source.empty()) {
    print_list(entries);
    print("\n");
  }
  print_table(entries);
  print_excluded(entries);
  print_unjudged(entries);
}

oidc::Result<int> statements(const StatementsOptions& options, const Context& context) {
  const auto data = Data::locate(context);
  if (!data) {
    return data.error();
  }
  const auto statements = scenarios::load_statements(data->statements());
  if (!statements) {
    return statements.error();
  }
  const auto library = scenarios::load_library(data->library());
  if (!library) {
    return library.error();
  }
  if (auto known = check_names(*statements, options); !known) {
    return known.error();
  }
  const auto judges = conformance::find_judges(*library, conformance::unit_tests());
  const Entries entries = choose(*statements, judges, options);
  options.json ? print_json(entries) : print_text(entries, options);
  return kAsExpected;
}

}  // namespace

void add_statements(CLI::App& app, Context& context) {
  auto options = std::make_shared<StatementsOptions>();
  auto* command = app.add_subcommand("statements", "Show which documented statements are judged, and by what");
  auto* ids = command->add_option(
      "ID", options->ids,
      "Print these statements with all that judges them; an area, such as RFR, lists its statements");
  command
      ->add_option("--source", options->source,
                   "Only statements of this folder of conformance/statements, which are listed too")
      ->type_name("NAME")
      ->excludes(ids);
  command->add_flag("--unjudged", options->unjudged, "Print only the statements that nothing judges yet")
      ->excludes(ids);
  command->add_flag(
      "--json", options->json,
      "Print a JSON array of {id, book, area, level, strength, binds, if, statement, source, checks, unit_tests, "
      "caught_by, judged}, where there are with url and excluded; default: a table");
  command->footer(
      "A check is one of a scenario in the library; unit tests are those of the tree this program was built from. "
      "\"caught\" counts statements whose check catches a named faulty client (`assay faults`).");
  command->callback([options, &context] {
    std::ranges::transform(options->ids, options->ids.begin(), upper);
    const auto code = statements(*options, context);
    context.exit_code = code ? *code : fail(code.error());
  });
}

}  // namespace cli
