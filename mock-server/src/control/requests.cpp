#include "control/actions.hpp"
#include "control/filter.hpp"
#include "control/waiting.hpp"

namespace mockserver::control {
namespace {

constexpr std::size_t kMaxTimeout = 300;
constexpr std::size_t kMaxCount = 1'000'000'000;

oidc::HttpResponse exchanges_reply(const Journal& journal, const Filter& filter) {
  oidc::Json list = oidc::Json::array();
  for (const Exchange& exchange : journal.exchanges()) {
    if (filter.limit && list.size() >= *filter.limit) {
      break;
    }
    if (filter.match.fits(exchange)) {
      list.push_back(to_json(exchange));
    }
  }
  return json_reply(200, {{"requests", std::move(list)}, {"dropped", journal.dropped()}});
}

}  // namespace

oidc::HttpResponse list_requests(Call& call) {
  const auto filter = read_filter(call.query, call.issuer->ledger());
  if (const auto* problem = std::get_if<Problem>(&filter)) {
    return problem_reply(*problem);
  }
  return exchanges_reply(call.issuer->journal(), std::get<Filter>(filter));
}

oidc::HttpResponse await_requests(Call& call) {
  const auto filter = read_filter(call.query, call.issuer->ledger());
  if (const auto* problem = std::get_if<Problem>(&filter)) {
    return problem_reply(*problem);
  }
  const auto count = read_number(call.query, "count", 1, kMaxCount);
  if (const auto* problem = std::get_if<Problem>(&count)) {
    return problem_reply(*problem);
  }
  const auto timeout = read_number(call.query, "timeout", 5, kMaxTimeout);
  if (const auto* problem = std::get_if<Problem>(&timeout)) {
    return problem_reply(*problem);
  }
  const Journal& journal = call.issuer->journal();
  const ExchangeMatch& match = std::get<Filter>(filter).match;
  const std::size_t wanted = std::get<std::size_t>(count);
  const std::chrono::seconds patience{std::get<std::size_t>(timeout)};
  const auto problem = await(
      call, patience, [&](std::chrono::milliseconds slice) { return journal.wait_for(match, wanted, slice); },
      [&] {
        return std::to_string(journal.count(match)) + " of " + std::to_string(wanted) + " requests came within " +
               std::to_string(patience.count()) + " s";
      });
  if (problem) {
    return problem_reply(*problem);
  }
  return exchanges_reply(journal, std::get<Filter>(filter));
}

}  // namespace mockserver::control
