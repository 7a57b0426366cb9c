#include "runner/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace scenarios {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

class Walk {
 public:
  Walk(const FolderLimits& limits, const std::function<void(const FolderEntry&)>& visit)
      : limits_{limits}, visit_{visit} {}

  void run(FolderEntry entry, std::size_t depth) {
    if (!S_ISDIR(entry.facts.st_mode)) {
      visit_(entry);
      return;
    }
    if (depth > limits_.depth) {
      entry.unread = fmt::format("it is more than {} directories deep", limits_.depth);
      visit_(entry);
      return;
    }
    const Descriptor folder{::openat(entry.parent, entry.leaf.c_str(), kFolder)};
    entry.unread = folder ? "" : std::strerror(errno);
    visit_(entry);
    for (const std::string& name : names_in(folder.get())) {
      FolderEntry below{folder.get(), name, (depth == 0 ? "" : entry.path) + name, {}, ""};
      if (::fstatat(folder.get(), name.c_str(), &below.facts, AT_SYMLINK_NOFOLLOW) == 0) {  // else it is gone
        below.path += S_ISDIR(below.facts.st_mode) ? "/" : "";
        run(std::move(below), depth + 1);
      }
    }
  }

  std::string problem() const { return is_over_ ? fmt::format("there are more than {} entries", limits_.entries) : ""; }

 private:
  std::vector<std::string> names_in(int folder) {
    std::vector<std::string> names;
    const int own = folder < 0 ? -1 : ::dup(folder);  // closedir closes it
    DIR* const stream = own < 0 ? nullptr : ::fdopendir(own);
    if (stream == nullptr) {
      return names;
    }
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") {
        continue;
      }
      if (seen_++ == limits_.entries) {
        is_over_ = true;
        break;
      }
      names.push_back(name);
    }
    ::closedir(stream);
    std::ranges::sort(names);
    return names;
  }

  const FolderLimits& limits_;
  const std::function<void(const FolderEntry&)>& visit_;
  std::size_t seen_ = 0;
  bool is_over_ = false;
};

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

std::string walk(const std::filesystem::path& directory, const FolderLimits& limits,
                 const std::function<void(const FolderEntry&)>& visit) {
  const Descriptor above{::open(directory.parent_path().c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  FolderEntry entry{above.get(), directory.filename().string(), "./", {}, ""};
  if (!above || ::fstatat(above.get(), entry.leaf.c_str(), &entry.facts, AT_SYMLINK_NOFOLLOW) != 0) {
    return "";
  }
  Walk walk{limits, visit};
  walk.run(std::move(entry), 0);
  return walk.problem();
}

}  // namespace scenarios
