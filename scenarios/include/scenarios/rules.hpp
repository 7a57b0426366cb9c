#pragma once

#include <map>
#include <set>
#include <string>

#include "scenarios/adapter.hpp"
#include "scenarios/statement.hpp"

namespace scenarios {

/// By what clients are judged: the statements, and the books whose statements count.
struct Rules {
  Statements statements;
  std::map<std::string, Book> books;  ///< every book there is
  std::set<std::string> chosen;       ///< `--books`; empty: those that bind the client by themselves

  /// Every specification, practice, and what the client claims; or what was chosen.
  std::set<std::string> binding(const Hello& hello) const;
};

}  // namespace scenarios
