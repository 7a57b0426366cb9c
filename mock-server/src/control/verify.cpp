#include "control/actions.hpp"
#include "control/filter.hpp"
#include "mockserver/expectation.hpp"
#include "world.hpp"

namespace mockserver::control {
namespace {

/// The expectation as the journal can be compared with: secrets by name.
oidc::Json named(oidc::Json body, const Ledger& ledger) {
  if (body.contains("match")) {
    body["match"] = name_secrets(std::move(body["match"]), ledger);
  }
  if (body.contains("order")) {
    for (auto& match : body["order"]) {
      match = name_secrets(std::move(match), ledger);
    }
  }
  return body;
}

}  // namespace

oidc::HttpResponse verify(Call& call) {
  const auto expectation = parse_expectation(named(call.body, call.issuer->ledger()));
  if (!expectation) {
    return problem_reply(to_problem(expectation.error()));
  }
  Journal& journal = call.issuer->world().journal;
  const Judgement judgement = judge(*expectation, journal.exchanges());
  const oidc::Json told = to_json(*expectation, judgement);
  const oidc::Json failure = {{"id", expectation->id}, {"problems", judgement.problems}};
  journal.judge(expectation->id, judgement.ok() ? oidc::Json{} : failure);
  return json_reply(200, told);
}

}  // namespace mockserver::control
