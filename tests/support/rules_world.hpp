#pragma once

#include <string>
#include <vector>

#include "mockserver/journal.hpp"
#include "scenarios/rules.hpp"

/// Statements, books and exchanges made by hand, for tests of who is judged by what.
namespace scenarios::made {

inline Statement statement(std::string id, BookKind kind = BookKind::kSpecification, Level level = Level::kMust,
                           Strength strength = Strength::kKeyword) {
  Statement made;
  made.id = std::move(id);
  made.level = level;
  made.strength = strength;
  made.kind = kind;
  made.book = kind == BookKind::kSpecification ? "oauth" : kind == BookKind::kPractice ? "practice" : "product";
  return made;
}

inline Statement only_if(Statement made, std::vector<std::string> conditions) {
  made.conditions = std::move(conditions);
  return made;
}

/// The three kinds of books, and these statements.
inline Rules rules(const std::vector<Statement>& statements) {
  Rules made;
  made.books = {{"oauth", {"oauth", BookKind::kSpecification, "OAuth", ""}},
                {"practice", {"practice", BookKind::kPractice, "Good practice", ""}},
                {"product", {"product", BookKind::kProduct, "A product", ""}}};
  for (const Statement& one : statements) {
    made.statements.emplace(one.id, one);
  }
  return made;
}

inline mockserver::Exchange exchange(std::string endpoint, std::string grant = "", oidc::Form form = {},
                                     int status = 200) {
  mockserver::Exchange made;
  made.endpoint = std::move(endpoint);
  made.grant = std::move(grant);
  made.form = std::move(form);
  made.status = status;
  return made;
}

/// As they came: numbered from 1.
inline std::vector<mockserver::Exchange> numbered(std::vector<mockserver::Exchange> exchanges) {
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    exchanges[i].seq = i + 1;
  }
  return exchanges;
}

}  // namespace scenarios::made
