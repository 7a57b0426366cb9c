#include "mockserver/journal.hpp"

#include <algorithm>

#include "mockserver/exchange_match.hpp"

namespace mockserver {
namespace {

oidc::Json to_pairs(const oidc::Headers& headers) {
  auto pairs = oidc::Json::array();
  for (const auto& [name, value] : headers) {
    pairs.push_back(oidc::Json::array({name, value}));
  }
  return pairs;
}

oidc::Json to_pairs(const oidc::Form& form) {
  auto pairs = oidc::Json::array();
  for (const auto& [name, value] : form) {
    pairs.push_back(oidc::Json::array({name, value}));
  }
  return pairs;
}

template <typename Fields>
std::size_t size_of(const Fields& fields) {
  constexpr std::size_t kOfAPair = 64;  // two strings by themselves
  std::size_t size = 0;
  for (const auto& [name, value] : fields) {
    size += kOfAPair + name.size() + value.size();
  }
  return size;
}

std::size_t size_of(const Exchange& exchange) {
  return sizeof(Exchange) + exchange.path.size() + exchange.method.size() + exchange.grant.size() +
         exchange.client.size() + exchange.reply_body.size() + size_of(exchange.headers) + size_of(exchange.form) +
         size_of(exchange.reply_headers);
}

double to_seconds(oidc::Duration duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

}  // namespace

oidc::Json to_json(const Exchange& exchange) {
  return {{"seq", exchange.seq},
          {"at", oidc::format_iso8601(exchange.at)},
          {"offset", to_seconds(exchange.offset)},
          {"endpoint", exchange.endpoint},
          {"grant", exchange.grant},
          {"client", exchange.client},
          {"client_auth", exchange.client_auth},
          {"method", exchange.method},
          {"path", exchange.path},
          {"headers", to_pairs(exchange.headers)},
          {"form", to_pairs(exchange.form)},
          {"status", exchange.status},
          {"reply_headers", to_pairs(exchange.reply_headers)},
          {"reply_body", exchange.reply_body},
          {"steps", exchange.steps},
          {"delay", to_seconds(exchange.delay)},
          {"dropped", exchange.dropped}};
}

std::size_t Journal::arrive() {
  const std::scoped_lock lock{mutex_};
  return next_++;
}

void Journal::add(Exchange exchange) {
  {
    const std::scoped_lock lock{mutex_};
    ++counted_[exchange.endpoint];
    ++changes_;
    // Nearly always the end: only a request that was overtaken moves others.
    const auto later = std::find_if(exchanges_.rbegin(), exchanges_.rend(),
                                    [&](const Exchange& other) { return other.seq < exchange.seq; });
    bytes_ += size_of(exchange);
    exchanges_.insert(later.base(), std::move(exchange));
    while (exchanges_.size() > max_ || (bytes_ > kMostBytes && exchanges_.size() > 1)) {
      bytes_ -= size_of(exchanges_.front());
      exchanges_.pop_front();
      ++dropped_;
    }
  }
  added_.notify_all();
}

std::vector<Exchange> Journal::exchanges() const {
  const std::scoped_lock lock{mutex_};
  return {exchanges_.begin(), exchanges_.end()};
}

std::size_t Journal::latest() const {
  const std::scoped_lock lock{mutex_};
  return exchanges_.empty() ? 0 : exchanges_.back().seq;
}

std::size_t Journal::changes() const {
  const std::scoped_lock lock{mutex_};
  return changes_;
}

std::size_t Journal::size() const {
  const std::scoped_lock lock{mutex_};
  return exchanges_.size();
}

std::size_t Journal::dropped() const {
  const std::scoped_lock lock{mutex_};
  return dropped_;
}

std::size_t Journal::count_locked(std::string_view endpoint) const {
  if (endpoint.empty()) {
    return exchanges_.size() + dropped_;
  }
  const auto found = counted_.find(endpoint);
  return found == counted_.end() ? 0 : found->second;
}

std::size_t Journal::count(std::string_view endpoint) const {
  const std::scoped_lock lock{mutex_};
  return count_locked(endpoint);
}

std::size_t Journal::unmatched() const {
  const std::scoped_lock lock{mutex_};
  const auto found = counted_.find("");
  return found == counted_.end() ? 0 : found->second;
}

std::size_t Journal::count_locked(const ExchangeMatch& match) const {
  if (const auto endpoint = match.only_endpoint()) {
    return count_locked(*endpoint);
  }
  return static_cast<std::size_t>(
      std::ranges::count_if(exchanges_, [&](const Exchange& one) { return match.fits(one); }));
}

std::size_t Journal::count(const ExchangeMatch& match) const {
  const std::scoped_lock lock{mutex_};
  return count_locked(match);
}

void Journal::clear() {
  const std::scoped_lock lock{mutex_};
  ++changes_;
  bytes_ = 0;
  exchanges_.clear();
  counted_.clear();
  failures_.clear();
  dropped_ = 0;
}

void Journal::judge(const std::string& expectation, oidc::Json failure) {
  const std::scoped_lock lock{mutex_};
  if (failure.is_null()) {
    failures_.erase(expectation);
  } else {
    failures_.insert_or_assign(expectation, std::move(failure));
  }
}

oidc::Json Journal::failed_expectations() const {
  const std::scoped_lock lock{mutex_};
  auto list = oidc::Json::array();
  for (const auto& [expectation, failure] : failures_) {
    list.push_back(failure);
  }
  return list;
}

bool Journal::wait_for(std::string_view endpoint, std::size_t count, std::chrono::milliseconds timeout) const {
  std::unique_lock lock{mutex_};
  return added_.wait_for(lock, timeout, [&] { return count_locked(endpoint) >= count; });
}

}  // namespace mockserver
