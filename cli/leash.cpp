#include "leash.hpp"
#include "print.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string>

#include <fmt/core.h>

namespace cli {
namespace {

/// True once nothing more will come.
bool stdin_has_ended() {
  std::array<char, 4096> ignored{};
  const auto count = ::read(STDIN_FILENO, ignored.data(), ignored.size());
  return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

}  // namespace

Leash::Leash(bool watch_stdin) : watch_stdin_{watch_stdin} {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0 || (signals_ = signalfd(-1, &set, SFD_CLOEXEC)) < 0) {
    throw std::runtime_error{std::string{"signals cannot be watched: "} + std::strerror(errno)};
  }
}

Leash::~Leash() {
  close(signals_);
}

oidc::Status Leash::wait() const {
  // In the background, or without a terminal, this may not be what was meant.
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (watch_stdin_ && poll(&input, 1, 0) > 0 && stdin_has_ended()) {
    print_error("standard input has ended, so the server ends; with --no-stdin it goes on\n");
    return oidc::Done{};
  }
  std::array<pollfd, 2> watched{pollfd{signals_, POLLIN, 0}, pollfd{watch_stdin_ ? STDIN_FILENO : -1, POLLIN, 0}};
  while (true) {
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) {
      return oidc::Error{oidc::Errc::kUnknown, std::string{"poll: "} + std::strerror(errno)};
    }
    if (watched[0].revents != 0 || (watched[1].revents != 0 && stdin_has_ended())) {
      return oidc::Done{};
    }
  }
}

}  // namespace cli
