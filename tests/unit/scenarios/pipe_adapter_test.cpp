#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "scenarios/adapter.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr oidc::TimePoint kStart{std::chrono::seconds{1'893'456'000}};

std::string source(const std::string& path) {
  return std::string{ASSAY_SOURCE_DIR} + "/" + path;
}

std::string read_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

/// Starts programs on a storage of their own, under a virtual clock.
class PipeAdapterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path{testing::TempDir()} /
              (std::string{"pipe-"} + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "store");
    setup_.issuer = "http://127.0.0.1:1";
    setup_.client_id = "app";
    setup_.client_auth = "none";
    setup_.flow = "code";
    setup_.storage_dir = folder_ / "store";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  using Started = std::variant<std::unique_ptr<Adapter>, Broken>;
  Started start(std::vector<std::string> command, PipeLimits limits = {}) {
    const auto factory = make_pipe_factory(std::move(command), limits);
    const Surroundings surroundings{clock_, [this](const std::string& url) -> oidc::Status {
                                      opened_.push_back(url);
                                      return oidc::Done{};
                                    }};
    return factory->start(setup_, surroundings);
  }
  Started start_script(const std::string& text, PipeLimits limits = {}) {
    const std::string path = folder_ / "script.py";
    std::filesystem::copy_file(source("conformance/clients/kit.py"), folder_ / "kit.py",
                               std::filesystem::copy_options::overwrite_existing);
    std::ofstream{path} << text;
    return start({"python3", path}, limits);
  }
  static Broken broken(const Started& started) {
    const auto* result = std::get_if<Broken>(&started);
    return result == nullptr ? Broken{Broken::Who::kSut, "it was started"} : *result;
  }
  static Broken broken(const CallResult& called) {
    const auto* result = std::get_if<Broken>(&called);
    return result == nullptr ? Broken{Broken::Who::kSut, "the call returned"} : *result;
  }

  oidc::VirtualClock clock_{kStart};
  oidc::VirtualClock::Actor actor_{clock_};
  ClientSetup setup_;
  std::filesystem::path folder_;
  std::vector<std::string> opened_;
};

constexpr const char* kEcho = R"(
import os
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

def login(args):
    raise KeyError("expires_in")

def storage_seed(args):
    with open(args["path"], "w") as file:
        file.write("x")
    return {}

kit.serve({"configure": lambda args: None, "get_access_token": get_access_token, "refresh": refresh, "login": login,
           "storage_seed": storage_seed}, name="echo", version="2", flows=["code"], capabilities=["virtual_clock"])
)";

TEST_F(PipeAdapterTest, SaysWhoTheClientIs) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  const Hello& hello = std::get<0>(started)->hello();
  EXPECT_EQ(hello.name, "echo");
  EXPECT_EQ(hello.version, "2");
  EXPECT_THAT(hello.flows, testing::ElementsAre("code"));
  EXPECT_TRUE(hello.ops.contains("refresh"));
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

TEST_F(PipeAdapterTest, TakesAnExceptionForAnErrorOfAnotherKind) {
  const Started started = start_script(kEcho);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  const CallResult result = std::get<0>(started)->call({"login", oidc::Json::object()});
  ASSERT_TRUE(std::holds_alternative<Err>(result)) << broken(result).what;
  EXPECT_EQ(std::get<Err>(result).kind, "other");
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
  EXPECT_THAT(std::get<Err>(failed).message, HasSubstr("OSError"));
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
  const std::string page = read_text(source("docs/adapters.md"));
  const std::size_t begin = page.find("```python\n") + 10;
  const Started started = start_script(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  Adapter& adapter = *std::get<0>(started);
  EXPECT_EQ(adapter.hello().name, "example");
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

struct Hostile {
  const char* program;
  Broken::Who who;
  const char* what;  ///< what the classification says
};

class HostileAtStart : public PipeAdapterTest, public testing::WithParamInterface<Hostile> {};

TEST_P(HostileAtStart, IsClassified) {
  const Hostile& hostile = GetParam();
  const PipeLimits limits{.silence = std::string{hostile.program} == "deaf" ? 1'000ms : 10'000ms, .grace = 200ms};
  const Broken result = broken(start({"python3", source("tests/driver/hostile/") + hostile.program + ".py"}, limits));
  EXPECT_EQ(result.who, hostile.who);
  EXPECT_THAT(result.what, HasSubstr(hostile.what));
}

INSTANTIATE_TEST_SUITE_P(Adapters, HostileAtStart,
                         testing::Values(Hostile{"exit_at_start", Broken::Who::kAdapter, "exited with code 0"},
                                         Hostile{"traceback", Broken::Who::kSut,
                                                 "exited with code 1 in the middle of a call: no module named oauth"},
                                         Hostile{"deaf", Broken::Who::kSut, "no reply within 1 s"},
                                         Hostile{"yes_man", Broken::Who::kAdapter,
                                                 "was not answered with unsupported"}),
                         [](const auto& test) { return std::string{test.param.program}; });

class HostileInACall : public PipeAdapterTest, public testing::WithParamInterface<Hostile> {};

TEST_P(HostileInACall, IsClassifiedAndStaysBroken) {
  const Hostile& hostile = GetParam();
  const bool hangs = std::string{hostile.program} == "silence" || std::string{hostile.program} == "chatter";
  // Where nothing hangs the limit must not be what ends it, however busy the machine is.
  const PipeLimits limits{.silence = hangs ? 3'000ms : 30'000ms, .grace = 2'000ms, .line_bytes = 100'000, .sleeps = 50};
  const Started started = start({"python3", source("tests/driver/hostile/") + hostile.program + ".py"}, limits);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  Adapter& adapter = *std::get<0>(started);
  const Broken result = broken(adapter.call({"get_access_token", oidc::Json::object()}));
  EXPECT_EQ(result.who, hostile.who);
  EXPECT_THAT(result.what, HasSubstr(hostile.what));
  EXPECT_EQ(broken(adapter.call({"get_access_token", oidc::Json::object()})).what, result.what);
  const auto ended = adapter.shutdown();
  ASSERT_EQ(ended.index(), 1U) << "a broken client does not end well";
  EXPECT_EQ(std::get<Broken>(ended).what, result.what);
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, HostileInACall,
    testing::Values(Hostile{"segv", Broken::Who::kSut,
                            "killed by signal 11 (Segmentation fault) in the middle of a call"},
                    Hostile{"exit_zero", Broken::Who::kAdapter, "exited with code 0 in the middle of a call"},
                    Hostile{"silence", Broken::Who::kSut, "no reply within 3 s"},
                    Hostile{"chatter", Broken::Who::kSut, "no reply within 3 s"},
                    Hostile{"garbage", Broken::Who::kAdapter, "not JSON"},
                    Hostile{"wrong_id", Broken::Who::kAdapter, "expected"},
                    Hostile{"both", Broken::Who::kAdapter, "this one has 2"},
                    Hostile{"unknown_kind", Broken::Who::kAdapter, "unknown err kind \"whatever\""},
                    Hostile{"dishonest", Broken::Who::kAdapter, "listed in hello"},
                    Hostile{"sleepless", Broken::Who::kSut, "slept more than 50 times"},
                    Hostile{"flood", Broken::Who::kAdapter, "a line of more than 100000 bytes"}),
    [](const auto& test) { return std::string{test.param.program}; });

class HostileAtTheEnd : public PipeAdapterTest, public testing::WithParamInterface<Hostile> {};

TEST_P(HostileAtTheEnd, IsClassified) {
  const PipeLimits limits{.grace = std::string{GetParam().program} == "stays" ? 300ms : 10'000ms};
  const Started started = start({"python3", source("tests/driver/hostile/") + GetParam().program + ".py"}, limits);
  ASSERT_TRUE(started.index() == 0) << broken(started).what;
  Adapter& adapter = *std::get<0>(started);
  EXPECT_TRUE(std::holds_alternative<Ok>(adapter.call({"get_access_token", oidc::Json::object()})));
  const auto ended = adapter.shutdown();
  ASSERT_EQ(ended.index(), 1U);
  EXPECT_EQ(std::get<Broken>(ended).who, GetParam().who);
  EXPECT_THAT(std::get<Broken>(ended).what, HasSubstr(GetParam().what));
}

INSTANTIATE_TEST_SUITE_P(Adapters, HostileAtTheEnd,
                         testing::Values(Hostile{"stays", Broken::Who::kSut, "did not end within 0.3 s of shutdown"},
                                         Hostile{"exits_badly", Broken::Who::kSut,
                                                 "exited with code 3 after shutdown"}),
                         [](const auto& test) { return std::string{test.param.program}; });

}  // namespace
}  // namespace scenarios
