#include <csignal>

#include "commands_world.hpp"

namespace scenarios {
namespace {

class CommandsAdapter : public CommandsTest {
 protected:
  /// A file whose one operation is this line of the shell; `more` members of that operation.
  static std::string sh(const std::string& line, const std::string& more = "") {
    return "operations:\n  get_access_token:\n    run:\n    - sh\n    - -c\n    - |\n      " + line + "\n" +
           (more.empty() ? "" : "    " + more + "\n");
  }
  std::string call(const std::string& op = "get_access_token", oidc::Json args = oidc::Json::object()) {
    return client_ == nullptr ? "not started: " + broken_ : told(client_->call({op, std::move(args)}));
  }
};

TEST_F(CommandsAdapter, FillsInWhatTheClientIsConfiguredWith) {
  start(sh("echo {issuer} {client_id} '{scopes}' '{x}' {token} | cat - {storage_dir}/../store/none 2>/dev/null; exit 0",
           "gives: {access_token: {all: true}}"));
  EXPECT_EQ(call("get_access_token", {{"token", "t{issuer}t"}}),
            R"(ok {"access_token":"http://127.0.0.1:1 app openid offline_access {x} t{issuer}t"})");
}

TEST_F(CommandsAdapter, HasAFreePortForACommand) {
  start("environment: {PORT: '{port}'}\n" + sh("echo {port} $PORT > {storage_dir}/ports"));
  call();
  int first = 0;
  int second = 0;
  std::istringstream{stored("ports")} >> first >> second;
  EXPECT_EQ(first, second);
  EXPECT_GT(first, 1023);
  EXPECT_LT(first, 32'768) << "above, the system gives ports away by itself";
}

struct Output {
  const char* line;
  const char* gives;
  const char* told;
};
class WhatACommandGives : public CommandsAdapter, public testing::WithParamInterface<Output> {};

TEST_P(WhatACommandGives, IsReadWhereTheFileSays) {
  start(sh(GetParam().line, std::string{"gives: {access_token: "} + GetParam().gives + "}"));
  EXPECT_EQ(call(), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, WhatACommandGives,
    testing::Values(Output{"echo ' abc '", "{all: true}", R"(ok {"access_token":"abc"})"},
                    Output{"printf abc", "{all: true}", R"(ok {"access_token":"abc"})"},
                    Output{"echo 'token: abc.'", "{re: 'token: (\\w+)'}", R"(ok {"access_token":"abc"})"},
                    Output{"echo '{\"a\": [1, \"t\"]}'", "{json: /a/1}", R"(ok {"access_token":"t"})"},
                    Output{"true", "{value: x}", R"(ok {"access_token":"x"})"},
                    Output{"echo nonsense", "{json: /a}",
                           "adapter broken: its output holds no \"access_token\" where the commands file says it is"},
                    Output{"true", "{re: '(.+)'}",
                           "adapter broken: its output holds no \"access_token\" where the commands file says it is"}),
    [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST_F(CommandsAdapter, AFailureIsTheFirstThatFits) {
  start(sh("echo access_denied >&2; exit {token}") +
        "errors:\n  - {exit: 3, err: {kind: reauth_required, oauth_error: invalid_grant}}\n"
        "  - {output: access_denied, exit: 4, err: {kind: denied}}\n  - {output: nowhere, err: {kind: tls}}\n");
  EXPECT_EQ(call("get_access_token", {{"token", "3"}}), "err reauth_required: ");
  EXPECT_EQ(call("get_access_token", {{"token", "4"}}), "err denied: ");
  EXPECT_EQ(call("get_access_token", {{"token", "5"}}), "err other: exited with code 5: access_denied");
}

TEST_F(CommandsAdapter, WhatTheProgramDoesNotSurviveIsItsBreakdown) {
  start(sh("kill -SEGV $$"));
  EXPECT_EQ(call(), "sut broken: \"sh\" was killed by signal 11 (Segmentation fault)");
  start("timeout: 0.05\n" + sh("exec sleep 1000"));
  EXPECT_EQ(call(), "sut broken: \"sh\" did not end within 0.05 s");
}

TEST_F(CommandsAdapter, WhatCannotBeRunOrReadIsTheFilesFault) {
  start("operations: {get_access_token: {run: no-such-program-here}}\n");
  EXPECT_EQ(call(), "adapter broken: cannot run \"no-such-program-here\": No such file or directory");
  EXPECT_EQ(call("refresh"), "unsupported");
  start(sh("exec yes"));
  EXPECT_EQ(call(), "adapter broken: \"sh\" printed more than 16777216 bytes");
}

TEST_F(CommandsAdapter, SendsTheBrowserWhereItsOutputSays) {
  start(sh(
      "printf 'open http://issuer.test/'; printf 'authorize?x=1 please'; until [ -e {storage_dir}/opened ]; do :; done",
      "opens: 'http://\\S+'"));
  EXPECT_EQ(call(), "ok {}");
  EXPECT_THAT(opened_, testing::ElementsAre("http://issuer.test/authorize?x=1"));
}

TEST_F(CommandsAdapter, AFailingStartIsTold) {
  EXPECT_EQ(start("start: [[sh, -c, 'echo no >&2; exit 3']]\n" + sh("true")), nullptr);
  EXPECT_EQ(broken_, "\"sh\" exited with code 3: no");
}

TEST_F(CommandsAdapter, SavingFailsForAllThatACommandStarts) {
  start(sh("sh -c 'echo x > {storage_dir}/file'"));
  EXPECT_TRUE(client_->set_saving_fails(true));
  EXPECT_THAT(call(), HasSubstr("err other"));
  EXPECT_TRUE(client_->set_saving_fails(false));
  EXPECT_EQ(call(), "ok {}");
  EXPECT_EQ(stored("file"), "x\n");
}

TEST_F(CommandsAdapter, ItsEnvironmentGoesFirst) {
  start("environment: {HOME: '{storage_dir}/home'}\n" + sh("echo $HOME $TZ", "gives: {access_token: {all: true}}"));
  EXPECT_EQ(call(), "ok {\"access_token\":\"" + setup_.storage_dir + "/home Asia/Tokyo\"}");
}

// A service beside the commands

constexpr const char* kServed =
    "service:\n  run: [sh, -c, 'echo $$ > {storage_dir}/pid; echo \"SOCK=here; PID=$$;\"; %s']\n"
    "  gives: {SOCK: {re: 'SOCK=([^;]+);'}, ITS_PID: {re: 'PID=([^;]+);'}}\n";

class CommandsService : public CommandsAdapter {
 protected:
  Adapter* start_serving(std::string service, const std::string& line = "echo $SOCK $ITS_PID") {
    std::string file = kServed;
    return start(file.replace(file.find("%s"), 2, service) + sh(line, "gives: {access_token: {all: true}}"));
  }
  bool lives() const { return ::kill(std::stoi(stored("pid")), 0) == 0; }
};

TEST_F(CommandsService, GivesItsVariablesToTheCommands) {
  ASSERT_TRUE(start_serving("exec sleep 1000")) << broken_;
  EXPECT_EQ(call(), "ok {\"access_token\":\"here " + std::to_string(std::stoi(stored("pid"))) + "\"}");
}

TEST_F(CommandsService, EndsWithTheClient) {
  ASSERT_TRUE(start_serving("exec sleep 1000")) << broken_;
  EXPECT_TRUE(lives());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(client_->shutdown()));
  EXPECT_FALSE(lives());
}

TEST_F(CommandsService, IsKilledWithTheClientWhateverItWouldSay) {
  ASSERT_TRUE(start_serving("trap \"\" TERM; exec sleep 1000")) << broken_;
  EXPECT_TRUE(client_->kill());
  EXPECT_FALSE(lives());
}

TEST_F(CommandsService, IsNotLeftRunningByAClientThatIsForgotten) {
  ASSERT_TRUE(start_serving("exec sleep 1000")) << broken_;
  client_.reset();
  EXPECT_FALSE(lives());
}

TEST_F(CommandsService, ThatDiesIsABreakdown) {
  ASSERT_TRUE(start_serving("exec sleep 1000", "kill -SEGV $ITS_PID; echo done")) << broken_;
  EXPECT_EQ(call(), "sut broken: the service \"sh\" killed by signal 11 (Segmentation fault)");
}

TEST_F(CommandsService, ThatDoesNotBecomeReadyIsTold) {
  EXPECT_EQ(start("service: {run: [sh, -c, 'echo no store >&2; exit 7'], gives: {SOCK: {re: x}}}\n" + sh("true")),
            nullptr);
  EXPECT_EQ(broken_, "the service \"sh\" exited with code 7 without having told \"SOCK\": no store");
  EXPECT_EQ(start("timeout: 0.05\nservice: {run: sleep 1000, gives: {SOCK: {re: x}}}\n" + sh("true")), nullptr);
  EXPECT_EQ(broken_, "the service \"sleep\" went on without having told \"SOCK\": ");
}

TEST_F(CommandsService, MayTalkWithoutEndWhileACommandRuns) {
  const std::string more_than_a_pipe =
      "dd if=/dev/zero bs=65536 count=4 2>&1; echo x > {storage_dir}/said; exec sleep 1000";
  ASSERT_TRUE(start_serving(more_than_a_pipe, "until [ -e {storage_dir}/said ]; do :; done; echo done")) << broken_;
  EXPECT_EQ(call(), R"(ok {"access_token":"done"})");
}

TEST_F(CommandsService, CannotSaveEither) {
  const std::string saves =
      "until [ -e {storage_dir}/now ]; do :; done; echo x > {storage_dir}/file; mkdir {storage_dir}/tried;"
      " exec sleep 1000";
  ASSERT_TRUE(start_serving(saves, "mkdir {storage_dir}/now; until [ -e {storage_dir}/tried ]; do :; done; echo done"))
      << broken_;
  ASSERT_TRUE(client_->set_saving_fails(true));
  EXPECT_EQ(call(), R"(ok {"access_token":"done"})");
  EXPECT_EQ(stored("file"), "");
}

}  // namespace
}  // namespace scenarios
