#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "authcore/storage.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// A file descriptor that closes itself.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_{fd} {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// 0 or errno.
int write_all(int fd, std::string_view bytes);

/// `kStorage` from errno, naming `path`: "cannot open /x/y: Permission denied".
oidc::Error file_error(std::string_view verb, const std::filesystem::path& path, int error_number);

/// `$HOME` as it is now; empty if it is unset.
std::filesystem::path home_directory();

/// Where `key` lies: an absolute one where it says, a relative one under `home` (STOR-003). Errors: `kStorage`.
oidc::Result<std::filesystem::path> path_under(const std::filesystem::path& home, const std::string& key);

/// Follows the links that `path` itself is (not those above it) to where the object lies or
/// would lie. Errors: `kStorage` for a loop, and for a link or a file that isn't of those `owners`.
oidc::Result<std::filesystem::path> resolve_links(const std::filesystem::path& path, FileOwners owners);

/// `kStorage` if what is at `path`, no link followed, belongs to another user.
oidc::Status check_owner(const std::filesystem::path& path, const struct stat& facts);

/// As `check_owner`, and if it is a file that others can write.
oidc::Status check_private(const std::filesystem::path& path, const struct stat& facts);

/// Makes the missing directories above `path`, each 0700.
oidc::Status make_private_directories(const std::filesystem::path& path);

/// No link is followed: see `resolve_links`. Errors: `kNotFound`, `kCorruptStorage` if there is more than `limit`,
/// `kStorage`, also if the file that was opened isn't of those `owners` or others can write it.
oidc::Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit, FileOwners owners);

/// Puts a 0600 file with those bytes in the place of `path`: old or new, never a part, also after a power cut.
/// What killed processes left beside it an hour ago or earlier goes.
oidc::Status replace_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace authcore
