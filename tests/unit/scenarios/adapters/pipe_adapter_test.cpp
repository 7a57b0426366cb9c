#include <thread>

#include "pipe_world.hpp"

namespace scenarios {
namespace {

constexpr const char* kEcho = R"(
import os

import client
from kit import ClientError, Kit

kit = Kit()

def get_access_token(args):
    print("library noise")
    kit.log("a log line")
    kit.sleep(args.get("sleep", 0))
    kit.open_url("https://issuer.test/authorize")
    return {"args": args, "now": kit.now(), "env": dict(os.environ), "group": os.getpgid(0) == os.getpid()}

def refresh(args):
    raise ClientError("reauth_required", "gone", oauth_error="invalid_grant", http_status=400, definite=True)

def ensure_ready(args):
    return {}["not there"]

kit.serve({"configure": lambda args: None, "get_access_token": get_access_token, "refresh": refresh,
           "login": lambda args: client.fail(), "ensure_ready": ensure_ready,
           "storage_seed": lambda args: client.save(args["path"])},
          name="echo", version="2", flows=["code"], capabilities=["storage"], time="virtual", books=["auth_core"],
          policy={"refresh": {"before": 60}})
)";

TEST_F(PipeAdapterTest, SaysWhoTheClientIs) {
  ASSERT_TRUE(start_script(kEcho).index() == 0);
  const auto said = factory_->hello();
  ASSERT_TRUE(said.index() == 0) << std::get<Broken>(said).what;
  const auto& hello = std::get<Hello>(said);
  EXPECT_EQ(hello.name, "echo");
  EXPECT_EQ(hello.version, "2");
  EXPECT_THAT(hello.flows, testing::ElementsAre("code"));
  EXPECT_TRUE(hello.ops.contains("refresh"));
  EXPECT_EQ(hello.time, TimeKind::kVirtual);
  EXPECT_THAT(hello.books, testing::ElementsAre("auth_core"));
  EXPECT_EQ(hello.policy.refresh.value, 60);
}

TEST_F(PipeAdapterTest, IsAskedForItsHelloOnceAndNoClientTwice) {
  const std::string path = folder_ / "counted.py";
  std::ofstream{path} << "import sys\nsys.path.insert(0, '" << source("tests/driver/hostile") << "')\n"
                      << "import polite\nopen('" << (folder_ / "asked").string() << "', 'a').write('process\\n')\n"
                      << "polite.run(lambda number: polite.write({'id': number, 'ok': {}}), on_op=lambda op: open('"
                      << (folder_ / "asked").string() << "', 'a').write(op[:2] + '\\n'))\n";
  const Started first = start({"python3", path});
  ASSERT_TRUE(first.index() == 0) << broken(first).what;
  const Started second = start_another();
  ASSERT_TRUE(second.index() == 0) << broken(second).what;
  EXPECT_EQ(std::get<0>(first)->shutdown().index() + std::get<0>(second)->shutdown().index(), 0U);
  EXPECT_EQ(contents(folder_ / "asked"),
            "process\nhe\nzz\nsh\n"  // introduced in a process of its own, with an operation that nobody has
            "process\nse\nco\n"      // set_clock, configure
            "process\nse\nco\nsh\nsh\n");
}

TEST_F(PipeAdapterTest, AFailureToIntroduceItselfIsNotForGood) {
  const std::string path = folder_ / "late.py";
  std::ofstream{path} << "raise SystemExit('not yet')\n";
  EXPECT_THAT(broken(start({"python3", path})).what, HasSubstr("not yet"));
  std::filesystem::copy_file(source("tests/driver/hostile/polite.py"), folder_ / "polite.py");
  std::ofstream{path} << "import polite\npolite.run(lambda number: polite.write({'id': number, 'ok': {}}))\n";
  EXPECT_EQ(start_another().index(), 0U);
}

TEST_F(PipeAdapterTest, CarriesArgumentsEventsAndVirtualTime) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  Adapter& adapter = *std::get<0>(started);
  const CallResult result = adapter.call({"get_access_token", {{"sleep", 3600.5}}});
  const auto* ok = std::get_if<Ok>(&result);
  ASSERT_NE(ok, nullptr) << broken(result).what;
  EXPECT_EQ(ok->value["args"], (oidc::Json{{"sleep", 3600.5}}));
  EXPECT_EQ(clock_.now(), kStart + 3600'500ms);
  EXPECT_DOUBLE_EQ(ok->value["now"].get<double>(), 1'893'459'600.5);
  EXPECT_THAT(opened_, testing::ElementsAre("https://issuer.test/authorize"));
  EXPECT_THAT(adapter.output(), HasSubstr("a log line"));
  EXPECT_EQ(adapter.shutdown().index(), 0U);
  EXPECT_THAT(adapter.output(), HasSubstr("library noise"));
}

TEST_F(PipeAdapterTest, BuildsTheEnvironment) {
  setup_.ca_file = "/ca.pem";
  ::setenv("https_proxy", "http://proxy.test", 1);
  const Started started = start_script(kEcho);
  ::unsetenv("https_proxy");
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  const CallResult result = std::get<0>(started)->call({"get_access_token", oidc::Json::object()});
  ASSERT_TRUE(std::holds_alternative<Ok>(result)) << broken(result).what;
  const oidc::Json& environment = std::get<Ok>(result).value["env"];
  EXPECT_EQ(environment["HOME"], (folder_ / "home").string());
  EXPECT_EQ(environment["TMPDIR"], (folder_ / "tmp").string());
  for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}) {
    EXPECT_EQ(environment[name], "/ca.pem");
  }
  EXPECT_FALSE(environment.contains("https_proxy"));
  EXPECT_EQ(std::get<Ok>(result).value["group"], true);
}

TEST_F(PipeAdapterTest, CarriesErrors) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  const CallResult result = std::get<0>(started)->call({"refresh", oidc::Json::object()});
  const auto* err = std::get_if<Err>(&result);
  ASSERT_NE(err, nullptr) << broken(result).what;
  EXPECT_EQ(err->kind, "reauth_required");
  EXPECT_EQ(err->oauth_error, "invalid_grant");
  EXPECT_EQ(err->http_status, 400);
}

TEST_F(PipeAdapterTest, TakesTheLibrarysExceptionForAnErrorOfAnotherKind) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  const CallResult result = std::get<0>(started)->call({"login", oidc::Json::object()});
  ASSERT_TRUE(std::holds_alternative<Err>(result)) << broken(result).what;
  EXPECT_EQ(std::get<Err>(result).kind, "other");
}

TEST_F(PipeAdapterTest, TakesTheAdaptersOwnExceptionForItsOwnFault) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  const Broken result = broken(std::get<0>(started)->call({"ensure_ready", oidc::Json::object()}));
  EXPECT_EQ(result.who, Broken::Who::kAdapter);
  EXPECT_THAT(result.what, testing::StartsWith("the adapter's own code failed: "));
  EXPECT_THAT(result.what, HasSubstr("KeyError"));
}

TEST_F(PipeAdapterTest, AnOperationThatHelloDoesNotListIsUnsupported) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  EXPECT_TRUE(std::holds_alternative<Unsupported>(std::get<0>(started)->call({"validate", oidc::Json::object()})));
}

TEST_F(PipeAdapterTest, MakesSavingFailAndWorkAgain) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  Adapter& adapter = *std::get<0>(started);
  const Call save{"storage_seed", {{"path", (folder_ / "store" / "file").string()}}};
  ASSERT_TRUE(adapter.set_saving_fails(true));
  const CallResult failed = adapter.call(save);
  ASSERT_TRUE(std::holds_alternative<Err>(failed)) << broken(failed).what;
  ASSERT_TRUE(adapter.set_saving_fails(false));
  EXPECT_TRUE(std::holds_alternative<Ok>(adapter.call(save)));
}

TEST_F(PipeAdapterTest, SeveralRunSideBySide) {
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, &good] {
      oidc::VirtualClock clock{kStart};
      const oidc::VirtualClock::Actor actor{clock};
      const auto factory = make_pipe_factory({"python3", source("conformance/clients/reference.py")});
      const auto started = factory->start(setup_, Surroundings{clock, nullptr});
      good += started.index() == 0 && std::get<0>(started)->shutdown().index() == 0 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(good, 4);
}

TEST_F(PipeAdapterTest, TheExampleOfTheDocumentationIsAnAdapter) {
  const std::string page = contents(source("docs/adapters.md"));
  const std::size_t begin = page.find("```python\n") + 10;
  const Started started = start_script(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  EXPECT_EQ(std::get<Hello>(factory_->hello()).name, "example");
  Adapter& adapter = *std::get<0>(started);
  const CallResult result = adapter.call({"get_access_token", oidc::Json::object()});  // nobody listens at port 1
  EXPECT_TRUE(std::holds_alternative<Err>(result)) << broken(result).what;
  EXPECT_EQ(adapter.shutdown().index(), 0U);
}

TEST_F(PipeAdapterTest, AProgramThatCannotBeRunIsTheAdaptersFault) {
  const Broken result = broken(start({"/nowhere/client"}));
  EXPECT_EQ(result.who, Broken::Who::kAdapter);
  EXPECT_THAT(result.what, HasSubstr("cannot run \"/nowhere/client\": No such file or directory"));
}

TEST_F(PipeAdapterTest, AnEmptyCommandIsTheAdaptersFault) {
  EXPECT_EQ(broken(start({})).who, Broken::Who::kAdapter);
}

TEST_F(PipeAdapterTest, ThreadsCannotBeHadOverPipes) {
  const Started started = start_script(
      "from kit import Kit\nKit().serve({'configure': lambda args: None}, name='x', capabilities=['threads'])\n");
  EXPECT_THAT(broken(started).what, HasSubstr("\"threads\""));
}

}  // namespace
}  // namespace scenarios
