#include "conformance/statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
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
const std::vector<std::string> kMembers{"level", "statement", "source", "url", "excluded"};

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
    complaints.add(
        file, document.key_place_of(pointer),
        oidc::to_sentence({pointer, fmt::format("unknown key \"{}\"", name),
                           "one of: level, statement, source, url, excluded", oidc::nearest_name(name, kMembers)}));
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
  return Statement{.id = id,
                   .level = *level,
                   .text = *text,
                   .source = *source,
                   .url = oidc::string_member(body, "url").value_or(""),
                   .excluded = oidc::string_member(body, "excluded").value_or("")};
}

void read_file(const std::filesystem::path& path, const std::string& origin,
               std::map<std::string, Statement>& statements, Complaints& complaints) {
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
    if (statement) {
      statement->origin = origin;
    }
    if (statement && !statements.emplace(id, *statement).second) {
      complaints.add(file, document.key_place_of(scenarios::pointer_to("", id)),
                     fmt::format("\"{}\" stands in another file already", id));
    }
  }
}

/// The *.yaml files in and below `directory`, in order.
std::vector<std::filesystem::path> files_below(const std::string& directory, std::error_code& error) {
  std::vector<std::filesystem::path> files;
  for (std::filesystem::recursive_directory_iterator entry{directory, error}, end; entry != end && !error;
       entry.increment(error)) {
    if (entry->path().extension() == ".yaml") {
      files.push_back(entry->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

/// The first folder on the way from `directory` to the file; "" if there is none.
std::string origin_of(const std::filesystem::path& file, const std::string& directory) {
  const std::filesystem::path way = file.lexically_relative(directory);
  return way.has_parent_path() ? way.begin()->string() : "";
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
  const std::vector<std::filesystem::path> files = files_below(directory, error);
  std::map<std::string, Statement> statements;
  Complaints complaints;
  if (error) {
    complaints.add(directory, {}, "the statements cannot be read: " + error.message());
  } else if (files.empty()) {
    complaints.add(directory, {}, "no statements (*.yaml) here");
  }
  for (const std::filesystem::path& file : files) {
    read_file(file, origin_of(file, directory), statements, complaints);
  }
  if (!complaints.empty()) {
    return complaints.error();
  }
  return statements;
}

std::string nearest_statement(const std::string& id, const std::map<std::string, Statement>& statements) {
  std::vector<std::string> ids;
  ids.reserve(statements.size());
  for (const auto& [known, statement] : statements) {
    ids.push_back(known);
  }
  return oidc::nearest_name(id, ids);
}

}  // namespace conformance
