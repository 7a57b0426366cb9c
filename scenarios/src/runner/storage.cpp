#include "runner/storage.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace scenarios {
namespace {

namespace fs = std::filesystem;

std::string mode_text(const fs::path& path) {
  struct stat facts {};  // a link has none of its own
  if (stat(path.c_str(), &facts) != 0) {
    return "";
  }
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(facts.st_mode & 07777U));
  return text;
}

std::string read_text(const fs::path& path) {
  std::ifstream stream{path, std::ios::binary};
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// A directory in the place of a file, or a link to a file of the same content beside the client's directory.
void put_in_place(const fs::path& path, const fs::path& beside, bool directory) {
  const std::string text = read_text(path);
  fs::remove(path);
  if (directory) {
    fs::create_directory(path);
    return;
  }
  const fs::path target = beside / ("elsewhere-" + path.filename().string());
  std::ofstream{target, std::ios::binary} << text;
  fs::permissions(target, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(target, path);
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

StorageSnapshot take_snapshot(const fs::path& directory) {
  StorageSnapshot snapshot;
  std::error_code error;
  if (fs::is_directory(directory, error)) {
    snapshot["./"] = {mode_text(directory), ""};
  }
  for (fs::recursive_directory_iterator entry{directory, error}, end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    const std::string name = entry->path().lexically_relative(directory).generic_string();
    if (entry->is_directory(gone)) {
      snapshot[name + "/"] = {mode_text(entry->path()), ""};
    } else if (entry->is_regular_file(gone)) {
      snapshot[name] = {mode_text(entry->path()), read_text(entry->path()), entry->is_symlink(gone)};
    }
  }
  return snapshot;
}

StorageSnapshot redacted(const StorageSnapshot& snapshot,
                         const std::function<std::string(const std::string&)>& redact) {
  StorageSnapshot result;
  for (const auto& [name, file] : snapshot) {
    result[redact(name)] = {file.mode, redact(file.text)};
  }
  return result;
}

StorageSnapshot without_empty(const StorageSnapshot& snapshot) {
  StorageSnapshot result = snapshot;
  std::erase_if(result, [](const auto& entry) { return entry.second.text.empty(); });
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

std::size_t tamper(const fs::path& directory, const oidc::Json& action) {
  std::size_t touched = 0;
  for (const auto& [name, file] : without_empty(take_snapshot(directory))) {
    const fs::path path = directory / name;
    if (const auto text = oidc::string_member(action, "write")) {
      std::ofstream{path, std::ios::binary | std::ios::trunc} << *text;
    } else if (const auto other = oidc::string_member(action, "replace")) {
      put_in_place(path, directory.parent_path(), *other == "directory");
    } else if (const auto mode = oidc::string_member(action, "mode")) {
      fs::permissions(path, static_cast<fs::perms>(std::stoul(*mode, nullptr, 8)));
    } else {
      fs::remove(path);
    }
    ++touched;
  }
  return touched;
}

}  // namespace scenarios
