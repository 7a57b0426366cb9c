#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace mockserver {

class ExchangeMatch;

/// One request and its reply, redacted: secrets appear by their lineage name ("rt#1") or,
/// if the issuer never issued them, as "fp:<fingerprint>".
struct Exchange {
  std::size_t seq = 0;      ///< 1-based, in order of arrival
  oidc::TimePoint at;       ///< arrival, on the issuer's clock
  oidc::Duration offset{};  ///< arrival, counted from the issuer's creation
  std::string endpoint;     ///< as in `When::endpoint`; "" if no endpoint was hit
  std::string grant;        ///< token endpoint only, short name
  std::string client;       ///< client_id, authenticated or claimed
  std::string client_auth;  ///< "none", "client_secret_basic", "client_secret_post", "" if not looked for
  std::string method;
  std::string path;       ///< path and query below the issuer's base URL, redacted; of a stray request the whole URL
  oidc::Headers headers;  ///< request header fields, redacted
  oidc::Form form;        ///< form body (or query of a GET), redacted
  int status = 0;         ///< of the reply; 0 if none of it was sent
  oidc::Headers reply_headers;
  std::string reply_body;          ///< redacted
  std::vector<std::string> steps;  ///< ids of the script steps that this exchange took
  oidc::Duration delay{};          ///< how long the reply was held back
  bool dropped = false;            ///< the connection was closed instead of the reply
};

oidc::Json to_json(const Exchange& exchange);

/// What an issuer saw, in order. It keeps the latest exchanges only, so that an issuer may run
/// for days, but counts them all. Thread-safe.
class Journal {
 public:
  /// Of requests and replies together; clients choose how long they are.
  static constexpr std::size_t kMostBytes = 64U << 20U;

  /// Keeps `max` exchanges, as far as they have room; beyond that the oldest are dropped for each new one.
  explicit Journal(std::size_t max = 10'000) : max_{max} {}

  /// Reserves the next number, so that concurrent exchanges keep their order of arrival.
  std::size_t arrive();
  /// Files an exchange under its number and wakes the waiters.
  void add(Exchange exchange);

  /// The complete exchanges that are kept, ordered by `seq`.
  std::vector<Exchange> exchanges() const;
  /// The number of the latest of them; 0 if there are none.
  std::size_t latest() const;
  /// Another value after whatever changed what the other members tell.
  std::size_t changes() const;
  /// How many are kept; how many were dropped.
  std::size_t size() const;
  std::size_t dropped() const;

  // Of all exchanges that are complete, also those that were dropped:
  /// How many came to that endpoint ("" = any, or none).
  std::size_t count(std::string_view endpoint) const;
  /// How many came to no endpoint.
  std::size_t unmatched() const;

  /// How many fit. A match that names no more than an endpoint counts also the dropped ones.
  std::size_t count(const ExchangeMatch& match) const;

  /// Forgets what came; numbers go on from where they were.
  void clear();

  /// Keeps why an expectation failed, until it is told of the same one that it holds: null.
  void judge(const std::string& expectation, oidc::Json failure);
  /// The failures kept, an array.
  oidc::Json failed_expectations() const;

  /// Blocks (in real time) until `count` exchanges with that endpoint ("" = any) came;
  /// false if `timeout` passed first.
  bool wait_for(std::string_view endpoint, std::size_t count, std::chrono::milliseconds timeout) const;

 private:
  std::size_t count_locked(std::string_view endpoint) const;   // requires mutex_
  std::size_t count_locked(const ExchangeMatch& match) const;  // requires mutex_

  const std::size_t max_;
  mutable std::mutex mutex_;
  mutable std::condition_variable added_;
  std::size_t next_ = 1;                                     // guarded by mutex_
  std::size_t changes_ = 0;                                  // guarded by mutex_
  std::deque<Exchange> exchanges_;                           // guarded by mutex_
  std::size_t bytes_ = 0;                                    // guarded by mutex_; of exchanges_
  std::size_t dropped_ = 0;                                  // guarded by mutex_
  std::map<std::string, std::size_t, std::less<>> counted_;  // guarded by mutex_; by endpoint, "" for none
  std::map<std::string, oidc::Json> failures_;               // guarded by mutex_; by expectation
};

}  // namespace mockserver
