#include "rules/ruling.hpp"

namespace scenarios {
namespace {

const Statement* find(const std::string& name, const Rules& rules, const Statements& own) {
  for (const Statements* statements : {&own, &rules.statements}) {
    if (const auto found = statements->find(name); found != statements->end()) {
      return &found->second;
    }
  }
  return nullptr;
}

/// Why the statement says nothing about this client; "" if it binds.
std::string exemption(const Statement& statement, const std::set<std::string>& books, const ClientFacts& facts) {
  if (statement.book != "own" && !statement.book.empty() && !books.contains(statement.book)) {
    return "the book " + statement.book + " is not this client's";
  }
  for (const std::string& name : statement.conditions) {
    const Condition* condition = find_condition(name);
    if (condition != nullptr && !condition->holds(facts)) {
      return "binds only if " + std::string{condition->words};
    }
  }
  return "";
}

}  // namespace

std::set<std::string> Rules::binding(const Hello& hello) const {
  if (!chosen.empty()) {
    return chosen;
  }
  std::set<std::string> binding = hello.books;
  for (const auto& [id, book] : books) {
    if (book.kind != BookKind::kProduct) {
      binding.insert(id);
    }
  }
  return binding;
}

Verdict breach_of(const Statement& statement) {
  if (statement.kind == BookKind::kProduct) {
    return Verdict::kFail;
  }
  if (statement.kind == BookKind::kPractice || statement.strength == Strength::kPractice ||
      statement.level == Level::kPractice) {
    return Verdict::kAdvice;
  }
  const bool said = statement.strength == Strength::kKeyword || statement.strength == Strength::kDefinition;
  return said && statement.level == Level::kMust ? Verdict::kFail : Verdict::kWarn;
}

Ruling rule(const std::vector<std::string>& names, const Rules& rules, const Statements& own, const ClientFacts& facts,
            std::optional<BookKind> only) {
  if (names.empty()) {
    return {"", Verdict::kObserved, ""};
  }
  const std::set<std::string> books = rules.binding(facts.hello);
  std::optional<Ruling> strongest;
  std::string why_not;
  for (const std::string& name : names) {
    const Statement* statement = find(name, rules, own);
    if (only && (statement == nullptr || statement->kind != *only)) {
      continue;
    }
    const std::string exempt = statement == nullptr ? "" : exemption(*statement, books, facts);
    if (!exempt.empty()) {
      why_not += (why_not.empty() ? "" : "; ") + name + ": " + exempt;
      continue;
    }
    const Verdict breach = statement == nullptr ? Verdict::kFail : breach_of(*statement);
    if (!strongest || worse_of(strongest->breach, breach) != strongest->breach) {
      strongest = Ruling{name, breach, "", statement == nullptr ? BookKind::kSpecification : statement->kind};
    }
  }
  return strongest ? *strongest : Ruling{names.front(), Verdict::kNotApplicable, why_not};
}

}  // namespace scenarios
