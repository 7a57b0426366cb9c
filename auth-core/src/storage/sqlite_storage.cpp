#include "authcore/sqlite_storage.hpp"

#include <utility>

#include "oidc/openssl.hpp"
#include "storage/file_lock.hpp"
#include "storage/local_locks.hpp"
#include "storage/posix_file.hpp"
#include "storage/sqlite_database.hpp"
#include "storage/storable.hpp"

namespace authcore {

namespace fs = std::filesystem;

namespace {

/// 16 hexadecimal digits.
std::string short_hash(const std::string& key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : oidc::sha256(key).substr(0, 8)) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

}  // namespace

SqliteStorage::SqliteStorage(fs::path database, oidc::Clock& clock, FileOwners owners)
    : path_{std::move(database)},
      home_{home_directory()},
      clock_{clock},
      owners_{owners},
      locks_{std::make_shared<LocalLocks>()} {}
SqliteStorage::~SqliteStorage() = default;

oidc::Result<fs::path> SqliteStorage::target() const {
  const auto path = path_under(home_, path_.string());
  return path ? resolve_links(*path, owners_) : path;
}

/// nullptr: there is no database, and it is to be left so.
oidc::Result<SqliteDatabase*> SqliteStorage::open(IfAbsent if_absent) {
  const auto path = target();
  if (!path) {
    return path.error();
  }
  if (database_ != nullptr && database_->is_still_at(*path)) {
    return database_.get();
  }
  database_.reset();
  std::error_code ignored;
  if (if_absent == IfAbsent::kLeaveIt && !fs::exists(*path, ignored)) {
    return nullptr;
  }
  if (auto made = make_private_directories(*path); !made) {
    return std::move(made).error();
  }
  if (auto made = make_private_database_file(*path, owners_); !made) {
    return std::move(made).error();
  }
  auto opened = SqliteDatabase::open(*path);
  if (!opened) {
    return std::move(opened).error();
  }
  database_ = *std::move(opened);
  return database_.get();
}

oidc::Result<oidc::Json> SqliteStorage::load(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  const auto database = open(IfAbsent::kLeaveIt);
  if (!database) {
    return database.error();
  }
  if (*database == nullptr) {
    return nothing_stored(key);
  }
  auto statement = (*database)->prepare("SELECT object FROM authcore_objects WHERE key = ?");
  const int code = statement.bind(key).step();
  if (code != SQLITE_ROW) {
    return code == SQLITE_DONE ? nothing_stored(key) : (*database)->error(code);
  }
  auto object = oidc::parse_json(statement.text(0));
  if (!object || !object->is_object()) {
    return oidc::Error{oidc::Errc::kCorruptStorage, "what is stored under " + key + " is no JSON object"};
  }
  return object;
}

oidc::Status SqliteStorage::save(const std::string& key, const oidc::Json& object) {
  const auto stored = to_storable(object);
  if (!stored) {
    return stored.error();
  }
  const std::string text = oidc::to_text(*stored);
  if (text.size() > kMaxBytes) {
    return oidc::Error{oidc::Errc::kStorage, "the object for " + key + " is too large"};
  }
  const std::scoped_lock lock{mutex_};
  const auto database = open(IfAbsent::kMakeIt);
  if (!database) {
    return database.error();
  }
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(clock_.now().time_since_epoch());
  auto statement =
      (*database)->prepare("INSERT OR REPLACE INTO authcore_objects (key, object, modified_ns) VALUES (?, ?, ?)");
  const int code = statement.bind(key).bind(text).bind(now.count()).step();
  return code == SQLITE_DONE ? oidc::Status{oidc::Done{}} : (*database)->error(code);
}

oidc::Result<bool> SqliteStorage::exists(const std::string& key) {
  const auto found = version(key);
  if (found) {
    return true;
  }
  return found.error().code == oidc::Errc::kNotFound ? oidc::Result<bool>{false} : found.error();
}

oidc::Result<ObjectVersion> SqliteStorage::version(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  const auto database = open(IfAbsent::kLeaveIt);
  if (!database) {
    return database.error();
  }
  if (*database == nullptr) {
    return nothing_stored(key);
  }
  auto statement =
      (*database)->prepare("SELECT modified_ns, length(object), serial FROM authcore_objects WHERE key = ?");
  const int code = statement.bind(key).step();
  if (code != SQLITE_ROW) {
    return code == SQLITE_DONE ? nothing_stored(key) : (*database)->error(code);
  }
  return ObjectVersion{.modified_ns = statement.number(0),
                       .size = static_cast<std::uint64_t>(statement.number(1)),
                       .identity = static_cast<std::uint64_t>(statement.number(2))};
}

oidc::Status SqliteStorage::rename(const std::string& from, const std::string& to) {
  const std::scoped_lock lock{mutex_};
  const auto database = open(IfAbsent::kLeaveIt);
  if (!database) {
    return database.error();
  }
  if (*database == nullptr) {
    return nothing_stored(from);
  }
  auto statement = (*database)->prepare("UPDATE OR REPLACE authcore_objects SET key = ? WHERE key = ?");
  const int code = statement.bind(to).bind(from).step();
  if (code != SQLITE_DONE) {
    return (*database)->error(code);
  }
  return (*database)->changes() > 0 ? oidc::Status{oidc::Done{}} : nothing_stored(from);
}

oidc::Status SqliteStorage::remove(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  const auto database = open(IfAbsent::kLeaveIt);
  if (!database) {
    return database.error();
  }
  if (*database == nullptr) {
    return oidc::Done{};
  }
  const int code = (*database)->prepare("DELETE FROM authcore_objects WHERE key = ?").bind(key).step();
  if (code != SQLITE_DONE) {
    return (*database)->error(code);
  }
  (*database)->empty_log();
  return oidc::Done{};
}

oidc::Result<std::unique_ptr<ObjectStorageProvider::Lock>> SqliteStorage::lock(const std::string& key,
                                                                               oidc::Clock& clock,
                                                                               oidc::Duration timeout,
                                                                               std::stop_token stop) {
  const auto path = target();
  if (!path) {
    return path.error();
  }
  const fs::path lock_path = path->string() + "." + short_hash(key) + ".lock";
  return poll_for_lock(key, clock, timeout, stop, [&]() -> MaybeLock {
    auto lock = try_file_lock(lock_path, *locks_);
    if (lock != nullptr && !lock->weakness().empty()) {
      lock_degraded_ = true;
    }
    return lock;
  });
}

}  // namespace authcore
