#include "usage.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>

namespace authctl {
namespace {

/// What is said of a command line of a program with the commands "token" and "jwt decode".
std::string told(std::vector<std::string> words) {
  CLI::App app;
  app.require_subcommand(1);
  app.fallthrough();
  app.add_subcommand("token")->add_option("--required")->required(words.size() > 1 && words[1] == "--here");
  auto* jwt = app.add_subcommand("jwt");
  jwt->require_subcommand(1);
  jwt->fallthrough();
  jwt->add_subcommand("decode");
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return unknown_command(app, error);
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
  EXPECT_EQ(told({"--bogus"}), "");
  EXPECT_EQ(told({"token", "more"}), "");
  EXPECT_EQ(told({"token", "--here"}), "");
}

}  // namespace
}  // namespace authctl
