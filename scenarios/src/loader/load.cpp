#include <algorithm>
#include <filesystem>

#include "loader/build.hpp"
#include "loader/meaning.hpp"
#include "loader/schema.hpp"
#include "scenarios/document.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {
namespace {

namespace fs = std::filesystem;
using oidc::Errc;
using oidc::Error;

bool is_scenario_file(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".json";
}

std::string id_of(const fs::path& file, const fs::path& library) {
  return file.lexically_proximate(library).replace_extension().generic_string();
}

/// True if one pointer leads to the other or beyond: both problems are about one thing.
bool same_branch(const std::string& a, const std::string& b) {
  const std::string& shorter = a.size() < b.size() ? a : b;
  const std::string& longer = a.size() < b.size() ? b : a;
  return longer == shorter || (!shorter.empty() && longer.starts_with(shorter + "/"));
}

/// Adds what the schema and the meaning of the values forbid; of each thing only the first that
/// is said of it, and what `check_meaning` says better than the schema.
void add_schema_and_meaning(Document& document) {
  const std::vector<Problem> of_reader = document.problems;
  const auto add = [&](Place place, const std::string& sentence) {
    if (std::ranges::find(of_reader, place, &Problem::place) == of_reader.end()) {
      document.problems.push_back({place, sentence});
    }
  };
  const auto meaning = check_meaning(document.value);
  const auto explained = [&](const std::string& pointer) {
    return std::ranges::any_of(meaning, [&](const MeaningProblem& problem) {
      return problem.explains_schema && same_branch(problem.pointer, pointer);
    });
  };
  const auto schema_problems = scenario_schema().check(document.value);
  for (const auto& problem : schema_problems) {
    const bool about_key = problem.message.starts_with("unknown key");
    if (!explained(problem.pointer)) {
      add(about_key ? document.key_place_of(problem.pointer) : document.place_of(problem.pointer),
          to_sentence(problem));
    }
  }
  for (const auto& problem : meaning) {
    const bool told = std::ranges::any_of(
        schema_problems, [&](const auto& other) { return same_branch(other.pointer, problem.pointer); });
    if (!told || problem.explains_schema) {
      add(document.place_of(problem.pointer), problem.sentence);
    }
  }
}

/// Where the scenario names a statement first.
std::string pointer_of_statement(const oidc::Json& scenario, const std::string& id) {
  const oidc::Json listed = scenario.value("statements", oidc::Json::array());
  if (const auto found = std::ranges::find(listed, oidc::Json(id)); found != listed.end()) {
    return pointer_to("/statements", static_cast<std::size_t>(found - listed.begin()));
  }
  for (const char* list : {"steps", "expect"}) {
    const oidc::Json judged = scenario.value(list, oidc::Json::array());
    for (std::size_t i = 0; i < judged.size(); ++i) {
      const auto ids = statement_ids(judged[i]);
      const auto place = std::ranges::find(ids, id);
      if (place != ids.end()) {
        const std::string pointer = pointer_to(pointer_to(std::string{"/"} + list, i), "statement");
        const bool is_list = judged[i]["statement"].is_array();
        return is_list ? pointer_to(pointer, static_cast<std::size_t>(place - ids.begin())) : pointer;
      }
    }
  }
  return "/statements";
}

}  // namespace

oidc::Result<Scenario> parse_scenario(const std::string& text, const std::string& id, const std::string& file) {
  Document document = file.ends_with(".json") ? read_json(text) : read_yaml(text);
  if (document.problems.empty() || !document.value.is_null()) {
    add_schema_and_meaning(document);
  }
  if (!document.problems.empty()) {
    return Error{Errc::kBadInput, to_lines(std::move(document.problems), file)};
  }
  Scenario scenario = build_scenario(document.value);
  scenario.id = id;
  scenario.file = file;
  scenario.source = text;
  for (const std::string& statement : scenario.statements) {
    scenario.statement_places.push_back(document.place_of(pointer_of_statement(document.value, statement)));
  }
  scenario.twin_place = document.place_of("/twin");
  return scenario;
}

oidc::Result<Scenario> load_scenario(const std::string& file, const std::string& library) {
  const auto text = read_text(file);
  if (!text) {
    return text.error();
  }
  return parse_scenario(*text, id_of(file, library), file);
}

oidc::Result<std::vector<Scenario>> load_library(const std::string& library) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry{library, error}, end; !error && entry != end; entry.increment(error)) {
    if (entry->is_regular_file() && is_scenario_file(entry->path())) {
      files.push_back(entry->path());
    }
  }
  if (files.empty()) {
    return Error{Errc::kNotFound, "no scenarios (*.yaml, *.json) below " + library};
  }
  std::ranges::sort(files, {}, [&](const fs::path& file) { return id_of(file, library); });
  std::vector<Scenario> scenarios;
  std::string problems;
  for (const fs::path& file : files) {
    auto scenario = load_scenario(file.string(), library);
    if (!scenario) {
      problems += (problems.empty() ? "" : "\n") + scenario.error().message;
    } else if (!scenarios.empty() && scenarios.back().id == scenario->id) {
      problems +=
          (problems.empty() ? "" : "\n") + file.string() + ":1:1: " + scenarios.back().file + " has the same id";
    } else {
      scenarios.push_back(*std::move(scenario));
    }
  }
  if (!problems.empty()) {
    return Error{Errc::kBadInput, problems};
  }
  return scenarios;
}

}  // namespace scenarios
