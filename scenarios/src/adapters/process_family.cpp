#include "adapters/process_family.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <sstream>

namespace scenarios {
namespace {

/// The programs that live, or have ended and are still to be waited for.
struct Programs {
  std::mutex mutex;
  std::set<pid_t> alive;  // guarded by mutex
};

Programs& programs() {
  static Programs all;
  return all;
}

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
};

/// All processes of the system: /proc lists nobody's children on every kernel.
std::vector<Process> processes() {
  std::vector<Process> all;
  std::error_code error;
  for (std::filesystem::directory_iterator entry{"/proc", error}, end; !error && entry != end; entry.increment(error)) {
    const pid_t pid = std::atoi(entry->path().filename().c_str());
    std::ifstream stream{pid > 0 ? entry->path() / "stat" : ""};
    const std::string stat{std::istreambuf_iterator<char>{stream}, {}};
    const auto after_name = stat.rfind(')');  // a name may hold anything
    if (after_name == std::string::npos) {
      continue;
    }
    Process process{pid};
    char state = 0;
    pid_t group = 0;
    std::istringstream{stat.substr(after_name + 1)} >> state >> process.parent >> group >> process.session;
    all.push_back(process);
  }
  return all;
}

std::vector<char*> as_pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) {
    pointers.push_back(const_cast<char*>(word.c_str()));  // execvpe does not write to them
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// In the child, where only what is safe in a signal handler may be called. Returns only if it fails.
void become(const Command& command, char* const* words, char* const* environment, mode_t mask) {
  ::setsid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (!command.umask.empty()) {
    ::umask(mask);
  }
  std::array<int, 3> streams = command.streams;
  for (int& stream : streams) {
    stream = ::fcntl(stream, F_DUPFD_CLOEXEC, 3);  // out of the way of those that are about to be replaced
  }
  for (int i = 0; i < 3; ++i) {
    ::dup2(streams[i], i);
  }
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  for (int number = 1; number < NSIG; ++number) {
    ::signal(number, SIG_DFL);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvpe(words[0], words, environment);
}

/// Kills what programs that have ended left behind. While one lives all of its own fall to it, so that these are the
/// children of ours that live in another session and are no living program.
void end_strays(const std::set<pid_t>& alive) {
  const auto is_stray = [&](const Process& process) {
    return process.parent == ::getpid() && process.session != ::getsid(0) && !alive.contains(process.pid);
  };
  for (bool again = true; again;) {  // the children of those that were killed are ours next
    again = false;
    for (const Process& process : processes()) {
      if (is_stray(process)) {
        ::kill(process.pid, SIGKILL);
        ::waitpid(process.pid, nullptr, 0);
        again = true;
      }
    }
  }
}

}  // namespace

std::variant<pid_t, std::string> start_family(const Command& command) {
  const auto words = as_pointers(command.words);
  const auto environment = as_pointers(command.environment);
  const auto mask = static_cast<mode_t>(command.umask.empty() ? 0 : std::stoul(command.umask, nullptr, 8));
  std::array<int, 2> ends{};
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::string{std::strerror(errno)};
  }
  int problem = 0;
  pid_t pid = 0;
  {
    const std::scoped_lock lock{programs().mutex};  // nobody may take it for a stray
    pid = ::fork();
    if (pid == 0) {
      become(command, words.data(), environment.data(), mask);
      problem = errno;
      (void)!::write(ends[1], &problem, sizeof problem);
      ::_exit(127);
    }
    problem = pid < 0 ? errno : 0;
    if (pid > 0) {
      programs().alive.insert(pid);
    }
  }
  ::close(ends[1]);
  const bool has_failed = pid < 0 || ::read(ends[0], &problem, sizeof problem) > 0;
  ::close(ends[0]);
  if (!has_failed) {
    return pid;
  }
  if (pid > 0) {
    end_family(pid);
  }
  return std::string{std::strerror(problem)};
}

std::vector<pid_t> family_of(pid_t program) {
  const std::vector<Process> all = processes();
  std::vector<pid_t> family{program};
  for (std::size_t i = 0; i < family.size(); ++i) {
    for (const Process& process : all) {
      if (process.parent == family[i]) {
        family.push_back(process.pid);
      }
    }
  }
  return family;
}

int end_family(pid_t program) {
  for (const pid_t member : family_of(program)) {
    ::kill(member, SIGKILL);
  }
  int status = 0;
  ::waitpid(program, &status, 0);
  const std::scoped_lock lock{programs().mutex};
  programs().alive.erase(program);
  end_strays(programs().alive);
  return status;
}

}  // namespace scenarios
