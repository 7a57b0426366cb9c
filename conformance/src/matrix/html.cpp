#include <fmt/format.h>

#include "conformance/matrix.hpp"
#include "matrix/words.hpp"
#include "report/html_data.hpp"
#include "report/templates.hpp"
#include "report/verdict_words.hpp"

namespace conformance {
namespace {

using html::Data;
using html::text;
using Items = kainjow::mustache::list;

Data verdict_data(scenarios::Verdict verdict) {
  Data data;
  data.set("class", style_class(verdict));
  data.set("verdict", signed_word(verdict));
  return data;
}

Data cell_data(const Matrix::Cell& cell, const Matrix::Column& column) {
  Data data = verdict_data(cell.verdict);
  data.set("client", text(column.name));
  data.set("judged", !cell.findings.empty());
  data.set("word", std::string{scenarios::to_string(cell.verdict)});
  Items findings;
  for (const Matrix::Finding& finding : cell.findings) {
    Data item = verdict_data(finding.verdict);
    item.set("scenario", text(finding.scenario));
    item.set("check", text(finding.check));
    item.set("observed", text(finding.observed));
    findings.push_back(item);
  }
  data.set("findings", findings);
  return data;
}

Data row_data(const Matrix::Row& row, const std::vector<Matrix::Column>& columns) {
  const scenarios::Statement& statement = row.statement;
  Data data;
  data.set("id", text(statement.id));
  data.set("level", statement.source.empty() ? "" : std::string{scenarios::to_string(statement.level)});
  data.set("text", text(statement.text));
  data.set("source", text(statement.source));
  data.set("url", text(statement.url));
  Items cells;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    cells.push_back(cell_data(row.cells.at(i), columns[i]));
  }
  data.set("cells", cells);
  return data;
}

Items column_list(const std::vector<Matrix::Column>& columns) {
  Items list;
  for (const Matrix::Column& column : columns) {
    Data data;
    data.set("name", text(column.name));
    data.set("command", text(column.command));
    data.set("transport", text(column.transport));
    data.set("judged", std::to_string(column.scenarios.judged()));
    data.set("scenarios", std::to_string(column.scenarios.scenarios));
    Items counts;
    for (const auto& [verdict, number] : column.statements) {
      Data count = verdict_data(verdict);
      count.set("number", std::to_string(number));
      counts.push_back(count);
    }
    data.set("statements", counts);
    list.push_back(data);
  }
  return list;
}

Items legend() {
  Items list;
  for (const VerdictLegend& entry : kLegend) {
    Data data = verdict_data(entry.verdict);
    data.set("text", entry.meaning);
    list.push_back(data);
  }
  return list;
}

}  // namespace

std::string to_html(const Matrix& matrix) {
  Data page;
  page.set("css", std::string{assay::embedded::report_css_text} + std::string{assay::embedded::matrix_css_text});
  page.set("version", text(matrix.assay_version));
  page.set("library", text(matrix.library_hash));
  page.set("number", std::to_string(matrix.columns.size()));
  page.set("clients", column_list(matrix.columns));
  page.set("legend", legend());
  Items books;
  for (const auto& [book, rows] : matrix.books) {
    Data data;
    data.set("anchor", "b:" + (book.empty() ? "nowhere" : book));
    data.set("book", text(book_title(book)));
    Items list;
    for (const Matrix::Row& row : rows) {
      list.push_back(row_data(row, matrix.columns));
    }
    data.set("rows", list);
    data.set("number", std::to_string(rows.size()));
    books.push_back(data);
  }
  page.set("books", books);
  kainjow::mustache::mustache whole{std::string{assay::embedded::matrix_mustache_text}};
  return whole.render(page);
}

}  // namespace conformance
