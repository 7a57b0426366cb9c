#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "oidc/clock.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios {

/// How a program ended.
struct ProcessEnd {
  bool signalled = false;
  int number = 0;  ///< exit code or signal
  bool clean() const { return !signalled && number == 0; }
};
/// "exited with code 3", "killed by signal 11 (Segmentation fault)".
std::string describe(const ProcessEnd& end);

/// The environment of a program under test: PATH and what interpreters need to find their libraries; no proxies, no
/// home but one beside the storage directory, nothing that would make two machines differ.
std::vector<std::string> environment_for(const ClientSetup& setup);

/// A program in a session of its own, with its three streams in our hands.
///
/// Everything waits by poll() until a real deadline; no threads, no locks. Whatever it
/// does (closes a stream, dies, prints without end), each member returns. Not
/// thread-safe. The destructor kills it, and whatever it started, wherever that has gone (process_family.hpp).
class PipeProcess {
 public:
  /// What became of a wait.
  enum class Wait { kDone, kTimeout, kEnded, kLineTooLong, kTooMuchOutput };

  /// Runs `command` with exactly this environment, and with this umask (octal) unless it is "". The error is the
  /// system's reason, for example "No such file or directory".
  static std::variant<std::unique_ptr<PipeProcess>, std::string> spawn(const std::vector<std::string>& command,
                                                                       const std::vector<std::string>& environment,
                                                                       const PipeLimits& limits,
                                                                       const std::string& umask = "");
  PipeProcess(const PipeProcess&) = delete;
  PipeProcess& operator=(const PipeProcess&) = delete;
  ~PipeProcess();

  /// Real monotonic time `from_now`: what the members below take as a deadline.
  static oidc::Duration deadline(oidc::Duration from_now);

  Wait write_line(const std::string& line, oidc::Duration deadline);
  /// One line of its stdout, without the line feed.
  Wait read_line(std::string& line, oidc::Duration deadline);
  /// All of its stdout that has come and was not read, also what is no whole line yet; waits for some.
  Wait read_some(std::string& text, oidc::Duration deadline);
  void close_input();
  /// Waits for its end, and then ends what it left behind.
  std::optional<ProcessEnd> wait_for_end(oidc::Duration deadline);
  /// To it and to all that it started.
  void send_signal(int number);
  /// Limits the size of files that it writes to 0, or lifts that again.
  bool set_file_writes_fail(bool fail);

  /// How much processor time it and what it started have used or had to wait for: little of it in a long wait means
  /// that it slept.
  oidc::Duration busy_time() const;
  /// How long this program's own threads had to wait for a processor: its server answers no sooner.
  static oidc::Duration own_starvation();

  /// What it wrote to stderr so far.
  const std::string& error_output() const { return error_output_; }

 private:
  struct Streams {
    int input = -1;
    int output = -1;
    int errors = -1;
  };
  PipeProcess(pid_t pid, Streams streams, const PipeLimits& limits);

  bool pump(oidc::Duration deadline);      // waits for one event and handles it; false: deadline passed
  void drain(int& fd, std::string& into);  // reads what is there; closes `fd` at its end
  void flush_input();
  bool over() const { return exited_ || streams_.output < 0; }

  pid_t pid_;
  int pid_fd_ = -1;
  Streams streams_;
  PipeLimits limits_;
  std::string unsent_;
  std::string output_;  // read from stdout, not yet handed out
  std::string error_output_;
  std::size_t received_ = 0;  // bytes of both streams, ever
  bool exited_ = false;
  std::optional<ProcessEnd> end_;
};

}  // namespace scenarios
