#include "storage/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "storage/posix_file.hpp"

namespace authcore {

namespace fs = std::filesystem;

namespace {

/// A flock belongs to the open file, which a forked child shares: only the process that took it
/// gives it back, and it does so by name instead of trusting that no child still has it open.
class FileLock final : public ObjectStorageProvider::Lock {
 public:
  FileLock(FileDescriptor fd, std::unique_ptr<Lock> local)
      : local_{std::move(local)}, fd_{std::move(fd)}, owner_{::getpid()} {}
  ~FileLock() override {
    if (owner_ == ::getpid()) {
      ::flock(fd_.get(), LOCK_UN);
    }
  }

 private:
  std::unique_ptr<Lock> local_;  // first in, last out
  FileDescriptor fd_;
  pid_t owner_;
};

/// Excludes nobody outside of this process.
class WeakLock final : public ObjectStorageProvider::Lock {
 public:
  WeakLock(std::unique_ptr<Lock> local, const fs::path& path, int error_number)
      : local_{std::move(local)}, weakness_{file_error("lock", path, error_number).message} {}
  std::string weakness() const override { return weakness_; }

 private:
  std::unique_ptr<Lock> local_;
  std::string weakness_;
};

FileDescriptor open_lock_file(const fs::path& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  const int fd = ::open(path.c_str(), kFlags, 0600);
  if (fd >= 0 || errno != ENOENT || !make_private_directories(path)) {
    return FileDescriptor{fd};
  }
  return FileDescriptor{::open(path.c_str(), kFlags, 0600)};
}

/// False if the file was removed or replaced between open and flock: then the lock means nothing.
bool still_at(const fs::path& path, int fd) {
  struct stat here {};
  struct stat there {};
  return ::fstat(fd, &here) == 0 && ::stat(path.c_str(), &there) == 0 && here.st_ino == there.st_ino &&
         here.st_dev == there.st_dev;
}

}  // namespace

std::unique_ptr<ObjectStorageProvider::Lock> try_file_lock(const fs::path& path, LocalLocks& local) {
  auto inside = local.try_lock(path.string());
  if (!inside) {
    return nullptr;
  }
  FileDescriptor fd = open_lock_file(path);
  if (!fd) {
    return std::make_unique<WeakLock>(std::move(inside), path, errno);
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EINTR) {
      return nullptr;
    }
    return std::make_unique<WeakLock>(std::move(inside), path, errno);  // ENOLCK, ENOTSUP: a file system without locks
  }
  if (!still_at(path, fd.get())) {
    return nullptr;
  }
  return std::make_unique<FileLock>(std::move(fd), std::move(inside));
}

}  // namespace authcore
