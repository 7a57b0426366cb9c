#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "authcore/terminal.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using testing::HasSubstr;

/// A program that writes its arguments, one a line, to a pipe that the test reads.
class BrowserTest : public testing::Test {
 protected:
  BrowserTest() {
    std::string directory = testing::TempDir() + "browser-XXXXXX";
    directory_ = mkdtemp(directory.data());
    mkfifo(pipe().c_str(), 0600);
    std::ofstream{program()} << "#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + pipe() + "'\n";
    std::filesystem::permissions(program(), std::filesystem::perms::owner_all);
  }
  ~BrowserTest() override { std::filesystem::remove_all(directory_); }

  std::string program() const { return directory_ + "/program"; }
  std::string pipe() const { return directory_ + "/pipe"; }
  /// Waits until the program has written.
  std::string arguments() const {
    std::ifstream in{pipe()};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  std::string directory_;
};

TEST_F(BrowserTest, IsGivenTheUrlAloneAndNoShellSeesIt) {
  const std::string url = "https://as.test/a?b=$(touch%20x)&c=;d|e";
  ASSERT_THAT(open_browser(url, program()), IsOk());
  EXPECT_EQ(arguments(), url + "\n");
}

TEST_F(BrowserTest, OpensOnlyWebPages) {
  for (const char* url : {"--version", "file:///etc/passwd", "javascript:alert(1)", "", "/etc/passwd"}) {
    EXPECT_THAT(open_browser(url, program()), FailsWith(Errc::kInvalidArgument)) << url;
  }
}

TEST_F(BrowserTest, SaysThatTheProgramIsMissing) {
  EXPECT_THAT(open_browser("https://as.test/", "/no/such/program"),
              FailsWith(Errc::kUnknown, HasSubstr("/no/such/program")));
}

TEST_F(BrowserTest, DoesNotStandInTheWayOfALogin) {
  const LoginOptions options = terminal_login_options({.browser = "/no/such/program"});
  EXPECT_TRUE(options.allow_open_browser);
  EXPECT_THAT(options.open_browser("https://as.test/"), IsOk()) << "the person has been shown the URL";
}

TEST_F(BrowserTest, IsNotOpenedWhereThereIsNoDesktop) {
  for (const char* variable : {"BROWSER", "DISPLAY", "WAYLAND_DISPLAY"}) {
    unsetenv(variable);
  }
  EXPECT_FALSE(terminal_login_options().allow_open_browser);
  EXPECT_TRUE(terminal_login_options().allow_tty_prompt);
  setenv("DISPLAY", ":0", 1);
  EXPECT_TRUE(terminal_login_options().allow_open_browser);
  unsetenv("DISPLAY");
}

}  // namespace
}  // namespace authcore
