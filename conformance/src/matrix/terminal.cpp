#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conformance/matrix.hpp"
#include "matrix/words.hpp"
#include "oidc/clean_text.hpp"

namespace conformance {
namespace {

constexpr std::size_t kCellWidth = 8;

/// Narrow enough for many clients beside each other; the last line of the table explains them.
std::string_view short_word(const Matrix::Cell& cell) {
  using scenarios::Verdict;
  if (cell.findings.empty()) {
    return "";
  }
  switch (cell.verdict) {
    case Verdict::kNotReached:
      return "?";
    case Verdict::kNotApplicable:
      return "n/a";
    case Verdict::kUnsupported:
      return "-";
    case Verdict::kObserved:
      return "seen";
    default:
      return scenarios::is_error(cell.verdict) ? "ERROR" : scenarios::to_string(cell.verdict);
  }
}

std::string label(const scenarios::Statement& statement) {
  return statement.source.empty() ? statement.id
                                  : fmt::format("{} {}", statement.id, scenarios::to_string(statement.level));
}

std::size_t label_width(const Matrix& matrix) {
  std::size_t width = 0;
  for (const auto& [book, rows] : matrix.books) {
    width = std::max(width, book_title(book).size());
    for (const Matrix::Row& row : rows) {
      width = std::max(width, label(row.statement).size() + 2);
    }
  }
  return width;
}

/// The text in its column, without blanks at the end of the line.
std::string line(const std::string& begin, std::size_t width, const std::vector<std::string>& cells) {
  std::string text = fmt::format("{:{}}", begin, width);
  for (const std::string& cell : cells) {
    text += fmt::format("  {:{}}", cell, kCellWidth);
  }
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string to_terminal(const Matrix& matrix) {
  std::string text = fmt::format("assay {}  library {}  {} clients\n", matrix.assay_version, matrix.library_hash,
                                 matrix.columns.size());
  std::vector<std::string> numbers;
  for (const Matrix::Column& column : matrix.columns) {
    numbers.push_back(std::to_string(numbers.size() + 1));
    text += fmt::format("{:>3}  {}: {} of {} scenarios judged, statements: {}\n", numbers.back(),
                        oidc::clean_line(column.name), column.scenarios.judged(), column.scenarios.scenarios,
                        statements_of(column));
  }
  const std::size_t width = label_width(matrix);
  for (const auto& [book, rows] : matrix.books) {
    text += "\n" + line(book_title(book), width, numbers);
    for (const Matrix::Row& row : rows) {
      std::vector<std::string> cells;
      for (const Matrix::Cell& cell : row.cells) {
        cells.emplace_back(short_word(cell));
      }
      text += line("  " + label(row.statement), width, cells);
    }
  }
  return text + "\n? not reached, n/a does not bind the client, - it cannot, empty: not in its run\n";
}

}  // namespace conformance
