#include "interrupt.hpp"

#include <pthread.h>
#include <unistd.h>

#include "commands.hpp"
#include "output.hpp"

namespace authctl {

Interrupt::Interrupt() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  thread_ = std::thread{[this] { watch(); }};
}

Interrupt::~Interrupt() {
  is_over_ = true;
  pthread_kill(thread_.native_handle(), SIGINT);  // any of the two wakes it
  thread_.join();
}

void Interrupt::watch() {
  while (true) {
    int signal = 0;
    if (sigwait(&signals_, &signal) != 0 || is_over_) {
      return;
    }
    if (stop_.stop_requested()) {
      _exit(kCancelled);
    }
    note("\nStopping; once more to end at once.");
    stop_.request_stop();
  }
}

}  // namespace authctl
