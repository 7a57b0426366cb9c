#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "authcore/terminal.hpp"
#include "oidc/clean_text.hpp"
#include "storage/posix_file.hpp"

namespace authcore {
namespace {

constexpr char kCtrlC = 3;

oidc::Error cancelled() {
  return {oidc::Errc::kCancelled, "the question was not answered"};
}

oidc::Error failed(const char* what) {
  return {oidc::Errc::kUnknown, std::string{what} + ": " + std::strerror(errno)};
}

/// The terminal without echo, until destroyed. Ctrl-C is a byte meanwhile: as a signal it would end the process
/// and leave a terminal that shows nothing any more.
class Hidden {
 public:
  explicit Hidden(int terminal) : terminal_{terminal} {
    termios settings{};
    if (tcgetattr(terminal, &settings) != 0) {
      return;
    }
    before_ = settings;
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    settings.c_lflag |= ECHONL;
    settings.c_cc[VEOL] = kCtrlC;  // ends the line, so that it is seen at once
    if (tcsetattr(terminal, TCSAFLUSH, &settings) != 0) {
      before_.reset();
    }
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  ~Hidden() {
    if (before_) {
      tcsetattr(terminal_, TCSAFLUSH, &*before_);
    }
  }
  bool is_active() const { return before_.has_value(); }

 private:
  int terminal_;
  std::optional<termios> before_;
};

/// Becomes readable when `stop` is requested: what lets poll(2) wait for both.
class StopPipe {
 public:
  explicit StopPipe(std::stop_token stop) : StopPipe{make(), std::move(stop)} {}
  int readable() const { return out_.get(); }

 private:
  StopPipe(const std::array<int, 2>& ends, std::stop_token stop)
      : out_{ends[0]}, in_{ends[1]}, callback_{std::move(stop), Wake{ends[1]}} {}

  static std::array<int, 2> make() {
    std::array<int, 2> ends{-1, -1};
    if (pipe(ends.data()) != 0) {
      return {-1, -1};
    }
    return ends;
  }

  struct Wake {
    int in;
    void operator()() const {
      const char byte = 0;
      const auto written = write(in, &byte, 1);
      (void)written;
    }
  };

  FileDescriptor out_;
  FileDescriptor in_;
  std::stop_callback<Wake> callback_;  // destroyed first: it uses in_
};

/// A line as the terminal delivers it, without its end.
oidc::Result<std::string> read_line(int terminal, std::stop_token stop) {
  const StopPipe stopped{std::move(stop)};
  std::string line;
  while (true) {
    std::array<pollfd, 2> watched{pollfd{terminal, POLLIN, 0}, pollfd{stopped.readable(), POLLIN, 0}};
    if (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;
      }
      return failed("poll");
    }
    if (watched[1].revents != 0) {
      return cancelled();
    }
    char byte = 0;
    const auto count = read(terminal, &byte, 1);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0 || byte == kCtrlC) {
      return cancelled();
    }
    if (byte == '\n') {
      return line;
    }
    line += byte;
  }
}

}  // namespace

oidc::Result<std::string> prompt_at_terminal(const std::string& question, bool is_secret, std::stop_token stop) {
  const FileDescriptor terminal{open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)};
  if (!terminal) {
    return oidc::Error{oidc::Errc::kInteractionRequired, "there is no terminal to ask at"};
  }
  std::optional<Hidden> hidden;
  if (is_secret) {
    hidden.emplace(terminal.get());
    if (!hidden->is_active()) {
      return failed("the terminal cannot hide what is typed");
    }
  }
  (void)write_all(terminal.get(), oidc::clean_line(question) + ": ");  // an answer may come all the same
  return read_line(terminal.get(), std::move(stop));
}

}  // namespace authcore
