#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

namespace mockserver {

/// A connection that somebody else may end.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;
  /// Resets it soon, on its own strand.
  virtual void cut() = 0;
};

/// The open connections of a server. Thread-safe; its lock is a leaf.
class Connections {
 public:
  void add(const std::shared_ptr<Connection>& connection) {
    const std::scoped_lock lock{mutex_};
    open_.emplace(connection.get(), connection);
  }
  void remove(const Connection* connection) {
    const std::scoped_lock lock{mutex_};
    open_.erase(connection);
  }
  /// Cuts them all but `spared`, which may be null.
  void cut_all(const Connection* spared) {
    std::unordered_map<const Connection*, std::weak_ptr<Connection>> open;
    {
      const std::scoped_lock lock{mutex_};
      open = open_;
    }
    for (const auto& [key, weak] : open) {
      const auto connection = key == spared ? nullptr : weak.lock();
      if (connection) {
        connection->cut();
      }
    }
  }

 private:
  std::mutex mutex_;
  std::unordered_map<const Connection*, std::weak_ptr<Connection>> open_;  // guarded by mutex_
};

}  // namespace mockserver
