#include "authcore/file_storage.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "storage/file_lock.hpp"
#include "storage/local_locks.hpp"
#include "storage/posix_file.hpp"
#include "storage/sops.hpp"
#include "storage/storable.hpp"

namespace authcore {

namespace fs = std::filesystem;

namespace {

bool means_absent(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR;
}

oidc::Error not_found(const fs::path& path) {
  return {oidc::Errc::kNotFound, "there is no file " + path.string()};
}

}  // namespace

FileStorage::FileStorage(FileOwners owners) : FileStorage{home_directory(), "sops", owners} {}
FileStorage::FileStorage(fs::path home, const std::string& sops, FileOwners owners)
    : home_{std::move(home)},
      owners_{owners},
      sops_{std::make_unique<Sops>(sops)},
      locks_{std::make_shared<LocalLocks>()} {}
FileStorage::~FileStorage() = default;

oidc::Result<fs::path> FileStorage::path_of(const std::string& key) const {
  return path_under(home_, key);
}

/// Where the links of the key lead.
oidc::Result<fs::path> FileStorage::target_of(const std::string& key) const {
  const auto path = path_of(key);
  return path ? resolve_links(*path, owners_) : path;
}

oidc::Result<std::string> FileStorage::read(const std::string& key, const fs::path& path) const {
  return key.ends_with(kSopsSuffix) ? sops_->decrypt(path, kMaxBytes, owners_) : read_file(path, kMaxBytes, owners_);
}

oidc::Result<oidc::Json> FileStorage::load(const std::string& key) {
  const auto path = path_of(key);
  if (!path) {
    return path.error();
  }
  const auto target = target_of(key);
  if (!target) {
    return target.error();
  }
  const auto text = read(key, *target);
  if (!text) {
    return text.error();
  }
  auto object = oidc::parse_json(*text);
  if (!object || !object->is_object()) {
    return oidc::Error{oidc::Errc::kCorruptStorage, path->string() + " does not hold a JSON object"};
  }
  return object;
}

oidc::Status FileStorage::save(const std::string& key, const oidc::Json& object) {
  const auto stored = to_storable(object);
  if (!stored) {
    return stored.error();
  }
  const auto path = path_of(key);
  if (!path) {
    return path.error();
  }
  const auto target = target_of(key);
  if (!target) {
    return target.error();
  }
  std::string text = oidc::to_pretty_text(*stored);
  if (text.size() > kMaxBytes) {
    return oidc::Error{oidc::Errc::kStorage, "the object for " + path->string() + " is too large to be read again"};
  }
  if (const auto made = make_private_directories(*target); !made) {
    return made.error();
  }
  if (key.ends_with(kSopsSuffix)) {
    auto encrypted = sops_->encrypt(*path, text);
    if (!encrypted) {
      return std::move(encrypted).error();
    }
    text = *std::move(encrypted);
  }
  return replace_file(*target, text);
}

oidc::Result<bool> FileStorage::exists(const std::string& key) {
  const auto path = path_of(key);
  if (!path) {
    return path.error();
  }
  struct stat status {};
  if (::stat(path->c_str(), &status) == 0) {
    return true;
  }
  if (means_absent(errno)) {
    return false;
  }
  return file_error("look for", *path, errno);
}

oidc::Result<ObjectVersion> FileStorage::version(const std::string& key) {
  const auto path = path_of(key);
  if (!path) {
    return path.error();
  }
  struct stat status {};
  if (::stat(path->c_str(), &status) != 0) {
    return means_absent(errno) ? not_found(*path) : file_error("look at", *path, errno);
  }
  return ObjectVersion{.modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
                       .size = static_cast<std::uint64_t>(status.st_size),
                       .identity = static_cast<std::uint64_t>(status.st_ino)};
}

oidc::Status FileStorage::rename(const std::string& from, const std::string& to) {
  const auto source = path_of(from);
  if (!source) {
    return source.error();
  }
  const auto target = path_of(to);
  if (!target) {
    return target.error();
  }
  if (const auto made = make_private_directories(*target); !made) {
    return made.error();
  }
  if (::rename(source->c_str(), target->c_str()) != 0) {
    return means_absent(errno) ? not_found(*source) : file_error("rename", *source, errno);
  }
  return oidc::Done{};
}

oidc::Status FileStorage::remove(const std::string& key) {
  const auto path = path_of(key);
  if (!path) {
    return path.error();
  }
  if (::unlink(path->c_str()) != 0 && !means_absent(errno)) {
    return file_error("remove", *path, errno);
  }
  return oidc::Done{};
}

oidc::Result<std::unique_ptr<ObjectStorageProvider::Lock>> FileStorage::lock(const std::string& key, oidc::Clock& clock,
                                                                             oidc::Duration timeout,
                                                                             std::stop_token stop) {
  const auto path = path_of(key);
  if (!path) {
    return path.error();
  }
  // Two keys that lead to one file share its lock.
  const auto target = target_of(key);
  if (!target) {
    return target.error();
  }
  const fs::path lock_path = target->string() + ".lock";
  return poll_for_lock(path->string(), clock, timeout, stop, [&]() -> MaybeLock {
    auto lock = try_file_lock(lock_path, *locks_);
    if (lock != nullptr && !lock->weakness().empty()) {
      lock_degraded_ = true;
    }
    return lock;
  });
}

}  // namespace authcore
