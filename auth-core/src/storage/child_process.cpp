#include "storage/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "oidc/clock.hpp"
#include "storage/posix_file.hpp"
#include "storage/spawn.hpp"

namespace authcore {

namespace fs = std::filesystem;

namespace {

oidc::Error cannot_run(const std::string& program, int error_number) {
  return {oidc::Errc::kStorage,
          "cannot run the program " + program + ": " + std::generic_category().message(error_number)};
}

/// A file without a name, in memory only. Unlike a pipe it cannot fill up, nor raise SIGPIPE.
std::optional<FileDescriptor> memory_file(std::string_view bytes) {
  FileDescriptor file{::memfd_create("input", MFD_CLOEXEC)};
  if (!file || write_all(file.get(), bytes) != 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) {
    return std::nullopt;
  }
  return file;
}

/// Where PATH has the program; only absolute directories are looked into.
std::optional<std::string> find_in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream directories{path == nullptr ? "" : path};
  for (std::string directory; std::getline(directories, directory, ':');) {
    std::string file = directory + "/" + program;
    if (directory.starts_with('/') && ::access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return std::nullopt;
}

/// Waits until `fd` is readable. False once the time is over.
bool await(int fd, oidc::Duration deadline) {
  pollfd watched{fd, POLLIN, 0};
  while (true) {
    const oidc::Duration left = deadline - oidc::SystemClock{}.steady_now();
    const int ready = ::poll(&watched, 1, static_cast<int>(std::max<oidc::Duration::rep>(left.count(), 0)));
    if (ready != -1 || errno != EINTR) {
      return ready != 0;
    }
  }
}

/// All that comes until the other end is closed, or a little more than `limit`; nullopt if that takes too long.
std::optional<std::string> read_to_end(int fd, std::size_t limit, oidc::Duration deadline) {
  std::string bytes;
  std::array<char, 16 * 1024> chunk{};
  while (bytes.size() <= limit) {
    if (!await(fd, deadline)) {
      return std::nullopt;
    }
    const ssize_t count = ::read(fd, chunk.data(), chunk.size());
    if (count > 0) {
      bytes.append(chunk.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  return bytes;
}

/// Kills it at the deadline: then `is_late`. nullopt if somebody else in this process took the child's exit code.
std::optional<int> wait_for(pid_t child, oidc::Duration deadline, bool& is_late) {
  // Its end can be waited for without taking it. (The wrapper of glibc 2.36 cannot be linked from C++.)
  const FileDescriptor end{static_cast<int>(::syscall(SYS_pidfd_open, child, 0))};
  is_late = end && !await(end.get(), deadline);
  if (is_late) {
    ::kill(child, SIGKILL);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return std::nullopt;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

oidc::Result<ProgramRun> run_program(const std::vector<std::string>& arguments, const fs::path& directory,
                                     std::string_view input, std::size_t limit, std::chrono::milliseconds patience) {
  const std::string& program = arguments.front();
  const oidc::Duration deadline = oidc::SystemClock{}.steady_now() + patience;
  const auto found = program.find('/') == std::string::npos ? find_in_path(program) : program;
  if (!found) {
    return cannot_run(program, ENOENT);
  }
  std::vector<std::string> words = arguments;
  words.front() = *found;
  const auto standard_input = memory_file(input);
  int ends[2];
  if (!standard_input || ::pipe2(ends, O_CLOEXEC) != 0) {
    return cannot_run(program, errno);
  }
  pid_t child = 0;
  std::optional<std::string> output;
  {
    const FileDescriptor reading{ends[0]};
    {
      const FileDescriptor writing{ends[1]};
      SpawnSettings settings;
      settings.set_stream(STDIN_FILENO, standard_input->get());
      settings.set_stream(STDOUT_FILENO, writing.get());
      settings.open_stream(STDERR_FILENO, "/dev/null", O_WRONLY);
      settings.set_directory(directory);
      if (const int error = settings.spawn(words, child); error != 0) {
        return cannot_run(program, error);
      }
    }  // only the child may hold it, or its end would never be seen
    output = read_to_end(reading.get(), limit, deadline);
  }  // a child that prints too much ends by SIGPIPE
  bool is_late = false;
  const auto exit_code = wait_for(child, deadline, is_late);
  if (is_late || !output) {
    return oidc::Error{oidc::Errc::kStorage, "the program " + program + " did not end"};
  }
  if (!exit_code) {
    return cannot_run(program, ECHILD);
  }
  if (output->size() > limit) {
    return oidc::Error{oidc::Errc::kStorage, "the program " + program + " printed too much"};
  }
  return ProgramRun{*exit_code, *std::move(output)};
}

}  // namespace authcore
