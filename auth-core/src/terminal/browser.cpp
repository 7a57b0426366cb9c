#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>

#include "authcore/terminal.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

#ifdef __APPLE__
constexpr const char* kDesktopBrowser = "open";
#else
constexpr const char* kDesktopBrowser = "xdg-open";
#endif

/// How a browser starts: without our terminal, with all signals as usual, and in a process group of its own, so that
/// Ctrl-C in the terminal does not close it.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&files, 0, 1);
    posix_spawn_file_actions_adddup2(&files, 0, 2);
    sigset_t none;
    sigset_t usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
  }

  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

}  // namespace

oidc::Status open_browser(const std::string& url, const std::string& browser) {
  // Also keeps the program from taking it for an option.
  if (!oidc::parse_url(url)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "only http and https URLs are opened in a browser"};
  }
  std::string program = browser.empty() ? kDesktopBrowser : browser;
  std::string argument = url;
  const std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
  const SpawnSettings settings;
  pid_t child = 0;
  const int failure =
      posix_spawnp(&child, program.c_str(), &settings.files, &settings.attributes, arguments.data(), environ);
  if (failure != 0) {
    return oidc::Error{oidc::Errc::kUnknown, "cannot start " + program + ": " + std::strerror(failure)};
  }
  // It may run as long as the browser does; somebody must take note of its end.
  std::thread{[child] {
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }}.detach();
  return oidc::Done{};
}

}  // namespace authcore
