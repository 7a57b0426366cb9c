#include "adapters/pipe_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "adapters/process_family.hpp"

namespace scenarios {
namespace {

void close_fd(int& fd) {
  if (fd >= 0) {
    ::close(fd);
  }
  fd = -1;
}

/// Readable once the process has ended. (The wrapper of glibc 2.36 cannot be linked from C++.)
int open_pid_fd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

bool limit_file_size(pid_t pid, bool to_nothing) {
  rlimit limit{};
  if (::prlimit(pid, RLIMIT_FSIZE, nullptr, &limit) != 0) {
    return false;
  }
  limit.rlim_cur = to_nothing ? 0 : limit.rlim_max;
  return ::prlimit(pid, RLIMIT_FSIZE, &limit, nullptr) == 0;
}

struct ProcessorTime {
  oidc::Duration running{};
  oidc::Duration waiting{};  ///< for a processor
};

/// Of all threads of a process.
ProcessorTime processor_time(const std::string& process) {
  ProcessorTime sum;
  std::error_code error;
  const std::string tasks = fmt::format("/proc/{}/task", process);
  for (std::filesystem::directory_iterator task{tasks, error}, end; !error && task != end; task.increment(error)) {
    // "running waiting slices", nanoseconds: Documentation/scheduler/sched-stats of the kernel.
    long long running = 0;
    long long waiting = 0;
    std::ifstream{task->path() / "schedstat"} >> running >> waiting;
    sum.running += std::chrono::duration_cast<oidc::Duration>(std::chrono::nanoseconds{running});
    sum.waiting += std::chrono::duration_cast<oidc::Duration>(std::chrono::nanoseconds{waiting});
  }
  return sum;
}

/// Our ends and the child's ends of the three streams, all close-on-exec.
struct Pipes {
  std::array<int, 2> input{-1, -1};   // child's, ours
  std::array<int, 2> output{-1, -1};  // ours, child's
  std::array<int, 2> errors{-1, -1};  // ours, child's

  Pipes() = default;
  Pipes(const Pipes&) = delete;
  Pipes& operator=(const Pipes&) = delete;
  ~Pipes() {
    for (auto* pair : {&input, &output, &errors}) {
      for (int& fd : *pair) {
        close_fd(fd);
      }
    }
  }

  bool open() {
    // Its stdin is a socket, because only sockets can be written to without SIGPIPE.
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) == 0 &&
           ::pipe2(output.data(), O_CLOEXEC) == 0 && ::pipe2(errors.data(), O_CLOEXEC) == 0 &&
           ::fcntl(input[1], F_SETFL, O_NONBLOCK) == 0 && ::fcntl(output[0], F_SETFL, O_NONBLOCK) == 0 &&
           ::fcntl(errors[0], F_SETFL, O_NONBLOCK) == 0;
  }
};

}  // namespace

std::string describe(const ProcessEnd& end) {
  if (!end.signalled) {
    return fmt::format("exited with code {}", end.number);
  }
  const char* name = ::sigdescr_np(end.number);
  return fmt::format("killed by signal {} ({})", end.number, name == nullptr ? "unknown" : name);
}

std::variant<std::unique_ptr<PipeProcess>, std::string> PipeProcess::spawn(const std::vector<std::string>& command,
                                                                           const std::vector<std::string>& environment,
                                                                           const PipeLimits& limits,
                                                                           const std::string& umask) {
  if (command.empty()) {
    return std::string{"the command is empty"};
  }
  Pipes pipes;
  if (!pipes.open()) {
    return std::string{std::strerror(errno)};
  }
  const auto started = start_family({command, environment, umask, {pipes.input[0], pipes.output[1], pipes.errors[1]}});
  if (const auto* reason = std::get_if<std::string>(&started)) {
    return *reason;
  }
  const Streams ours{std::exchange(pipes.input[1], -1), std::exchange(pipes.output[0], -1),
                     std::exchange(pipes.errors[0], -1)};
  return std::unique_ptr<PipeProcess>{new PipeProcess{std::get<pid_t>(started), ours, limits}};
}

PipeProcess::PipeProcess(pid_t pid, Streams streams, const PipeLimits& limits)
    : pid_{pid}, pid_fd_{open_pid_fd(pid)}, streams_{streams}, limits_{limits} {}

PipeProcess::~PipeProcess() {
  if (!end_) {
    end_family(pid_);
  }
  for (int* fd : {&streams_.input, &streams_.output, &streams_.errors, &pid_fd_}) {
    close_fd(*fd);
  }
}

oidc::Duration PipeProcess::deadline(oidc::Duration from_now) {
  return oidc::SystemClock{}.steady_now() + from_now;
}

PipeProcess::Wait PipeProcess::write_line(const std::string& line, oidc::Duration deadline) {
  unsent_ += line + "\n";
  flush_input();
  while (!unsent_.empty()) {
    if (over() || streams_.input < 0) {
      return Wait::kEnded;
    }
    if (!pump(deadline)) {
      return Wait::kTimeout;
    }
  }
  return Wait::kDone;
}

PipeProcess::Wait PipeProcess::read_line(std::string& line, oidc::Duration deadline) {
  while (true) {
    const std::size_t end = output_.find('\n');
    if (std::min(end, output_.size()) > limits_.line_bytes) {
      return Wait::kLineTooLong;
    }
    if (received_ > limits_.output_bytes) {
      return Wait::kTooMuchOutput;
    }
    if (end != std::string::npos) {
      line = output_.substr(0, end);
      output_.erase(0, end + 1);
      return Wait::kDone;
    }
    if (over()) {
      return Wait::kEnded;
    }
    if (!pump(deadline)) {
      return Wait::kTimeout;
    }
  }
}

PipeProcess::Wait PipeProcess::read_some(std::string& text, oidc::Duration deadline) {
  const bool in_time = !output_.empty() || over() || pump(deadline);
  text += std::exchange(output_, {});
  if (received_ > limits_.output_bytes) {
    return Wait::kTooMuchOutput;
  }
  return over() ? Wait::kEnded : in_time ? Wait::kDone : Wait::kTimeout;
}

void PipeProcess::close_input() {
  close_fd(streams_.input);
}

std::optional<ProcessEnd> PipeProcess::wait_for_end(oidc::Duration deadline) {
  while (!end_ && !exited_ && pump(deadline)) {
  }
  if (exited_ && !end_) {
    const int status = end_family(pid_);
    end_ = WIFSIGNALED(status) ? ProcessEnd{true, WTERMSIG(status)} : ProcessEnd{false, WEXITSTATUS(status)};
  }
  return end_;
}

void PipeProcess::send_signal(int number) {
  if (!end_) {
    for (const pid_t member : family_of(pid_)) {
      ::kill(member, number);
    }
  }
}

bool PipeProcess::set_file_writes_fail(bool fail) {
  if (end_) {
    return false;
  }
  return std::ranges::all_of(family_of(pid_), [fail](pid_t member) { return limit_file_size(member, fail); });
}

oidc::Duration PipeProcess::busy_time() const {
  oidc::Duration sum{};
  for (const pid_t member : family_of(pid_)) {
    const ProcessorTime used = processor_time(std::to_string(member));
    sum += used.running + used.waiting;
  }
  return sum;
}

oidc::Duration PipeProcess::own_starvation() {
  return processor_time("self").waiting;
}

bool PipeProcess::pump(oidc::Duration deadline) {
  const oidc::Duration left = deadline - oidc::SystemClock{}.steady_now();
  if (left <= oidc::Duration::zero()) {
    return false;
  }
  std::array<pollfd, 4> watched{{{streams_.output, POLLIN, 0},
                                 {streams_.errors, POLLIN, 0},
                                 {exited_ ? -1 : pid_fd_, POLLIN, 0},
                                 {unsent_.empty() ? -1 : streams_.input, POLLOUT, 0}}};
  if (received_ > limits_.output_bytes) {
    watched[0].fd = watched[1].fd = -1;  // nothing more is read; it may block on that
  }
  // At least a millisecond, so that the last part of a wait is not spent spinning.
  const auto timeout = static_cast<int>(std::clamp<oidc::Duration::rep>(left.count(), 1, 60'000));
  if (::poll(watched.data(), watched.size(), timeout) <= 0) {
    return true;  // the deadline is looked at by the next call
  }
  const bool ended = watched[2].revents != 0;
  if (watched[0].revents != 0 || ended) {
    drain(streams_.output, output_);
  }
  if (watched[1].revents != 0 || ended) {
    drain(streams_.errors, error_output_);
  }
  if (watched[3].revents != 0) {
    flush_input();
  }
  exited_ = exited_ || ended;
  return true;
}

void PipeProcess::drain(int& fd, std::string& into) {
  std::array<char, 65'536> buffer{};
  while (fd >= 0 && received_ <= limits_.output_bytes) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && errno == EAGAIN) {
      return;
    }
    if (count <= 0) {
      close_fd(fd);
      return;
    }
    into.append(buffer.data(), static_cast<std::size_t>(count));
    received_ += static_cast<std::size_t>(count);
  }
}

void PipeProcess::flush_input() {
  while (!unsent_.empty() && streams_.input >= 0) {
    const ssize_t count = ::send(streams_.input, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && errno == EAGAIN) {
      return;
    }
    if (count < 0) {
      close_fd(streams_.input);
      return;
    }
    unsent_.erase(0, static_cast<std::size_t>(count));
  }
}

}  // namespace scenarios
