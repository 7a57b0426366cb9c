#include "commands_world.hpp"

namespace scenarios {
namespace {

class CommandsFile : public CommandsTest {
 protected:
  static constexpr const char* kRun = "operations: {login: {run: 'true'}}\n";
};

TEST_F(CommandsFile, SaysWhatAProgramWouldSayInItsHello) {
  ASSERT_EQ(problem("time: faketime\ncapabilities: [storage]\nauth_methods: [client_secret_basic]\n"
                    "policy: {refresh: {before: 60}, retries: caller}\n"
                    "operations: {login: {run: 'true'}, get_access_token: {run: 'true'}}\n"),
            "");
  const auto hello = std::get<Hello>(factory_->hello());
  EXPECT_EQ(factory_->description(), "mine 1");
  EXPECT_EQ(hello.time, TimeKind::kFaked);
  EXPECT_THAT(hello.ops, testing::ElementsAre("get_access_token", "login"));
  EXPECT_THAT(hello.auth_methods, testing::ElementsAre("client_secret_basic"));
  EXPECT_EQ(hello.policy.refresh.value, 60);
  EXPECT_TRUE(factory_->is_program());
  EXPECT_FALSE(factory_->can_use_direct_transport());
}

struct Wrong {
  const char* members;
  const char* told;
};
class WrongCommandsFile : public CommandsFile, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongCommandsFile, IsToldWithItsPlace) {
  EXPECT_THAT(problem(GetParam().members), HasSubstr(std::string{"mine.yaml:"} + GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, WrongCommandsFile,
    testing::Values(
        Wrong{"operations: {loging: {run: 'true'}}\n", "4:14: unknown key \"loging\" (expected one of: "},
        Wrong{"tiem: real\noperations: {login: {run: a}}\n", "4:1: "},
        Wrong{"operations: {login: {run: a --issuer {isuer}}}\n", "4:"},
        Wrong{"operations:\n  login: {run: 'a --issuer {isuer}'}\n",
              "5:16: no placeholder is called \"{isuer}\" (did you mean \"{issuer}\"?)"},
        Wrong{"operations:\n  login: {run: [a, '{isuer}']}\n", "5:16: no placeholder is called \"{isuer}\""},
        Wrong{"operations:\n  login: {run: a, input: '{pasword}'}\n", "5:26: no placeholder is called \"{pasword}\""},
        Wrong{"environment: {HERE: '{storage_dr}'}\noperations: {login: {run: a}}\n",
              "4:21: no placeholder is called \"{storage_dr}\""},
        Wrong{"operations:\n  login: {run: \"a 'b\"}\n", "5:16: the command has an open ' quote"},
        Wrong{"operations:\n  login: {run: a, opens: '(http'}\n", "5:26: not a regular expression: "},
        Wrong{"operations:\n  login: {run: a, gives: {access_token: {json: token}}}\n",
              "5:48: a JSON Pointer begins with \"/\""},
        Wrong{"operations: {login: {run: a}}\nerrors:\n  - {exit: 1, err: {kind: dennied}}\n", "6:20: "},
        Wrong{"operations: {login: {run: a}}\nservice: {run: 'a {prot}'}\n",
              "5:16: no placeholder is called \"{prot}\""},
        Wrong{"operations: {login: {run: a}}\nservice: {run: a, gives: {SOCK: {re: '('}}}\n",
              "5:38: not a regular expression: "},
        Wrong{"operations: {login: {run: a}}\nservice: {run: a, gives: {SOCK: {all: true}}}\n", "5:"},
        Wrong{"policy: {refresh: {befor: 60}}\noperations: {login: {run: a}}\n", "4:"}),
    [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST_F(CommandsFile, LeavesBracesAloneThatMeanSomethingToTheProgram) {
  EXPECT_EQ(problem("operations:\n  login: {run: [awk, '{print $1}', '{x}', '${HOME}']}\n"), "");
}

TEST_F(CommandsFile, IsWhateverEndsAsOne) {
  EXPECT_TRUE(is_commands_file("mine.yaml"));
  EXPECT_TRUE(is_commands_file("a/mine.json"));
  EXPECT_FALSE(is_commands_file("python3 mine.yaml"));
  EXPECT_FALSE(is_commands_file("mine.py"));
}

}  // namespace
}  // namespace scenarios
