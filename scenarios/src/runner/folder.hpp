#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

namespace scenarios {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_{fd} {}
  Descriptor(Descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// What stands in a client's directory. It is reached by `parent`, so that whatever is done to it is done there: the
/// client may put a link in the place of any part of a path at any moment.
struct FolderEntry {
  int parent;        ///< the open directory that it stands in
  std::string leaf;  ///< its name there
  std::string path;  ///< relative to where the walk began; of directories with a trailing '/'
  struct stat facts;
  std::string unread;  ///< of a directory that isn't looked into: why not
};

/// How far a client's directory is looked into: it isn't ours, and whatever stands there must not exhaust us.
struct FolderLimits {
  std::size_t file_bytes = std::size_t{1} << 20U;
  std::size_t all_bytes = std::size_t{4} << 20U;
  std::size_t entries = 1000;
  std::size_t depth = 16;
};

/// Calls `visit` for the directory itself ("./") and for all below it, sorted within each directory. No link is
/// followed, nor `directory` itself if it has become one: then it is the only entry. Returns why there is more than was
/// visited, or
/// "".
std::string walk(const std::filesystem::path& directory, const FolderLimits& limits,
                 const std::function<void(const FolderEntry&)>& visit);

}  // namespace scenarios
