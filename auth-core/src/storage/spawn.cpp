#include "storage/spawn.hpp"

#include <unistd.h>

#include <csignal>

namespace authcore {

SpawnSettings::SpawnSettings() {
  ::posix_spawn_file_actions_init(&actions_);
  ::posix_spawnattr_init(&attributes_);
  sigset_t signals;
  ::sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes_, &signals);
  ::sigaddset(&signals, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes_, &signals);
  add_flags(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

SpawnSettings::~SpawnSettings() {
  ::posix_spawn_file_actions_destroy(&actions_);
  ::posix_spawnattr_destroy(&attributes_);
}

void SpawnSettings::set_stream(int stream, int fd) {
  ::posix_spawn_file_actions_adddup2(&actions_, fd, stream);
}

void SpawnSettings::open_stream(int stream, const char* path, int flags) {
  ::posix_spawn_file_actions_addopen(&actions_, stream, path, flags, 0);
}

void SpawnSettings::set_directory(const std::filesystem::path& directory) {
  ::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
}

void SpawnSettings::leave_process_group() {
  ::posix_spawnattr_setpgroup(&attributes_, 0);
  add_flags(POSIX_SPAWN_SETPGROUP);
}

void SpawnSettings::add_flags(int flags) {
  short set = 0;
  ::posix_spawnattr_getflags(&attributes_, &set);
  ::posix_spawnattr_setflags(&attributes_, static_cast<short>(set | flags));
}

int SpawnSettings::spawn(const std::vector<std::string>& arguments, pid_t& child) const {
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) {
    words.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: execve(2) takes, and keeps, them so
  }
  words.push_back(nullptr);
  return ::posix_spawnp(&child, words[0], &actions_, &attributes_, words.data(), environ);
}

}  // namespace authcore
