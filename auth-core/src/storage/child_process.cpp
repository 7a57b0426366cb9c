#include "storage/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

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

/// All that comes until the other end is closed, or a little more than `limit`; nullopt if nothing came for too long.
std::optional<std::string> read_to_end(int fd, std::size_t limit, std::chrono::milliseconds patience) {
  std::string bytes;
  std::array<char, 16 * 1024> chunk{};
  while (bytes.size() <= limit) {
    pollfd end{fd, POLLIN, 0};
    const int ready = ::poll(&end, 1, static_cast<int>(patience.count()));
    if (ready == 0) {
      return std::nullopt;
    }
    if (ready < 0 && errno == EINTR) {
      continue;
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

/// nullopt if somebody else in this process took the child's exit code.
std::optional<int> wait_for(pid_t child) {
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
  const auto standard_input = memory_file(input);
  int ends[2];
  if (!standard_input || ::pipe2(ends, O_CLOEXEC) != 0) {
    return cannot_run(program, errno);
  }
  pid_t child = 0;
  ProgramRun run;
  {
    const FileDescriptor reading{ends[0]};
    {
      const FileDescriptor writing{ends[1]};
      SpawnSettings settings;
      settings.set_stream(STDIN_FILENO, standard_input->get());
      settings.set_stream(STDOUT_FILENO, writing.get());
      settings.open_stream(STDERR_FILENO, "/dev/null", O_WRONLY);
      settings.set_directory(directory);
      if (const int error = settings.spawn(arguments, child); error != 0) {
        return cannot_run(program, error);
      }
    }  // only the child may hold it, or its end would never be seen
    auto output = read_to_end(reading.get(), limit, patience);
    if (!output) {
      ::kill(child, SIGKILL);
      (void)wait_for(child);
      return oidc::Error{oidc::Errc::kStorage, "the program " + program + " did not end"};
    }
    run.output = *std::move(output);
  }  // a child that prints too much ends by SIGPIPE
  const auto exit_code = wait_for(child);
  if (!exit_code) {
    return cannot_run(program, ECHILD);
  }
  if (run.output.size() > limit) {
    return oidc::Error{oidc::Errc::kStorage, "the program " + program + " printed too much"};
  }
  run.exit_code = *exit_code;
  return run;
}

}  // namespace authcore
