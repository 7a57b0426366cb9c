#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "adapters/pipe_process.hpp"
#include "adapters/pipe_protocol.hpp"
#include "oidc/random.hpp"

namespace scenarios {
namespace {

using oidc::Json;
using Wait = PipeProcess::Wait;

/// A client in another process. Everything it does wrong turns into one `Broken`, which
/// every later call repeats.
class PipeAdapter final : public Adapter {
 public:
  PipeAdapter(std::unique_ptr<PipeProcess> process, Surroundings surroundings, const PipeLimits& limits)
      : process_{std::move(process)}, surroundings_{std::move(surroundings)}, limits_{limits} {}

  /// hello, the canary, set_clock and configure.
  std::optional<Broken> set_up(const ClientSetup& setup);

  const Hello& hello() const override { return hello_; }
  CallResult call(const Call& call) override;
  bool set_saving_fails(bool fails) override { return process_->set_file_writes_fail(fails); }
  std::string output() const override { return logs_ + process_->error_output(); }
  std::variant<std::monostate, Broken> shutdown() override;

 private:
  CallResult exchange(const std::string& op, const Json& args);
  std::optional<Broken> send(const Json& message);
  std::variant<std::variant<Ok, Err, Unsupported>, Broken> await_reply(std::uint64_t id);
  std::optional<Broken> set_clock();
  // The blocking events: do what was asked and say "go".
  std::optional<Broken> handle(const pipe::SleepEvent& event);
  std::optional<Broken> handle(const pipe::NowEvent& event);
  std::optional<Broken> handle(const pipe::OpenUrlEvent& event);
  std::optional<Broken> handle(const pipe::PromptEvent& event);
  std::optional<Broken> handle(const pipe::LogEvent& event);
  std::optional<Broken> go(std::uint64_t n, Json extra = Json::object());

  Broken broken_by(Wait wait);
  double now_seconds() const {
    return std::chrono::duration<double>(surroundings_.clock.now().time_since_epoch()).count();
  }

  std::unique_ptr<PipeProcess> process_;
  Surroundings surroundings_;
  PipeLimits limits_;
  Hello hello_;
  std::string logs_;
  std::uint64_t last_id_ = 0;
  std::size_t sleeps_ = 0;
  std::optional<Broken> broken_;
};

Broken by_adapter(std::string what) {
  return {Broken::Who::kAdapter, std::move(what)};
}
Broken by_sut(std::string what) {
  return {Broken::Who::kSut, std::move(what)};
}

std::optional<Broken> PipeAdapter::set_up(const ClientSetup& setup) {
  CallResult hello = exchange("hello", {{"protocol", 1}});
  if (auto* broken = std::get_if<Broken>(&hello)) {
    return std::move(*broken);
  }
  const auto* ok = std::get_if<Ok>(&hello);
  auto parsed = ok == nullptr ? oidc::Result<Hello>{oidc::Error{oidc::Errc::kBadInput, "hello: not answered with ok"}}
                              : pipe::parse_hello(ok->value);
  if (!parsed) {
    return by_adapter(parsed.error().message);
  }
  hello_ = *std::move(parsed);

  // A program that answers anything to anything would pass for a client without this.
  oidc::SeededRandom random{surroundings_.seed};
  const std::string canary = "zz_" + random.token(6);
  CallResult answer = exchange(canary, Json::object());
  if (auto* broken = std::get_if<Broken>(&answer)) {
    return std::move(*broken);
  }
  if (!std::holds_alternative<Unsupported>(answer)) {
    return by_adapter(fmt::format("the unknown operation \"{}\" was not answered with unsupported", canary));
  }
  if (auto broken = set_clock()) {
    return broken;
  }
  CallResult configured = exchange("configure", pipe::configuration(setup));
  if (auto* broken = std::get_if<Broken>(&configured)) {
    return std::move(*broken);
  }
  if (const auto* err = std::get_if<Err>(&configured)) {
    return by_sut(fmt::format("configure failed: {}", err->kind));
  }
  if (const auto* unsupported = std::get_if<Unsupported>(&configured)) {
    return by_adapter(fmt::format("configure is unsupported: {}", unsupported->why));
  }
  return std::nullopt;
}

CallResult PipeAdapter::call(const Call& call) {
  if (broken_) {
    return *broken_;
  }
  if (!hello_.ops.contains(call.op)) {
    return Unsupported{fmt::format("\"{}\" is not among the operations of its hello", call.op)};
  }
  if (auto broken = set_clock()) {
    return *broken;
  }
  CallResult result = exchange(call.op, call.args);
  if (std::holds_alternative<Unsupported>(result)) {
    broken_ = by_adapter(fmt::format("\"{}\" is listed in hello, but was answered with unsupported", call.op));
    return *broken_;
  }
  return result;
}

std::optional<Broken> PipeAdapter::set_clock() {
  CallResult result = exchange("set_clock", {{"now", now_seconds()}});
  if (auto* broken = std::get_if<Broken>(&result)) {
    return std::move(*broken);
  }
  if (!std::holds_alternative<Ok>(result)) {
    broken_ = by_adapter("set_clock was not answered with ok");
  }
  return broken_;
}

CallResult PipeAdapter::exchange(const std::string& op, const Json& args) {
  if (broken_) {
    return *broken_;
  }
  Json message = args.is_object() ? args : Json::object();
  const std::uint64_t id = ++last_id_;
  message["id"] = id;
  message["op"] = op;
  if (auto broken = send(message)) {
    return *broken;
  }
  auto reply = await_reply(id);
  if (auto* broken = std::get_if<Broken>(&reply)) {
    return *broken;
  }
  return std::visit([](auto&& result) -> CallResult { return std::forward<decltype(result)>(result); },
                    std::get<0>(std::move(reply)));
}

std::optional<Broken> PipeAdapter::send(const Json& message) {
  const Wait wait = process_->write_line(oidc::to_text(message), PipeProcess::deadline(limits_.silence));
  if (wait != Wait::kDone) {
    broken_ = broken_by(wait);
  }
  return broken_;
}

std::variant<std::variant<Ok, Err, Unsupported>, Broken> PipeAdapter::await_reply(std::uint64_t id) {
  oidc::Duration deadline = PipeProcess::deadline(limits_.silence);
  while (true) {
    std::string line;
    if (const Wait wait = process_->read_line(line, deadline); wait != Wait::kDone) {
      broken_ = broken_by(wait);
      return *broken_;
    }
    const auto message = pipe::parse_message(line);
    if (!message) {
      logs_ += line + "\n";
      broken_ = by_adapter(message.error().message);
      return *broken_;
    }
    if (const auto* reply = std::get_if<pipe::Reply>(&*message)) {
      if (reply->id == id) {
        return reply->result;
      }
      broken_ = by_adapter(fmt::format("reply to id {}, expected {}", reply->id, id));
      return *broken_;
    }
    const auto broken = std::visit(
        [this](const auto& event) -> std::optional<Broken> {
          if constexpr (std::is_same_v<std::decay_t<decltype(event)>, pipe::Reply>) {
            return std::nullopt;  // handled above
          } else {
            return handle(event);
          }
        },
        *message);
    if (broken) {
      broken_ = broken;
      return *broken_;
    }
    if (!std::holds_alternative<pipe::LogEvent>(*message)) {
      deadline = PipeProcess::deadline(limits_.silence);  // logging on and on is no sign of life
    }
  }
}

std::optional<Broken> PipeAdapter::handle(const pipe::SleepEvent& event) {
  if (++sleeps_ > limits_.sleeps) {
    return by_sut(fmt::format("slept more than {} times", limits_.sleeps));
  }
  surroundings_.clock.sleep_for(event.duration);
  return go(event.n, {{"now", now_seconds()}});
}

std::optional<Broken> PipeAdapter::handle(const pipe::NowEvent& event) {
  return go(event.n, {{"now", now_seconds()}});
}

std::optional<Broken> PipeAdapter::handle(const pipe::OpenUrlEvent& event) {
  if (!surroundings_.open_browser) {
    return go(event.n, {{"opened", false}});
  }
  const oidc::Status opened = surroundings_.open_browser(event.url);
  return go(event.n, {{"opened", opened.has_value()}, {"now", now_seconds()}});
}

std::optional<Broken> PipeAdapter::handle(const pipe::PromptEvent& event) {
  return go(event.n);
}

std::optional<Broken> PipeAdapter::handle(const pipe::LogEvent& event) {
  logs_ += event.text + "\n";
  return std::nullopt;
}

std::optional<Broken> PipeAdapter::go(std::uint64_t n, Json extra) {
  extra["go"] = n;
  return send(extra);
}

Broken PipeAdapter::broken_by(Wait wait) {
  const double silence = std::chrono::duration<double>(limits_.silence).count();
  switch (wait) {
    case Wait::kTimeout:
      return by_sut(fmt::format("no reply within {:g} s", silence));
    case Wait::kLineTooLong:
      return by_adapter(fmt::format("a line of more than {} bytes", limits_.line_bytes));
    case Wait::kTooMuchOutput:
      return by_adapter(fmt::format("more than {} bytes of output", limits_.output_bytes));
    case Wait::kDone:
    case Wait::kEnded:
      break;
  }
  const auto end = process_->wait_for_end(PipeProcess::deadline(limits_.grace));
  if (!end) {
    return by_adapter("closed its stdout or stdin in the middle of a call");
  }
  const std::string what = describe(*end) + " in the middle of a call";
  return end->clean() ? by_adapter(what) : by_sut(what);
}

std::variant<std::monostate, Broken> PipeAdapter::shutdown() {
  if (!broken_) {
    // Its answer does not matter, only that it ends.
    process_->write_line(oidc::to_text({{"id", ++last_id_}, {"op", "shutdown"}}), PipeProcess::deadline(limits_.grace));
  }
  process_->close_input();
  auto end = process_->wait_for_end(PipeProcess::deadline(limits_.grace));
  const bool by_itself = end.has_value();
  for (const int signal : {SIGTERM, SIGKILL}) {
    if (!end) {
      process_->send_signal(signal);
      end = process_->wait_for_end(PipeProcess::deadline(limits_.grace));
    }
  }
  if (broken_) {
    return *broken_;
  }
  if (!by_itself) {
    broken_ = by_sut(
        fmt::format("did not end within {:g} s of shutdown", std::chrono::duration<double>(limits_.grace).count()));
  } else if (!end->clean()) {
    broken_ = by_sut(describe(*end) + " after shutdown");
  } else {
    broken_ = by_adapter("called after shutdown");  // for whoever calls it now
    return std::monostate{};
  }
  return *broken_;
}

/// PATH and what interpreters need to find their libraries; no proxies, no home, nothing
/// that would make two machines differ.
std::vector<std::string> environment_for(const ClientSetup& setup) {
  const std::filesystem::path sandbox = std::filesystem::path{setup.storage_dir}.parent_path();
  std::vector<std::string> environment{"LANG=C.UTF-8"};
  for (const char* name : {"PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "NODE_PATH", "JAVA_HOME"}) {
    if (const char* value = std::getenv(name); value != nullptr) {
      environment.push_back(fmt::format("{}={}", name, value));
    }
  }
  for (const auto& [name, folder] : {std::pair{"HOME", "home"}, {"TMPDIR", "tmp"}}) {
    std::error_code ignored;  // without them the client is no worse off than with a read-only home
    std::filesystem::create_directories(sandbox / folder, ignored);
    environment.push_back(fmt::format("{}={}", name, (sandbox / folder).string()));
  }
  if (!setup.ca_file.empty()) {
    for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}) {
      environment.push_back(fmt::format("{}={}", name, setup.ca_file));
    }
  }
  return environment;
}

/// ": " and the last line of what it printed: why an interpreter could not start it.
std::string last_words(std::string output) {
  constexpr std::size_t kLongest = 200;
  while (!output.empty() && output.back() == '\n') {
    output.pop_back();
  }
  const std::string line = output.substr(output.rfind('\n') + 1);
  return line.empty() ? "" : ": " + line.substr(0, kLongest);
}

class PipeFactory final : public AdapterFactory {
 public:
  PipeFactory(std::vector<std::string> command, const PipeLimits& limits)
      : command_{std::move(command)}, limits_{limits} {}

  std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                       const Surroundings& surroundings) override {
    auto spawned = PipeProcess::spawn(command_, environment_for(setup), limits_);
    if (const auto* reason = std::get_if<std::string>(&spawned)) {
      return by_adapter(fmt::format("cannot run \"{}\": {}", command_.empty() ? "" : command_.front(), *reason));
    }
    auto adapter = std::make_unique<PipeAdapter>(std::get<0>(std::move(spawned)), surroundings, limits_);
    if (auto broken = adapter->set_up(setup)) {
      if (adapter->hello().name.empty()) {
        broken->what += last_words(adapter->output());  // it knows no secret yet
      }
      return *std::move(broken);
    }
    return std::unique_ptr<Adapter>{std::move(adapter)};
  }

  bool can_use_direct_transport() const override { return false; }
  std::string description() const override { return fmt::format("{}", fmt::join(command_, " ")); }

 private:
  std::vector<std::string> command_;
  PipeLimits limits_;
};

}  // namespace

std::unique_ptr<AdapterFactory> make_pipe_factory(std::vector<std::string> command, PipeLimits limits) {
  return std::make_unique<PipeFactory>(std::move(command), limits);
}

}  // namespace scenarios
