#include "runner/wiretap.hpp"

#include "oidc/form.hpp"
#include "oidc/log.hpp"
#include "oidc/url.hpp"

namespace scenarios {
namespace {

constexpr std::size_t kMostValues = 20'000;
constexpr std::size_t kLongestValue = 16U << 10U;

/// Query and form body as one list.
oidc::Form parameters_of(const oidc::HttpRequest& request) {
  oidc::Form all;
  const auto url = oidc::parse_url(request.url);
  for (const std::string& text : {url ? url->query : std::string{}, request.body}) {
    const auto form = oidc::parse_form(text);
    for (const auto& [name, value] : form ? *form : oidc::Form{}) {
      all.add(name, value);
    }
  }
  return all;
}

oidc::Form redacted(const oidc::Form& form, const mockserver::Ledger& ledger) {
  oidc::Form result;
  for (const auto& [name, value] : form) {
    result.add(ledger.redact(name), ledger.name_of(value).value_or(ledger.redact(value)));
  }
  return result;
}

oidc::Headers redacted(const oidc::Headers& headers, const mockserver::Ledger& ledger) {
  oidc::Headers result;
  for (const auto& [name, value] : headers) {
    const auto blank = value.find(' ');
    const std::string secret = blank == std::string::npos ? value : value.substr(blank + 1);
    const auto known = ledger.name_of(secret);
    result.add(name, known ? value.substr(0, value.size() - secret.size()) + *known : ledger.redact(value));
  }
  return result;
}

}  // namespace

void Wiretap::keep(const std::string& value) {
  if (!value.empty() && value.size() <= kLongestValue && values_.size() < kMostValues) {
    values_.emplace("fp:" + oidc::fingerprint(value), value);
  }
}

void Wiretap::saw(const oidc::HttpRequest& request) {
  const oidc::Form parameters = parameters_of(request);
  const std::scoped_lock lock{mutex_};
  for (const auto& [name, value] : parameters) {
    keep(value);
  }
  for (const auto& [name, value] : request.headers) {
    keep(value);
    const auto blank = value.find(' ');
    keep(blank == std::string::npos ? "" : value.substr(blank + 1));
  }
}

void Wiretap::saw_elsewhere(const oidc::HttpRequest& request, const std::string& endpoint, int status) {
  const std::scoped_lock lock{mutex_};
  strays_.push_back({request, endpoint, status, clock_.now(), clock_.steady_now() - began_});
}

std::optional<std::string> Wiretap::value_of(const std::string& shown) const {
  const std::scoped_lock lock{mutex_};
  const auto found = values_.find(shown);
  return found == values_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<mockserver::Exchange> Wiretap::elsewhere(std::size_t first_seq, const mockserver::Ledger& ledger) const {
  const std::scoped_lock lock{mutex_};
  std::vector<mockserver::Exchange> exchanges;
  for (const Stray& stray : strays_) {
    mockserver::Exchange exchange;
    exchange.seq = first_seq + exchanges.size();
    exchange.at = stray.at;
    exchange.offset = stray.offset;
    exchange.endpoint = stray.endpoint;
    exchange.method = ledger.redact(stray.request.method);
    exchange.path = ledger.redact(stray.request.url);
    exchange.form = redacted(parameters_of(stray.request), ledger);
    exchange.headers = redacted(stray.request.headers, ledger);
    exchange.status = stray.status;
    exchanges.push_back(std::move(exchange));
  }
  return exchanges;
}

}  // namespace scenarios
