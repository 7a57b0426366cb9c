#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mockserver/exchange_match.hpp"
#include "oidc/clock.hpp"

namespace mockserver {

/// What somebody expects of the journal: the definition `expectation` of schema/control.schema.json. Times are
/// those of the issuer's clock, between arrivals.
struct Expectation {
  std::string id;
  ExchangeMatch match{};               ///< which exchanges are counted
  std::vector<ExchangeMatch> order{};  ///< there are exchanges that fit these, one after the other
  std::size_t least = 1;               ///< of the exchanges that fit `match`
  std::optional<std::size_t> most{};
  std::optional<oidc::Duration> within{};   ///< from the first to the last of them, at most
  std::optional<oidc::Duration> min_gap{};  ///< between each of them and the next, at least
  std::optional<oidc::Duration> max_gap{};  ///< …, at most
};

/// `json` has the form that the schema says; without an `id` its own text is the id. Errors: `kBadInput` with the
/// JSON Pointer of a bad count or regular expression.
oidc::Result<Expectation> parse_expectation(const oidc::Json& json);

/// What an expectation comes to.
struct Judgement {
  std::vector<std::size_t> matched;   ///< numbers of the exchanges that fit
  std::vector<std::string> problems;  ///< a sentence each; none if all is as expected
  oidc::Json near_misses = oidc::Json::array();
  bool ok() const { return problems.empty(); }
};
/// {"id", "ok", "count", "matched", "problems", "near_misses"}
oidc::Json to_json(const Expectation& expectation, const Judgement& judgement);

/// A pure function of the exchanges, which are in order of arrival. If something is missing, `near_misses` has the
/// exchanges (three at most) that come closest, each with the fields that differ:
/// {"seq", "endpoint", "method", "path", "status", "differences": [{"field", "expected", "actual"}]}.
Judgement judge(const Expectation& expectation, const std::vector<Exchange>& exchanges);

}  // namespace mockserver
