#include "usage.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

namespace oidc {
namespace {

/// What is said of a command line of a program with the commands "token" and "jwt decode".
std::string told(std::vector<std::string> words) {
  CLI::App app{"", "program"};
  app.require_subcommand(1);
  app.fallthrough();
  auto* token = app.add_subcommand("token");
  token->add_option("--required")->required(words.size() > 1 && words[1] == "--here");
  int port = 0;
  token->add_option("--port", port)->envname("USAGE_TEST_PORT")->check(CLI::Range(0, 65535));
  app.add_flag("--json");
  auto* jwt = app.add_subcommand("jwt");
  jwt->require_subcommand(1);
  jwt->fallthrough();
  jwt->add_subcommand("decode");
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return usage_problem(app, error);
  }
  return "nothing is wrong";
}

TEST(UnknownCommand, IsToldWithTheNearest) {
  EXPECT_EQ(told({"tokem"}), "no command \"tokem\"; did you mean \"token\"?");
  EXPECT_EQ(told({"jwt", "decod"}), "no command \"decod\"; did you mean \"decode\"?");
}

TEST(UnknownCommand, IsToldWithAllIfNoneIsNear) {
  EXPECT_EQ(told({"elsewhere"}), "no command \"elsewhere\" (there are: token, jwt)");
}

TEST(UnknownCommand, IsNotWhatIsWrongElsewhere) {
  EXPECT_EQ(told({"token"}), "nothing is wrong");
  EXPECT_EQ(told({}), "");
}

TEST(UnknownOption, IsToldWithItsCommandAndTheNearest) {
  EXPECT_EQ(told({"token", "--prot", "80"}), "--prot is no option of \"program token\"; did you mean \"--port\"?");
  EXPECT_EQ(told({"token", "--prot=80"}), "--prot is no option of \"program token\"; did you mean \"--port\"?");
  EXPECT_EQ(told({"token", "--elsewhere"}), "--elsewhere is no option of \"program token\"");
  EXPECT_EQ(told({"--bogus"}), "--bogus is no option of \"program\"");
}

TEST(UnknownOption, MayHaveBeenMeantForTheWholeProgram) {
  EXPECT_EQ(told({"token", "--jsn"}), "--jsn is no option of \"program token\"; did you mean \"--json\"?");
}

TEST(UnknownOption, GoesBeforeTheOptionThatIsMissingForIt) {
  EXPECT_EQ(told({"token", "--here", "--requierd"}),
            "--here is no option of \"program token\"; did you mean \"--help\"?");
}

TEST(Usage, AnArgumentTooManyIsToldWithItsCommand) {
  EXPECT_EQ(told({"token", "more", "and-more"}), "\"more\" is one argument too many for \"program token\"");
}

TEST(Usage, AWrongValueIsToldWithTheVariableItCameFrom) {
  ASSERT_EQ(setenv("USAGE_TEST_PORT", "foo", 1), 0);
  const std::string from_variable = told({"token"});
  const std::string from_option = told({"token", "--port", "abc"});
  unsetenv("USAGE_TEST_PORT");
  EXPECT_EQ(from_variable,
            "--port: Value foo not in range 0 to 65535 (the environment variable USAGE_TEST_PORT is \"foo\")");
  EXPECT_EQ(from_option, "");
}

}  // namespace
}  // namespace oidc
