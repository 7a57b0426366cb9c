#pragma once

#include "oidc/result.hpp"

namespace cli {

/// Holds a server until it is told to end: by SIGTERM, by SIGINT, or by the end of its
/// standard input, so that it never outlives the test that started it.
///
/// Make it before any thread: it blocks both signals for the threads that follow.
class Leash {
 public:
  explicit Leash(bool watch_stdin);
  Leash(const Leash&) = delete;
  Leash& operator=(const Leash&) = delete;
  ~Leash();

  /// Blocks until one of the three. What is written to stdin meanwhile is read and ignored.
  /// Errors: `kUnknown` if the system refuses.
  oidc::Status wait() const;

 private:
  bool watch_stdin_;
  int signals_;  // a signalfd
};

}  // namespace cli
