#include <algorithm>
#include <filesystem>
#include <set>

#include "conformance/matrix.hpp"

namespace conformance {
namespace {

const std::string& name_of(const Report& report) {
  return report.sut.empty() ? report.client : report.sut;
}

/// Clients that call themselves alike are told apart by their files.
std::string column_name(const Results& client, const std::vector<Results>& all) {
  const std::string& name = name_of(client.report);
  const auto alike = std::ranges::count_if(all, [&](const Results& other) { return name_of(other.report) == name; });
  return alike < 2 ? name : name + " (" + std::filesystem::path{client.file}.filename().string() + ")";
}

/// By statement.
std::map<std::string, Matrix::Cell> cells_of(const Report& report) {
  std::map<std::string, Matrix::Cell> cells;
  for (const scenarios::Outcome& outcome : report.outcomes) {
    for (const scenarios::CheckResult& check : outcome.checks) {
      if (!check.statement.empty()) {
        Matrix::Cell& cell = cells[check.statement];
        cell.verdict = scenarios::worse_of(cell.verdict, check.verdict);
        cell.findings.push_back({outcome.scenario->id, check.check, check.verdict, check.observed});
      }
    }
  }
  for (auto& [id, cell] : cells) {  // what decided comes first
    std::ranges::stable_sort(cell.findings, [](const Matrix::Finding& a, const Matrix::Finding& b) {
      return a.verdict != b.verdict && scenarios::worse_of(a.verdict, b.verdict) == a.verdict;
    });
  }
  return cells;
}

Matrix::Column column_of(const Results& client, const std::vector<Results>& all,
                         const std::map<std::string, Matrix::Cell>& cells) {
  Matrix::Column column;
  column.name = column_name(client, all);
  column.command = client.report.client;
  column.transport = scenarios::to_string(client.report.transport);
  column.scenarios = count(client.report);
  for (const auto& [id, cell] : cells) {
    ++column.statements[cell.verdict];
  }
  return column;
}

}  // namespace

oidc::Result<Matrix> make_matrix(const std::vector<Results>& clients) {
  if (auto status = check_comparable(clients); !status) {
    return status.error();
  }
  Matrix matrix;
  matrix.assay_version = clients.front().report.assay_version;
  matrix.library_hash = clients.front().report.library_hash;
  std::map<std::string, Matrix::Row> rows;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    auto cells = cells_of(clients[i].report);
    matrix.columns.push_back(column_of(clients[i], clients, cells));
    for (auto& [id, cell] : cells) {
      Matrix::Row& row = rows[id];
      row.cells.resize(clients.size());
      row.cells[i] = std::move(cell);
      const auto statement = clients[i].report.statements.find(id);
      if (statement != clients[i].report.statements.end() && row.statement.text.empty()) {
        row.statement = statement->second;
      }
      row.statement.id = id;
    }
  }
  for (auto& [id, row] : rows) {
    matrix.books[row.statement.book].push_back(std::move(row));
  }
  return matrix;
}

}  // namespace conformance
