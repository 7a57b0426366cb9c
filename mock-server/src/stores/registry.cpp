#include "stores/registry.hpp"

#include <algorithm>
#include <mutex>

namespace mockserver {
namespace {

constexpr auto kClientName = [](const ClientPtr& client) -> const std::string& { return client->id; };
constexpr auto kUserName = [](const UserPtr& user) -> const std::string& { return user->sub; };

template <typename Pointer, typename Name>
Pointer find(const std::vector<Pointer>& all, std::string_view name, Name name_of) {
  const auto found = std::ranges::find(all, name, name_of);
  return found == all.end() ? nullptr : *found;
}

template <typename Pointer, typename Name>
void place(std::vector<Pointer>& all, Pointer one, Name name_of) {
  const auto found = std::ranges::find(all, name_of(one), name_of);
  if (found == all.end()) {
    all.push_back(std::move(one));
  } else {
    *found = std::move(one);
  }
}

template <typename T>
std::vector<std::shared_ptr<const T>> shared_copies(const std::vector<T>& values) {
  std::vector<std::shared_ptr<const T>> copies;
  copies.reserve(values.size());
  for (const T& value : values) {
    copies.push_back(std::make_shared<const T>(value));
  }
  return copies;
}

}  // namespace

Registry::Registry(const std::vector<ClientConfig>& clients, const std::vector<UserConfig>& users)
    : clients_{shared_copies(clients)}, users_{shared_copies(users)} {}

ClientPtr Registry::client(std::string_view id) const {
  const std::shared_lock lock{mutex_};
  return find(clients_, id, kClientName);
}

UserPtr Registry::user(std::string_view sub) const {
  const std::shared_lock lock{mutex_};
  return find(users_, sub, kUserName);
}

UserPtr Registry::first_user() const {
  const std::shared_lock lock{mutex_};
  return users_.empty() ? nullptr : users_.front();
}

std::vector<ClientPtr> Registry::clients() const {
  const std::shared_lock lock{mutex_};
  return clients_;
}

std::vector<UserPtr> Registry::users() const {
  const std::shared_lock lock{mutex_};
  return users_;
}

void Registry::put(ClientConfig client) {
  auto added = std::make_shared<const ClientConfig>(std::move(client));
  const std::scoped_lock lock{mutex_};
  place(clients_, ClientPtr{std::move(added)}, kClientName);
}

void Registry::put(UserConfig user) {
  auto added = std::make_shared<const UserConfig>(std::move(user));
  const std::scoped_lock lock{mutex_};
  place(users_, UserPtr{std::move(added)}, kUserName);
}

void Registry::assign(const std::vector<ClientConfig>& clients) {
  auto fresh = shared_copies(clients);
  const std::scoped_lock lock{mutex_};
  clients_ = std::move(fresh);
}

void Registry::assign(const std::vector<UserConfig>& users) {
  auto fresh = shared_copies(users);
  const std::scoped_lock lock{mutex_};
  users_ = std::move(fresh);
}

bool Registry::remove_client(std::string_view id) {
  const std::scoped_lock lock{mutex_};
  return std::erase_if(clients_, [&](const ClientPtr& client) { return client->id == id; }) > 0;
}

bool Registry::remove_user(std::string_view sub) {
  const std::scoped_lock lock{mutex_};
  return std::erase_if(users_, [&](const UserPtr& user) { return user->sub == sub; }) > 0;
}

Registry::State Registry::snapshot() const {
  const std::shared_lock lock{mutex_};
  return {clients_, users_};
}

void Registry::restore(State state) {
  const std::scoped_lock lock{mutex_};
  clients_ = std::move(state.clients);
  users_ = std::move(state.users);
}

}  // namespace mockserver
