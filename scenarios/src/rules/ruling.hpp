#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/condition.hpp"
#include "scenarios/rules.hpp"
#include "scenarios/verdict.hpp"

namespace scenarios {

/// Which of the statements that a check names decides about this client, and how badly it takes a breach.
struct Ruling {
  std::string statement;            ///< "" if the check names none
  Verdict breach = Verdict::kFail;  ///< kFail, kWarn, kAdvice; kNotApplicable if no statement binds
  std::string why_not;              ///< then: for each statement, what it would take
  BookKind kind = BookKind::kSpecification;
};

/// The strongest of `names` that binds the client; of equals the one named first. A name that is neither in
/// `rules` nor in `own` is taken for a MUST. No names: nobody stated it, and a breach is only told. With `only`,
/// statements of other kinds of books are passed over.
Ruling rule(const std::vector<std::string>& names, const Rules& rules, const Statements& own, const ClientFacts& facts,
            std::optional<BookKind> only = std::nullopt);

/// FAIL, WARN or ADVICE: what breaking the statement is at most.
Verdict breach_of(const Statement& statement);

}  // namespace scenarios
