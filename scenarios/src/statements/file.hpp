#pragma once

#include <map>
#include <string>

#include "oidc/json.hpp"
#include "scenarios/document.hpp"
#include "scenarios/statement.hpp"

namespace scenarios {

/// Reads one file of statements, or the registry of books; collects what is wrong with it.
class StatementReader {
 public:
  explicit StatementReader(std::string file);

  std::map<std::string, Book> books();
  /// Adds the file's statements; an id that is there already is a problem.
  void add_statements(const Book& book, Statements& statements);

  /// "file:line:column: sentence", a line each; "" if all is well.
  const std::string& complaints() const { return complaints_; }

 private:
  void complain(const Place& place, const std::string& sentence);
  /// The text of a member that must be one of `names`; the default if it is not there.
  std::string choice(const oidc::Json& body, const std::string& pointer, const std::string& name,
                     const std::vector<std::string>& names, const std::string& otherwise);
  std::string text(const oidc::Json& body, const std::string& pointer, const std::string& name, bool required);
  std::vector<std::string> texts(const oidc::Json& body, const std::string& pointer, const std::string& name);
  bool check_keys(const std::string& id, const oidc::Json& body, const std::vector<std::string>& known);
  void check_conditions(const Statement& statement, const std::string& pointer);
  void check_level(const Statement& statement, const Book& book, const std::string& pointer);
  Statement read(const std::string& id, const oidc::Json& body, const Book& book);

  std::string file_;
  Document document_;
  std::string complaints_;
};

/// One statement from its JSON form, as a scenario may state it in place: `id`, `level`, `text`, `source`, and
/// optionally `url`, `allowed`. Its book is "own". The schema has settled its types.
Statement own_statement(const oidc::Json& body);

}  // namespace scenarios
