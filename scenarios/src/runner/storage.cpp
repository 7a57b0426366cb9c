#include "runner/storage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace scenarios {
namespace {

namespace fs = std::filesystem;

std::string mode_text(mode_t mode) {
  return fmt::format("{:04o}", mode & 07777U);
}

std::string target_of(const FolderEntry& link) {
  std::string target(4096, '\0');
  const ssize_t length = ::readlinkat(link.parent, link.leaf.c_str(), target.data(), target.size());
  target.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return target;
}

StoredFile unread(const FolderEntry& entry, const std::string& why) {
  return {mode_text(entry.facts.st_mode), "not read: " + why, false};
}

/// The text of a file; of one that holds more than `limit`, or can't be read, why not.
StoredFile read_file(const FolderEntry& entry, std::size_t limit) {
  // Should it have become a pipe since it was looked at, opening it must not wait.
  const Descriptor file{::openat(entry.parent, entry.leaf.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!file) {
    return unread(entry, std::strerror(errno));
  }
  if (entry.facts.st_size > static_cast<off_t>(limit)) {
    return unread(entry, fmt::format("{} bytes, more than {}", entry.facts.st_size, limit));
  }
  std::string text;
  std::array<char, 65'536> buffer{};
  while (const ssize_t count = ::read(file.get(), buffer.data(), buffer.size())) {
    if (count < 0) {
      return unread(entry, std::strerror(errno));
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit) {
      return unread(entry, fmt::format("it grew beyond {} bytes", limit));
    }
  }
  return {mode_text(entry.facts.st_mode), text};
}

}  // namespace

TempDirectory::TempDirectory() {
  std::string name = (fs::temp_directory_path() / "assay-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error{"no temporary directory can be made below " + fs::temp_directory_path().string()};
  }
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

StorageSnapshot take_snapshot(const fs::path& directory, const FolderLimits& limits) {
  StorageSnapshot snapshot;
  std::size_t left = limits.all_bytes;
  const std::string problem = walk(directory, limits, [&](const FolderEntry& entry) {
    const mode_t mode = entry.facts.st_mode;
    if (S_ISLNK(mode)) {
      snapshot[entry.path] = {"link", "-> " + target_of(entry)};
    } else if (!entry.unread.empty()) {
      snapshot[entry.path] = unread(entry, entry.unread);
    } else if (S_ISDIR(mode)) {
      snapshot[entry.path] = {mode_text(mode), ""};
    } else if (S_ISREG(mode)) {
      const StoredFile& file = snapshot[entry.path] = read_file(entry, std::min(left, limits.file_bytes));
      left -= file.is_read ? file.text.size() : 0;
    }
  });
  if (!problem.empty()) {
    snapshot["./"].text = "not read: " + problem;
    snapshot["./"].is_read = false;
  }
  return snapshot;
}

StorageSnapshot redacted(const StorageSnapshot& snapshot,
                         const std::function<std::string(const std::string&)>& redact) {
  StorageSnapshot result;
  for (const auto& [name, file] : snapshot) {
    result[redact(name)] = {file.mode, redact(file.text), file.is_read};
  }
  return result;
}

StorageSnapshot without_empty(const StorageSnapshot& snapshot) {
  StorageSnapshot result = snapshot;
  std::erase_if(result, [](const auto& entry) { return entry.second.text.empty() || entry.first.ends_with('/'); });
  return result;
}

bool has_news(const StorageSnapshot& before, const StorageSnapshot& after) {
  for (const auto& [name, file] : without_empty(after)) {
    const auto old = before.find(name);
    if (old == before.end() || old->second.text != file.text) {
      return true;
    }
  }
  return false;
}

}  // namespace scenarios
