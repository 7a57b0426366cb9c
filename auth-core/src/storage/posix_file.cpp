#include "storage/posix_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <system_error>
#include <vector>

namespace authcore {

namespace fs = std::filesystem;

namespace {

constexpr int kMaxLinks = 40;
constexpr int kMaxTemporaryNames = 1000;
/// A temporary file lives for a moment; one that is older than this has lost its process.
constexpr std::time_t kLeftoverSeconds = 3600;

struct TemporaryFile {
  fs::path path;
  FileDescriptor fd;
};

constexpr const char* kTemporarySuffix = ".tmp";
std::string temporary_prefix(const fs::path& target) {
  return "." + target.filename().string() + ".";
}

/// A new file beside `target`; private from its first moment, because O_EXCL never opens one
/// that somebody else made.
oidc::Result<TemporaryFile> make_temporary(const fs::path& target) {
  static std::atomic<unsigned> serial{0};
  for (int attempt = 0; attempt < kMaxTemporaryNames; ++attempt) {
    fs::path path = target.parent_path() / (temporary_prefix(target) + std::to_string(::getpid()) + "-" +
                                            std::to_string(serial++) + kTemporarySuffix);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) {
      return TemporaryFile{std::move(path), FileDescriptor{fd}};
    }
    if (errno != EEXIST) {
      return file_error("create a file beside", target, errno);
    }
  }
  return file_error("create a file beside", target, EEXIST);
}

/// A umask may take the owner's own bits away. The mode is touched only then: nothing is to hide a file that
/// was opened with too wide a mode.
bool lets_owner_in(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return false;
  }
  constexpr mode_t kOwner = S_IRUSR | S_IWUSR;
  return (status.st_mode & kOwner) == kOwner || ::fchmod(fd, kOwner) == 0;
}

/// 0 or errno.
int fill(int fd, std::string_view bytes) {
  if (const int error = write_all(fd, bytes); error != 0) {
    return error;
  }
  return !lets_owner_in(fd) || ::fsync(fd) != 0 ? errno : 0;
}

/// Who is killed while saving leaves a temporary file with tokens in it. Age is judged by the file system's own
/// clock: a younger file may be about to be renamed by another process.
void remove_leftovers(const fs::path& target) {
  struct stat saved {};
  if (::stat(target.c_str(), &saved) != 0) {
    return;
  }
  const std::string prefix = temporary_prefix(target);
  std::error_code error;
  for (fs::directory_iterator entry{target.parent_path(), error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    struct stat status {};
    if (name.starts_with(prefix) && name.ends_with(kTemporarySuffix) && ::lstat(entry->path().c_str(), &status) == 0 &&
        S_ISREG(status.st_mode) && status.st_mtim.tv_sec + kLeftoverSeconds < saved.st_mtim.tv_sec) {
      ::unlink(entry->path().c_str());
    }
  }
}

/// Makes a rename last. Some file systems cannot sync directories; the file is in place all the same.
void sync_directory(const fs::path& directory) {
  const FileDescriptor fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (fd) {
    ::fsync(fd.get());
  }
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

oidc::Error file_error(std::string_view verb, const fs::path& path, int error_number) {
  return {oidc::Errc::kStorage,
          "cannot " + std::string{verb} + " " + path.string() + ": " + std::generic_category().message(error_number)};
}

fs::path home_directory() {
  const char* home = std::getenv("HOME");
  return home == nullptr ? fs::path{} : fs::path{home};
}

oidc::Result<fs::path> path_under(const fs::path& home, const std::string& key) {
  if (key.empty() || key.find('\0') != std::string::npos) {
    return oidc::Error{oidc::Errc::kStorage, "a storage key must be a path"};
  }
  const fs::path path{key};
  if (path.is_absolute()) {
    return path;
  }
  if (home.empty()) {
    return oidc::Error{oidc::Errc::kStorage, "no home directory is known for the relative key " + key};
  }
  return home / path;
}

oidc::Status check_owner(const fs::path& path, const struct stat& facts) {
  if (facts.st_uid != ::geteuid() && facts.st_uid != 0) {
    return oidc::Error{oidc::Errc::kStorage,
                       path.string() + " belongs to another user (" + std::to_string(facts.st_uid) + ")"};
  }
  return oidc::Done{};
}

oidc::Status check_private(const fs::path& path, const struct stat& facts) {
  if (const auto own = check_owner(path, facts); !own) {
    return own;
  }
  if (S_ISREG(facts.st_mode) && (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return oidc::Error{oidc::Errc::kStorage, path.string() + " can be written by other users (chmod 600 mends it)"};
  }
  return oidc::Done{};
}

oidc::Result<fs::path> resolve_links(const fs::path& path, FileOwners owners) {
  fs::path current = path;
  for (int depth = 0; depth < kMaxLinks; ++depth) {
    // The owner and the target of one and the same link, whatever is put in its place meanwhile.
    const FileDescriptor entry{::open(current.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
    struct stat facts {};
    if (!entry || ::fstat(entry.get(), &facts) != 0) {
      return current;  // whoever opens it will say why
    }
    if (owners == FileOwners::kUs) {
      if (const auto own = check_owner(current, facts); !own) {
        return own.error();
      }
    }
    if (!S_ISLNK(facts.st_mode)) {
      return current;
    }
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlinkat(entry.get(), "", target.data(), target.size());
    if (length < 0) {
      return file_error("follow", current, errno);
    }
    const fs::path next{std::string{target.data(), static_cast<std::size_t>(length)}};
    current = next.is_absolute() ? next : current.parent_path() / next;
  }
  return file_error("follow", path, ELOOP);
}

oidc::Status make_private_directories(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path directory = path.parent_path(); !directory.empty() && !fs::exists(directory, error);
       directory = directory.parent_path()) {
    missing.push_back(directory);
  }
  std::reverse(missing.begin(), missing.end());
  for (const fs::path& directory : missing) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
      return file_error("make the directory", directory, errno);
    }
  }
  return oidc::Done{};
}

oidc::Result<std::string> read_file(const fs::path& path, std::size_t limit, FileOwners owners) {
  const FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return oidc::Error{oidc::Errc::kNotFound, "there is no file " + path.string()};
    }
    return file_error("open", path, errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    return file_error("read", path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return oidc::Error{oidc::Errc::kStorage, path.string() + " is not a regular file"};
  }
  if (owners == FileOwners::kUs) {
    if (const auto ours = check_private(path, status); !ours) {
      return ours.error();
    }
  }
  std::string bytes;
  std::array<char, 16 * 1024> chunk{};
  while (bytes.size() <= limit) {
    const ssize_t count = ::read(fd.get(), chunk.data(), chunk.size());
    if (count == 0) {
      return bytes;
    }
    if (count > 0) {
      bytes.append(chunk.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return file_error("read", path, errno);
    }
  }
  return oidc::Error{oidc::Errc::kCorruptStorage,
                     path.string() + " is larger than " + std::to_string(limit) + " bytes"};
}

oidc::Status replace_file(const fs::path& path, std::string_view bytes) {
  const auto temporary = make_temporary(path);
  if (!temporary) {
    return temporary.error();
  }
  int error = fill(temporary->fd.get(), bytes);
  if (error == 0 && ::rename(temporary->path.c_str(), path.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) {
    ::unlink(temporary->path.c_str());
    return file_error("write", path, error);
  }
  sync_directory(path.parent_path());
  remove_leftovers(path);
  return oidc::Done{};
}

}  // namespace authcore
