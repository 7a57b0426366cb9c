#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace mockserver {

/// Redirects that were decided by the control API and that the browser has not fetched yet,
/// by the query of their authorization request. Its mutex is a leaf. Thread-safe.
class DecisionStore {
 public:
  void put(std::string query, std::string redirect) {
    const std::scoped_lock lock{mutex_};
    redirects_.insert_or_assign(std::move(query), std::move(redirect));
  }

  std::optional<std::string> take(const std::string& query) {
    const std::scoped_lock lock{mutex_};
    const auto found = redirects_.extract(query);
    return found.empty() ? std::nullopt : std::optional{found.mapped()};
  }

  /// All that the store holds, as a value.
  struct State {
    std::map<std::string, std::string> redirects;  ///< by query
  };
  State snapshot() const {
    const std::scoped_lock lock{mutex_};
    return {redirects_};
  }
  void restore(State state) {
    const std::scoped_lock lock{mutex_};
    redirects_ = std::move(state.redirects);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> redirects_;  // guarded by mutex_
};

}  // namespace mockserver
