#include "rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "oidc/schema.hpp"

namespace cli {
namespace {

constexpr const char* kOwn = "own";

oidc::Status add_own(const std::string& file, scenarios::Rules& rules) {
  const scenarios::Book book{kOwn, scenarios::BookKind::kSpecification, "Own statements", file};
  auto own = scenarios::load_statement_file(file, book);
  if (!own) {
    return own.error();
  }
  rules.books[kOwn] = book;
  for (auto& [id, statement] : *own) {
    if (!rules.statements.emplace(id, std::move(statement)).second) {
      return oidc::Error{oidc::Errc::kBadInput,
                         fmt::format("{}: the statement \"{}\" is documented already", file, id)};
    }
  }
  return oidc::Done{};
}

oidc::Status choose(const std::vector<std::string>& names, scenarios::Rules& rules) {
  std::vector<std::string> known{"all"};
  for (const auto& [id, book] : rules.books) {
    known.push_back(id);
  }
  for (const std::string& name : names) {
    if (name == "all") {
      rules.chosen.insert(known.begin() + 1, known.end());
    } else if (rules.books.contains(name)) {
      rules.chosen.insert(name);
    } else {
      return oidc::Error{oidc::Errc::kInvalidArgument,
                         fmt::format("--books: there is no book \"{}\" (expected of: {}{})", name,
                                     fmt::join(known, ", "), oidc::did_you_mean(name, known))};
    }
  }
  return oidc::Done{};
}

}  // namespace

oidc::Result<scenarios::Rules> load_rules(const Data& data, const std::vector<std::string>& chosen,
                                          const std::string& own_file) {
  auto books = scenarios::load_books(data.statements());
  if (!books) {
    return std::move(books).error();
  }
  auto statements = scenarios::load_statements(data.statements());
  if (!statements) {
    return std::move(statements).error();
  }
  scenarios::Rules rules{*std::move(statements), *std::move(books), {}};
  if (!own_file.empty()) {
    if (auto added = add_own(own_file, rules); !added) {
      return added.error();
    }
  }
  if (auto done = choose(chosen, rules); !done) {
    return done.error();
  }
  return rules;
}

}  // namespace cli
