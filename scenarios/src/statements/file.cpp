#include "statements/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "oidc/schema.hpp"
#include "scenarios/condition.hpp"

namespace scenarios {
namespace {

using oidc::Json;
template <class T>
using Names = std::vector<std::pair<std::string, T>>;

const Names<Level> kLevels{{"MUST", Level::kMust},
                           {"SHOULD", Level::kShould},
                           {"PRACTICE", Level::kPractice},
                           {"DOCUMENTED", Level::kDocumented},
                           {"COMPAT", Level::kCompat}};
const Names<Strength> kStrengths{{"keyword", Strength::kKeyword},   {"definition", Strength::kDefinition},
                                 {"plain", Strength::kPlain},       {"derived", Strength::kDerived},
                                 {"practice", Strength::kPractice}, {"tolerance", Strength::kTolerance}};
const Names<BookKind> kKinds{
    {"specification", BookKind::kSpecification}, {"practice", BookKind::kPractice}, {"product", BookKind::kProduct}};
const std::vector<std::string> kBound{"client", "relying_party", "native_app", "resource_server"};
const std::vector<std::string> kMembers{"level",   "strength",   "binds",  "if",  "statement",
                                        "allowed", "variations", "source", "url", "excluded"};

template <class T>
std::vector<std::string> names_of(const Names<T>& names) {
  std::vector<std::string> result;
  for (const auto& [name, value] : names) {
    result.push_back(name);
  }
  return result;
}

template <class T>
T value_of(const Names<T>& names, const std::string& name, T otherwise) {
  const auto found = std::ranges::find(names, name, [](const auto& one) { return one.first; });
  return found == names.end() ? otherwise : found->second;
}

template <class T>
std::string_view name_of(const Names<T>& names, T value) {
  const auto found = std::ranges::find(names, value, [](const auto& one) { return one.second; });
  return found == names.end() ? "UNKNOWN" : std::string_view{found->first};
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

/// The levels that statements of a book may have.
std::vector<std::string> levels_of(const Book& book) {
  if (book.id == "own") {
    return {"MUST", "SHOULD", "PRACTICE"};  // a project's, as a scenario may state them in place
  }
  switch (book.kind) {
    case BookKind::kPractice:
      return {"PRACTICE"};
    case BookKind::kProduct:
      return {"MUST", "SHOULD", "DOCUMENTED", "COMPAT"};
    case BookKind::kSpecification:
      break;
  }
  return {"MUST", "SHOULD"};
}

}  // namespace

std::string_view to_string(Level level) {
  return name_of(kLevels, level);
}

std::string_view to_string(Strength strength) {
  return name_of(kStrengths, strength);
}

StatementReader::StatementReader(std::string file) : file_{std::move(file)} {
  auto document = read_document(file_);
  if (document) {
    document_ = *std::move(document);
  } else {
    complaints_ = document.error().message;
  }
  for (const Problem& problem : document_.problems) {
    complain(problem.place, problem.sentence);
  }
  if (complaints_.empty() && !document_.value.is_object()) {
    complain({}, "must be a mapping of ids to what is said of them");
  }
}

void StatementReader::complain(const Place& place, const std::string& sentence) {
  complaints_ +=
      fmt::format("{}{}:{}:{}: {}", complaints_.empty() ? "" : "\n", file_, place.line, place.column, sentence);
}

std::string StatementReader::text(const Json& body, const std::string& pointer, const std::string& name,
                                  bool required) {
  if (!body.contains(name)) {
    if (required) {
      complain(document_.key_place_of(pointer), fmt::format("\"{}\" has no \"{}\"", pointer.substr(1), name));
    }
    return "";
  }
  if (!body[name].is_string() || body[name].get_ref<const std::string&>().empty()) {
    complain(document_.place_of(pointer_to(pointer, name)), fmt::format("\"{}\" must be a text", name));
    return "";
  }
  return body[name].get<std::string>();
}

std::string StatementReader::choice(const Json& body, const std::string& pointer, const std::string& name,
                                    const std::vector<std::string>& names, const std::string& otherwise) {
  const std::string value = text(body, pointer, name, otherwise.empty());
  if (value.empty()) {
    return otherwise;
  }
  if (std::ranges::find(names, value) == names.end()) {
    complain(document_.place_of(pointer_to(pointer, name)),
             fmt::format("unknown {} \"{}\" (expected one of: {}{})", name, value, list_of(names),
                         oidc::did_you_mean(value, names)));
  }
  return value;
}

std::vector<std::string> StatementReader::texts(const Json& body, const std::string& pointer, const std::string& name) {
  std::vector<std::string> result;
  if (!body.contains(name)) {
    return result;
  }
  const Json& list = body[name];
  for (const Json& item : list.is_array() ? list : Json::array({list})) {
    if (!item.is_string() || item.get_ref<const std::string&>().empty()) {
      complain(document_.place_of(pointer_to(pointer, name)), fmt::format("\"{}\" must be a list of texts", name));
      return {};
    }
    result.push_back(item.get<std::string>());
  }
  return result;
}

bool StatementReader::check_keys(const std::string& id, const Json& body, const std::vector<std::string>& known) {
  const std::string pointer = pointer_to("", id);
  if (!body.is_object()) {
    complain(document_.place_of(pointer), fmt::format("\"{}\" must be a mapping", id));
    return false;
  }
  for (const auto& [name, value] : body.items()) {
    if (std::ranges::find(known, name) == known.end()) {
      complain(document_.key_place_of(pointer_to(pointer, name)),
               oidc::to_sentence({pointer_to(pointer, name), fmt::format("unknown key \"{}\"", name),
                                  "one of: " + list_of(known), oidc::nearest_name(name, known)}));
    }
  }
  return true;
}

std::map<std::string, Book> StatementReader::books() {
  std::map<std::string, Book> books;
  if (!document_.value.is_object()) {
    return books;
  }
  for (const auto& [id, body] : document_.value.items()) {
    if (!check_keys(id, body, {"kind", "title", "description", "covers", "note"})) {
      continue;
    }
    const std::string pointer = pointer_to("", id);
    Book book{id, BookKind::kSpecification, text(body, pointer, "title", true),
              text(body, pointer, "description", false)};
    book.kind = value_of(kKinds, choice(body, pointer, "kind", names_of(kKinds), ""), BookKind::kSpecification);
    books[id] = std::move(book);
  }
  return books;
}

void StatementReader::check_conditions(const Statement& statement, const std::string& pointer) {
  for (const std::string& name : statement.conditions) {
    if (find_condition(name) == nullptr) {
      const auto known = condition_names();
      complain(document_.place_of(pointer_to(pointer, "if")),
               fmt::format("unknown condition \"{}\" (expected of: {}{})", name, list_of(known),
                           oidc::did_you_mean(name, known)));
    }
  }
}

/// A level that the kind of book has no use for would weigh what it does not say.
void StatementReader::check_level(const Statement& statement, const Book& book, const std::string& pointer) {
  const auto levels = levels_of(book);
  const std::string level{to_string(statement.level)};
  if (std::ranges::find(levels, level) == levels.end()) {
    complain(document_.place_of(pointer_to(pointer, "level")),
             fmt::format("the level {} is none of the book {} (expected one of: {})", level, book.id, list_of(levels)));
  }
}

Statement StatementReader::read(const std::string& id, const Json& body, const Book& book) {
  const std::string pointer = pointer_to("", id);
  Statement statement;
  statement.id = id;
  statement.book = book.id;
  statement.kind = book.kind;
  statement.level = value_of(kLevels, choice(body, pointer, "level", names_of(kLevels), ""), Level::kMust);
  const bool practice = book.kind == BookKind::kPractice;
  statement.strength =
      value_of(kStrengths, choice(body, pointer, "strength", names_of(kStrengths), practice ? "practice" : "keyword"),
               Strength::kKeyword);
  statement.binds = choice(body, pointer, "binds", kBound, "client");
  statement.conditions = texts(body, pointer, "if");
  statement.text = text(body, pointer, "statement", true);
  statement.allowed = text(body, pointer, "allowed", false);
  statement.variations = texts(body, pointer, "variations");
  statement.source = text(body, pointer, "source", true);
  statement.url = text(body, pointer, "url", false);
  statement.excluded = text(body, pointer, "excluded", false);
  check_conditions(statement, pointer);
  check_level(statement, book, pointer);
  return statement;
}

void StatementReader::add_statements(const Book& book, Statements& statements) {
  if (!document_.value.is_object()) {
    return;
  }
  for (const auto& [id, body] : document_.value.items()) {
    if (check_keys(id, body, kMembers) && !statements.emplace(id, read(id, body, book)).second) {
      complain(document_.key_place_of(pointer_to("", id)), fmt::format("\"{}\" stands in another file already", id));
    }
  }
}

Statement own_statement(const Json& body) {
  Statement statement;
  const auto member = [&](const char* name) { return oidc::string_member(body, name).value_or(""); };
  statement.id = member("id");
  statement.level = value_of(kLevels, member("level"), Level::kMust);
  statement.text = member("text");
  statement.source = member("source");
  statement.url = member("url");
  statement.allowed = member("allowed");
  statement.book = "own";
  statement.strength = statement.level == Level::kPractice ? Strength::kPractice : Strength::kKeyword;
  return statement;
}

}  // namespace scenarios
