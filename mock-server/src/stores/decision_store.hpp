#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace mockserver {

/// Authorization responses that were decided by the control API and that the browser has not fetched yet, as
/// parameters without state and iss, by the query of their authorization request. Its mutex is a leaf. Thread-safe.
class DecisionStore {
 public:
  void put(std::string query, std::string response) {
    const std::scoped_lock lock{mutex_};
    responses_.insert_or_assign(std::move(query), std::move(response));
  }

  std::optional<std::string> take(const std::string& query) {
    const std::scoped_lock lock{mutex_};
    const auto found = responses_.extract(query);
    return found.empty() ? std::nullopt : std::optional{found.mapped()};
  }

  /// All that the store holds, as a value.
  struct State {
    std::map<std::string, std::string> responses;  ///< by query
  };
  State snapshot() const {
    const std::scoped_lock lock{mutex_};
    return {responses_};
  }
  void restore(State state) {
    const std::scoped_lock lock{mutex_};
    responses_ = std::move(state.responses);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> responses_;  // guarded by mutex_
};

}  // namespace mockserver
