#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>

#include "authcore/terminal.hpp"
#include "oidc/url.hpp"
#include "storage/spawn.hpp"

namespace authcore {
namespace {

#ifdef __APPLE__
constexpr const char* kDesktopBrowser = "open";
#else
constexpr const char* kDesktopBrowser = "xdg-open";
#endif

}  // namespace

oidc::Status open_browser(const std::string& url, const std::string& browser) {
  // Also keeps the program from taking it for an option.
  if (!oidc::parse_url(url)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "only http and https URLs are opened in a browser"};
  }
  const std::string program = browser.empty() ? kDesktopBrowser : browser;
  SpawnSettings settings;
  settings.open_stream(STDIN_FILENO, "/dev/null", O_RDWR);  // our terminal is not the browser's
  settings.set_stream(STDOUT_FILENO, STDIN_FILENO);
  settings.set_stream(STDERR_FILENO, STDIN_FILENO);
  settings.leave_process_group();  // nor is Ctrl-C meant for it
  pid_t child = 0;
  const int failure = settings.spawn({program, url}, child);
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
