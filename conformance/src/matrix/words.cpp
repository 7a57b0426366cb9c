#include "matrix/words.hpp"

#include <fmt/format.h>

#include "report/verdict_words.hpp"

namespace conformance {

std::string statements_of(const Matrix::Column& column) {
  std::string text;
  for (const VerdictLegend& entry : kLegend) {
    const auto found = column.statements.find(entry.verdict);
    if (found != column.statements.end()) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", found->second, scenarios::to_string(entry.verdict));
    }
  }
  return text.empty() ? "none" : text;
}

std::string book_title(const std::string& book) {
  return book.empty() ? "documented nowhere" : book;
}

}  // namespace conformance
