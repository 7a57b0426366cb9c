#pragma once

#include <string>
#include <thread>

#include "oidc/clock.hpp"

namespace authctl {

/// "5:00", minutes and seconds, rounded up.
std::string format_remaining(oidc::Duration left);

/// Says on stderr what is waited for and how long still, until destroyed. On a terminal the line counts down.
class Progress {
 public:
  Progress(oidc::Clock& clock, std::string what, oidc::Duration left);

 private:
  std::jthread thread_;
};

}  // namespace authctl
