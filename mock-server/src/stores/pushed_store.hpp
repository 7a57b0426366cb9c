#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "limits.hpp"
#include "oidc/clock.hpp"
#include "oidc/form.hpp"
#include "stores/forgetting.hpp"

namespace mockserver {

/// A pushed authorization request (RFC 9126): the parameters, without what proved the client.
struct PushedRequest {
  std::string client;
  oidc::Form form;
  oidc::TimePoint expires_at;
  bool used = false;      ///< it was decided upon
  std::size_t order = 0;  ///< the store's
};

/// Pushed authorization requests by `request_uri`. A browser may show one as often as it likes until it is decided
/// upon, which happens once. Its mutex is a leaf. Thread-safe.
class PushedStore {
 public:
  /// Beyond `kMostKept` the oldest are forgotten, used and expired ones first.
  void add(const std::string& request_uri, PushedRequest request, oidc::TimePoint now) {
    const std::scoped_lock lock{mutex_};
    request.order = next_order_++;
    requests_.insert_or_assign(request_uri, std::move(request));
    forget_beyond(requests_, kMostKept, [&](const auto& entry) {
      const PushedRequest& one = entry.second;
      return std::pair{!one.used && now < one.expires_at, one.order};
    });
  }

  /// Nothing for one that is unknown, expired or another client's.
  std::optional<PushedRequest> find(const std::string& request_uri, std::string_view client,
                                    oidc::TimePoint now) const {
    const std::scoped_lock lock{mutex_};
    const auto found = requests_.find(request_uri);
    const bool good = found != requests_.end() && found->second.client == client && now < found->second.expires_at;
    return good ? std::optional{found->second} : std::nullopt;
  }

  /// False if it was decided upon before. Of two at once one gets true.
  bool use(const std::string& request_uri) {
    const std::scoped_lock lock{mutex_};
    const auto found = requests_.find(request_uri);
    return found != requests_.end() && !std::exchange(found->second.used, true);
  }

  /// All that the store holds, as a value.
  struct State {
    std::unordered_map<std::string, PushedRequest> requests;  ///< by request_uri
  };
  State snapshot() const {
    const std::scoped_lock lock{mutex_};
    return {requests_};
  }
  void restore(State state) {
    const std::scoped_lock lock{mutex_};
    requests_ = std::move(state.requests);
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, PushedRequest> requests_;  // guarded by mutex_
  std::size_t next_order_ = 1;                               // guarded by mutex_
};

}  // namespace mockserver
