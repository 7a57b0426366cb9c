#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/journal.hpp"
#include "mockserver/ledger.hpp"
#include "oidc/clock.hpp"
#include "oidc/http.hpp"

namespace scenarios {

/// What the issuer's journal cannot tell: the real values behind its fingerprints, and the requests that came to this
/// machine but to no issuer. The values never leave the process. Thread-safe.
class Wiretap {
 public:
  explicit Wiretap(const oidc::Clock& clock) : clock_{clock}, began_{clock.steady_now()} {}

  /// Any request of the client, on its way to wherever.
  void saw(const oidc::HttpRequest& request);
  /// A request that no issuer got: `endpoint` is "elsewhere" on the issuer's origin, or "second_origin".
  void saw_elsewhere(const oidc::HttpRequest& request, const std::string& endpoint, int status);

  /// The value that the journal shows as "fp:…"; none for anything else.
  std::optional<std::string> value_of(const std::string& shown) const;
  /// The requests that no issuer got, in order of arrival, numbered from `first_seq` on, redacted.
  std::vector<mockserver::Exchange> elsewhere(std::size_t first_seq, const mockserver::Ledger& ledger) const;

 private:
  struct Stray {
    oidc::HttpRequest request;
    std::string endpoint;
    int status = 0;
    oidc::TimePoint at;
    oidc::Duration offset{};
  };
  void keep(const std::string& value);  // requires mutex_

  const oidc::Clock& clock_;
  oidc::Duration began_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> values_;  // guarded by mutex_; by what the journal shows
  std::vector<Stray> strays_;                  // guarded by mutex_
};

}  // namespace scenarios
