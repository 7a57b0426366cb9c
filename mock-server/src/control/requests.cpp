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

/// How many exchanges fit, which is counted anew only if there is news.
class Count {
 public:
  Count(std::shared_ptr<Issuer> issuer, Filter filter) : issuer_{std::move(issuer)}, filter_{std::move(filter)} {}

  const Journal& journal() const { return issuer_->journal(); }
  const Filter& filter() const { return filter_; }
  std::size_t now() {
    const std::size_t changes = journal().changes();
    if (seen_ != changes) {
      seen_ = changes;
      count_ = journal().count(filter_.match);
    }
    return count_;
  }

 private:
  const std::shared_ptr<Issuer> issuer_;
  const Filter filter_;
  std::optional<std::size_t> seen_;
  std::size_t count_ = 0;
};

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
  const std::size_t wanted = std::get<std::size_t>(count);
  const std::chrono::seconds patience{std::get<std::size_t>(timeout)};
  const auto found = std::make_shared<Count>(call.issuer, std::get<Filter>(filter));
  return await(
      call, patience,
      {.is_over = [found, wanted] { return found->now() >= wanted; },
       .reply = [found] { return exchanges_reply(found->journal(), found->filter()); },
       .in_vain =
           [found, wanted, patience] {
             return problem_reply({.status = 408,
                                   .detail = std::to_string(found->now()) + " of " + std::to_string(wanted) +
                                             " requests came within " + std::to_string(patience.count()) + " s"});
           }});
}

}  // namespace mockserver::control
