#pragma once

#include <string>

#include "conformance/matrix.hpp"

namespace conformance {

/// "31 kept, 2 FAIL, 1 WARN, 4 NOT_REACHED": the statements of a client by verdict, without those that there are none
/// of.
std::string statements_of(const Matrix::Column& column);

/// The heading of a book; statements that are documented nowhere have none.
std::string book_title(const std::string& book);

}  // namespace conformance
