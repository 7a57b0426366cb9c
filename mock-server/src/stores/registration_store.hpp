#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"

namespace mockserver {

/// A client that registered itself, beside what the registry knows of it.
struct Registration {
  std::string token;  ///< registration access token (RFC 7592 section 3)
  oidc::TimePoint issued_at;
  oidc::Json metadata = oidc::Json::object();  ///< as registered, by the names of RFC 7591 section 2
};

/// Dynamic registrations by client id. Its mutex is a leaf. Thread-safe.
class RegistrationStore {
 public:
  /// Adds it, or replaces that of the same client.
  void put(const std::string& client, Registration registration) {
    const std::scoped_lock lock{mutex_};
    registrations_.insert_or_assign(client, std::move(registration));
  }

  std::optional<Registration> find(std::string_view client) const {
    const std::scoped_lock lock{mutex_};
    const auto found = registrations_.find(client);
    return found == registrations_.end() ? std::nullopt : std::optional{found->second};
  }

  std::size_t size() const {
    const std::scoped_lock lock{mutex_};
    return registrations_.size();
  }

  void remove(const std::string& client) {
    const std::scoped_lock lock{mutex_};
    registrations_.erase(client);
  }

  /// All that the store holds, as a value.
  struct State {
    std::map<std::string, Registration, std::less<>> registrations;  ///< by client id
  };
  State snapshot() const {
    const std::scoped_lock lock{mutex_};
    return {registrations_};
  }
  void restore(State state) {
    const std::scoped_lock lock{mutex_};
    registrations_ = std::move(state.registrations);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Registration, std::less<>> registrations_;  // guarded by mutex_
};

}  // namespace mockserver
