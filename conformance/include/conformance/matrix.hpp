#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/results.hpp"

namespace conformance {

/// Several clients beside each other: what each did about each statement.
struct Matrix {
  /// One client.
  struct Column {
    std::string name;     ///< what it calls itself; with the file's name where others call themselves so, too
    std::string command;  ///< how it was started
    std::string transport;
    Counts scenarios;
    std::map<scenarios::Verdict, std::size_t> statements;  ///< how many have which verdict
  };
  /// What one scenario said of the statement.
  struct Finding {
    std::string scenario;
    std::string check;
    scenarios::Verdict verdict;
    std::string observed;
  };
  struct Cell {
    scenarios::Verdict verdict = scenarios::Verdict::kNotApplicable;  ///< the worst of the findings
    std::vector<Finding> findings;  ///< none: this client's run did not name the statement
  };
  struct Row {
    scenarios::Statement statement;
    std::vector<Cell> cells;  ///< by column
  };

  std::string assay_version;
  std::string library_hash;
  std::vector<Column> columns;
  std::map<std::string, std::vector<Row>> books;  ///< by the book of the statement, in the order of their ids
};

/// Errors: as `check_comparable`.
oidc::Result<Matrix> make_matrix(const std::vector<Results>& clients);

/// A table of a line for each statement.
std::string to_terminal(const Matrix& matrix);
/// One page, from which each cell leads to what was seen.
std::string to_html(const Matrix& matrix);

}  // namespace conformance
