#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runner/folder.hpp"
#include "scenarios/runner.hpp"

namespace scenarios {

/// A directory of its own below the system's temporary one, mode 0700; removed with everything in it.
class TempDirectory {
 public:
  /// Throws `std::runtime_error` if it cannot be made.
  TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What lies below `directory`, as it is: secrets included. The directory itself is "./". What is beyond the limits, or
/// can't be read, says so in its text; of a link it is where it leads.
StorageSnapshot take_snapshot(const std::filesystem::path& directory, const FolderLimits& limits = {});

/// `snapshot` with each text and name passed through `redact`.
StorageSnapshot redacted(const StorageSnapshot& snapshot, const std::function<std::string(const std::string&)>& redact);

/// Files only, and only those that hold something: lock files come and go.
StorageSnapshot without_empty(const StorageSnapshot& snapshot);

/// True if some file holds what none held before: something was saved. One that was emptied holds nothing.
bool has_news(const StorageSnapshot& before, const StorageSnapshot& after);

/// Changes the files that hold something as a `tamper` step says ("write", "remove", "replace", "mode"); only those
/// that are the directory's own: what a link leads to, or has a name elsewhere too, is left alone. Returns how many
/// there were; 0: nothing happened.
std::size_t tamper(const std::filesystem::path& directory, const oidc::Json& action);

}  // namespace scenarios
