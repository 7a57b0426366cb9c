#include "conformance/statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "oidc/schema.hpp"
#include "scenarios/document.hpp"

namespace conformance {
namespace {

constexpr std::array<std::pair<std::string_view, Level>, 4> kLevels{{{"MUST", Level::kMust},
                                                                     {"SHOULD", Level::kShould},
                                                                     {"DOCUMENTED", Level::kDocumented},
                                                                     {"COMPAT", Level::kCompat}}};
const std::vector<std::string> kMembers{"level", "statement", "source", "url"};

/// Collects what is wrong with the files, as "file:line:column: sentence".
class Complaints {
 public:
  void add(const std::string& file, const scenarios::Place& place, const std::string& sentence) {
    text_ += fmt::format("{}{}:{}:{}: {}", text_.empty() ? "" : "\n", file, place.line, place.column, sentence);
  }
  bool empty() const { return text_.empty(); }
  oidc::Error error() const { return {oidc::Errc::kBadInput, text_}; }

 private:
  std::string text_;
};

std::optional<Level> parse_level(const std::string& text) {
  for (const auto& [name, level] : kLevels) {
    if (name == text) {
      return level;
    }
  }
  return std::nullopt;
}

void check_member(const std::string& file, const scenarios::Document& document, const std::string& pointer,
                  const std::string& name, const oidc::Json& value, Complaints& complaints) {
  if (std::ranges::find(kMembers, name) == kMembers.end()) {
    complaints.add(file, document.key_place_of(pointer),
                   oidc::to_sentence({pointer, fmt::format("unknown key \"{}\"", name),
                                      "one of: level, statement, source, url", oidc::nearest_name(name, kMembers)}));
  } else if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    complaints.add(file, document.place_of(pointer), fmt::format("\"{}\" must be a text", name));
  } else if (name == "level" && !parse_level(value.get<std::string>())) {
    complaints.add(file, document.place_of(pointer),
                   "unknown level (expected one of: MUST, SHOULD, DOCUMENTED, COMPAT)");
  }
}

std::optional<Statement> read_statement(const std::string& file, const scenarios::Document& document,
                                        const std::string& id, const oidc::Json& body, Complaints& complaints) {
  const std::string pointer = scenarios::pointer_to("", id);
  if (!body.is_object()) {
    complaints.add(file, document.place_of(pointer), fmt::format("\"{}\" must be a mapping", id));
    return std::nullopt;
  }
  for (const auto& [name, value] : body.items()) {
    check_member(file, document, scenarios::pointer_to(pointer, name), name, value, complaints);
  }
  const auto text = oidc::string_member(body, "statement");
  const auto source = oidc::string_member(body, "source");
  const auto level = parse_level(oidc::string_member(body, "level").value_or(""));
  for (const char* name : {"level", "statement", "source"}) {
    if (!body.contains(name)) {
      complaints.add(file, document.key_place_of(pointer), fmt::format("\"{}\" has no \"{}\"", id, name));
    }
  }
  if (!text || !source || !level) {
    return std::nullopt;
  }
  return Statement{id, *level, *text, *source, oidc::string_member(body, "url").value_or("")};
}

void read_file(const std::filesystem::path& path, std::map<std::string, Statement>& statements,
               Complaints& complaints) {
  std::ifstream stream{path};
  std::ostringstream text;
  text << stream.rdbuf();
  const std::string file = path.string();
  if (!stream) {
    complaints.add(file, {}, "cannot be read");
    return;
  }
  const scenarios::Document document = scenarios::read_yaml(text.str());
  for (const scenarios::Problem& problem : document.problems) {
    complaints.add(file, problem.place, problem.sentence);
  }
  if (!document.value.is_object()) {
    complaints.add(file, {}, "must be a mapping of ids to statements");
    return;
  }
  for (const auto& [id, body] : document.value.items()) {
    auto statement = read_statement(file, document, id, body, complaints);
    if (statement && !statements.emplace(id, *statement).second) {
      complaints.add(file, document.key_place_of(scenarios::pointer_to("", id)),
                     fmt::format("\"{}\" stands in another file already", id));
    }
  }
}

/// The statements that the checks of a scenario judge.
std::set<std::string> judged_by(const scenarios::Scenario& scenario, const std::string& check_id = "") {
  std::set<std::string> ids;
  const std::string fallback = scenario.statements.empty() ? "" : scenario.statements.front();
  const auto add = [&](const std::string& id, const std::string& statement) {
    if (check_id.empty() || id == check_id) {
      ids.insert(statement.empty() ? fallback : statement);
    }
  };
  for (const scenarios::Check& check : scenario.checks) {
    add(check.id, check.statement);
  }
  for (const scenarios::ScenarioStep& step : scenario.steps) {
    if (step.expect) {
      add(step.check, step.statement);
    }
  }
  ids.erase("");
  return ids;
}

}  // namespace

std::string_view to_string(Level level) {
  for (const auto& [name, value] : kLevels) {
    if (value == level) {
      return name;
    }
  }
  return "UNKNOWN";
}

oidc::Result<std::map<std::string, Statement>> load_statements(const std::string& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{directory, error}) {
    if (entry.path().extension() == ".yaml") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  std::map<std::string, Statement> statements;
  Complaints complaints;
  if (error) {
    complaints.add(directory, {}, "the statements cannot be read: " + error.message());
  } else if (files.empty()) {
    complaints.add(directory, {}, "no statements (*.yaml) here");
  }
  for (const std::filesystem::path& file : files) {
    read_file(file, statements, complaints);
  }
  if (!complaints.empty()) {
    return complaints.error();
  }
  return statements;
}

Traceability trace(const std::map<std::string, Statement>& statements,
                   const std::vector<scenarios::Scenario>& library) {
  std::set<std::string> judged;
  std::set<std::string> caught;
  std::set<std::string> unknown;
  for (const scenarios::Scenario& scenario : library) {
    judged.merge(judged_by(scenario));
    for (const auto& [fault, check] : scenario.catches) {
      caught.merge(judged_by(scenario, check));
    }
    unknown.insert(scenario.statements.begin(), scenario.statements.end());
  }
  unknown.insert(judged.begin(), judged.end());
  std::erase_if(unknown, [&](const std::string& id) { return statements.contains(id); });

  Traceability result;
  result.statements = statements.size();
  result.unknown.assign(unknown.begin(), unknown.end());
  for (const auto& [id, statement] : statements) {
    result.judged += judged.count(id);
    result.with_caught_fault += caught.count(id);
    if (!judged.contains(id)) {
      result.unjudged.push_back(id);
    }
  }
  return result;
}

}  // namespace conformance
