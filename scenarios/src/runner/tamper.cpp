#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "oidc/json.hpp"
#include "runner/storage.hpp"

namespace scenarios {
namespace {

Descriptor open_file(const FolderEntry& entry, int how) {
  return Descriptor{::openat(entry.parent, entry.leaf.c_str(), how | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)};
}

bool write_text(const Descriptor& file, const std::string& text) {
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool overwrite(const FolderEntry& entry, const std::string& text) {
  const Descriptor file = open_file(entry, O_WRONLY);
  return file && ::ftruncate(file.get(), 0) == 0 && write_text(file, text);
}

bool remove(const FolderEntry& entry) {
  return ::unlinkat(entry.parent, entry.leaf.c_str(), 0) == 0;
}

/// A link to a file of the same content beside it, or a directory, in its place.
bool replace(const FolderEntry& entry, bool by_directory) {
  if (by_directory) {
    return remove(entry) && ::mkdirat(entry.parent, entry.leaf.c_str(), 0777) == 0;
  }
  FolderEntry target = entry;
  target.leaf = std::filesystem::path{entry.leaf}.replace_extension(".elsewhere").string();
  return ::renameat2(entry.parent, entry.leaf.c_str(), entry.parent, target.leaf.c_str(), RENAME_NOREPLACE) == 0 &&
         ::fchmodat(target.parent, target.leaf.c_str(), 0600, AT_SYMLINK_NOFOLLOW) == 0 &&
         ::symlinkat(target.leaf.c_str(), entry.parent, entry.leaf.c_str()) == 0;
}

bool tamper_with(const FolderEntry& entry, const oidc::Json& action) {
  if (S_ISLNK(entry.facts.st_mode)) {
    return action.contains("remove") && remove(entry);
  }
  if (!S_ISREG(entry.facts.st_mode) || entry.facts.st_size == 0 || entry.facts.st_nlink != 1) {
    return false;
  }
  if (const auto text = oidc::string_member(action, "write")) {
    return overwrite(entry, *text);
  }
  if (const auto other = oidc::string_member(action, "replace")) {
    return replace(entry, *other == "directory");
  }
  if (const auto mode = oidc::string_member(action, "mode")) {
    return ::fchmodat(entry.parent, entry.leaf.c_str(), static_cast<mode_t>(std::stoul(*mode, nullptr, 8)),
                      AT_SYMLINK_NOFOLLOW) == 0;
  }
  return remove(entry);
}

}  // namespace

std::size_t tamper(const std::filesystem::path& directory, const oidc::Json& action) {
  std::size_t touched = 0;
  walk(directory, {}, [&](const FolderEntry& entry) { touched += tamper_with(entry, action) ? 1U : 0U; });
  return touched;
}

}  // namespace scenarios
