#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace authcore {

/// How another program starts: as we run, but for what is said here, and with no signal blocked or ignored by us.
/// Standard streams are set in the order of the calls.
class SpawnSettings {
 public:
  SpawnSettings();
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings();

  /// Makes `stream` (0, 1 or 2) what `fd` is.
  void set_stream(int stream, int fd);
  /// Makes `stream` the file, opened with `flags` of open(2).
  void open_stream(int stream, const char* path, int flags);
  void set_directory(const std::filesystem::path& directory);
  /// In a group of its own it gets no Ctrl-C of our terminal.
  void leave_process_group();

  /// Starts `arguments`, the first of which is found in PATH unless it has a '/'. No shell is involved. 0 or errno.
  int spawn(const std::vector<std::string>& arguments, pid_t& child) const;

 private:
  void add_flags(int flags);

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace authcore
