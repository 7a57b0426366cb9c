#pragma once

#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/config.hpp"

namespace mockserver {

using ClientPtr = std::shared_ptr<const ClientConfig>;
using UserPtr = std::shared_ptr<const UserConfig>;

/// The clients and users of one issuer, which may come and go while it runs. Whoever has found one keeps it as
/// it was. Its mutex is a leaf. Thread-safe.
class Registry {
 public:
  Registry(const std::vector<ClientConfig>& clients, const std::vector<UserConfig>& users);

  /// Null if there is none.
  ClientPtr client(std::string_view id) const;
  UserPtr user(std::string_view sub) const;
  /// Who logs in where nobody is named; null if there are no users.
  UserPtr first_user() const;

  std::vector<ClientPtr> clients() const;
  std::vector<UserPtr> users() const;

  /// Adds it, or replaces the one of the same name in its place.
  void put(ClientConfig client);
  void put(UserConfig user);
  /// Exactly these from now on.
  void assign(const std::vector<ClientConfig>& clients);
  void assign(const std::vector<UserConfig>& users);
  /// False if there was none.
  bool remove_client(std::string_view id);
  bool remove_user(std::string_view sub);

  /// All that the registry holds, as a value.
  struct State {
    std::vector<ClientPtr> clients;
    std::vector<UserPtr> users;
  };
  State snapshot() const;
  void restore(State state);

 private:
  mutable std::shared_mutex mutex_;
  std::vector<ClientPtr> clients_;  // guarded by mutex_
  std::vector<UserPtr> users_;      // guarded by mutex_
};

}  // namespace mockserver
