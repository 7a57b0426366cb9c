#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "adapters/commands/extract.hpp"
#include "adapters/commands/file.hpp"
#include "adapters/commands/service.hpp"
#include "adapters/pipe_process.hpp"

namespace scenarios {
namespace {

using commands::Client;
using commands::Operation;
using oidc::Json;

Broken by_adapter(std::string what) {
  return {Broken::Who::kAdapter, std::move(what)};
}

/// How a command went.
struct Ran {
  ProcessEnd end;
  std::string output;
  std::string errors;
};

/// A port below those that the system gives away by itself, so that it stays free until the program takes it.
int free_port(std::uint64_t seed) {
  constexpr std::uint64_t kFirst = 10'000;
  constexpr std::uint64_t kCount = 20'000;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    const auto port = static_cast<std::uint16_t>(kFirst + (seed + i) % kCount);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool is_free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    if (is_free) {
      return port;
    }
  }
  return 0;
}

/// A command-line program: each operation is a process.
class CommandsAdapter final : public Adapter {
 public:
  CommandsAdapter(const Client& client, ClientSetup setup, Surroundings surroundings)
      : client_{client}, setup_{std::move(setup)}, surroundings_{std::move(surroundings)} {}

  std::optional<Broken> set_up() {
    if (client_.service) {
      const auto values = values_of(Json::object());
      auto started = commands::RunningService::start(*client_.service, filled(client_.service->words, values),
                                                     environment(values), surroundings_.umask, client_.timeout);
      if (auto* broken = std::get_if<Broken>(&started)) {
        return std::move(*broken);
      }
      service_ = std::get<0>(std::move(started));
    }
    for (const auto& words : client_.start) {
      const auto ran = run({words, "", "", {}}, Json::object());
      if (const auto* broken = std::get_if<Broken>(&ran)) {
        return *broken;
      }
      if (const auto& went = std::get<Ran>(ran); !went.end.clean()) {
        return by_adapter(
            fmt::format("\"{}\" {}: {}", words.front(), describe(went.end), commands::trimmed(went.errors)));
      }
    }
    return std::nullopt;
  }

  CallResult call(const Call& call) override {
    const auto operation = client_.operations.find(call.op);
    if (operation == client_.operations.end()) {
      return Unsupported{fmt::format("the commands file has no \"{}\"", call.op)};
    }
    auto ran = run(operation->second, call.args);
    if (auto lost = service_ ? service_->loss() : std::nullopt) {
      return *std::move(lost);
    }
    if (auto* broken = std::get_if<Broken>(&ran)) {
      return std::move(*broken);
    }
    return result_of(operation->second, std::get<Ran>(ran));
  }

  bool set_saving_fails(bool fails) override {
    saving_fails_ = fails;
    return !service_ || service_->set_saving_fails(fails);
  }
  bool kill() override {
    if (service_) {
      service_->kill();  // no process of a command outlives its call
    }
    return true;
  }
  std::string output() const override { return printed_ + (service_ ? service_->output() : ""); }
  std::variant<std::monostate, Broken> shutdown() override {
    return service_ ? service_->stop() : std::variant<std::monostate, Broken>{};
  }

 private:
  /// Of one command: the port of an earlier one may be in use still.
  commands::Values values_of(const Json& args) const {
    return commands::values_for(setup_, args, free_port(surroundings_.seed));
  }

  static std::vector<std::string> filled(const std::vector<std::string>& words, const commands::Values& values) {
    std::vector<std::string> result;
    for (const std::string& word : words) {
      result.push_back(commands::filled(word, values));
    }
    return result;
  }

  std::vector<std::string> environment(const commands::Values& values) const {
    auto all = environment_for(setup_);
    all.insert(all.end(), surroundings_.environment.begin(), surroundings_.environment.end());
    for (const auto& [name, value] : client_.environment) {
      std::erase_if(all, [start = name + "="](const std::string& other) { return other.starts_with(start); });
      all.push_back(name + "=" + commands::filled(value, values));
    }
    if (service_) {
      all.insert(all.end(), service_->variables().begin(), service_->variables().end());
    }
    return all;
  }

  std::variant<Ran, Broken> run(const Operation& operation, const Json& args) {
    const auto values = values_of(args);
    const auto words = filled(operation.words, values);
    auto spawned = PipeProcess::spawn(saving_fails_ ? commands::surviving_limits(words, true) : words,
                                      environment(values), {}, surroundings_.umask);
    if (const auto* reason = std::get_if<std::string>(&spawned)) {
      return by_adapter(fmt::format("cannot run \"{}\": {}", words.front(), *reason));
    }
    PipeProcess& process = *std::get<0>(spawned);
    const oidc::Duration deadline = PipeProcess::deadline(client_.timeout);
    if (!operation.input.empty()) {
      process.write_line(commands::filled(operation.input, values), deadline);
    }
    process.close_input();
    Ran ran;
    const auto heard = listen(process, operation, deadline, ran.output);
    const auto end = process.wait_for_end(heard == PipeProcess::Wait::kEnded ? deadline : oidc::Duration::zero());
    ran.errors = process.error_output();
    if (!operation.gives.contains("access_token")) {
      printed_ += ran.output;  // what it is asked to print is no leak
    }
    printed_ += ran.errors;
    if (heard == PipeProcess::Wait::kTooMuchOutput) {
      return by_adapter(fmt::format("\"{}\" printed more than {} bytes", words.front(), PipeLimits{}.output_bytes));
    }
    if (!end) {
      return Broken{Broken::Who::kSut,
                    fmt::format("\"{}\" did not end within {:g} s", words.front(),
                                std::chrono::duration<double>(client_.timeout).count()),
                    true};
    }
    ran.end = *end;
    if (ran.end.signalled) {
      return Broken{Broken::Who::kSut, fmt::format("\"{}\" was {}", words.front(), describe(ran.end))};
    }
    return ran;
  }

  /// Reads what it prints until it ends or the time is over, and sends the browser where it says.
  PipeProcess::Wait listen(PipeProcess& process, const Operation& operation, oidc::Duration deadline,
                           std::string& output) {
    constexpr std::chrono::milliseconds kGlance{50};
    bool opened = operation.opens.empty();
    for (auto wait = PipeProcess::Wait::kDone;;) {
      const std::size_t before = output.size() + process.error_output().size();
      wait = process.read_some(output, std::min(deadline, PipeProcess::deadline(kGlance)));
      if (service_) {
        service_->attend();
      }
      const bool is_pausing = before == output.size() + process.error_output().size();
      if (!opened && (is_pausing || wait == PipeProcess::Wait::kEnded)) {  // else there may be more of the URL to come
        const auto url = commands::first_match(operation.opens, output + process.error_output());
        opened = url.has_value();
        if (url && surroundings_.open_browser) {
          (void)surroundings_.open_browser(*url);  // what the user agent met, the program sees itself
        }
      }
      if (wait == PipeProcess::Wait::kEnded || wait == PipeProcess::Wait::kTooMuchOutput ||
          PipeProcess::deadline({}) > deadline) {
        return wait;
      }
    }
  }

  CallResult result_of(const Operation& operation, const Ran& ran) const {
    if (!ran.end.clean()) {
      return failure_of(ran);
    }
    Json value = Json::object();
    for (const auto& [name, extract] : operation.gives) {
      const auto found = commands::extracted(extract, ran.output);
      if (!found) {
        return by_adapter(fmt::format("its output holds no \"{}\" where the commands file says it is", name));
      }
      value[name] = *found;
    }
    return Ok{value};
  }

  Err failure_of(const Ran& ran) const {
    for (const auto& failure : client_.failures) {
      const bool fits = (!failure.exit || *failure.exit == ran.end.number) &&
                        (failure.output.empty() || commands::first_match(failure.output, ran.output + ran.errors));
      if (fits) {
        return failure.err;
      }
    }
    Err err;
    err.kind = "other";
    err.message = fmt::format("{}: {}", describe(ran.end), commands::trimmed(ran.errors));
    return err;
  }

  const Client& client_;
  ClientSetup setup_;
  Surroundings surroundings_;
  std::unique_ptr<commands::RunningService> service_;
  std::string printed_;
  bool saving_fails_ = false;
};

class CommandsFactory final : public AdapterFactory {
 public:
  explicit CommandsFactory(Client client) : client_{std::move(client)} {}

  std::variant<Hello, Broken> hello() override { return client_.hello; }
  std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                       const Surroundings& surroundings) override {
    auto adapter = std::make_unique<CommandsAdapter>(client_, setup, surroundings);
    if (auto broken = adapter->set_up()) {
      return *std::move(broken);
    }
    return std::unique_ptr<Adapter>{std::move(adapter)};
  }
  bool can_use_direct_transport() const override { return false; }
  bool is_program() const override { return true; }
  std::string description() const override {
    return client_.hello.name + (client_.hello.version.empty() ? "" : " " + client_.hello.version);
  }

 private:
  Client client_;
};

}  // namespace

oidc::Result<std::unique_ptr<AdapterFactory>> make_commands_factory(const std::string& file) {
  auto client = commands::load(file);
  if (!client) {
    return std::move(client).error();
  }
  return std::unique_ptr<AdapterFactory>{std::make_unique<CommandsFactory>(*std::move(client))};
}

}  // namespace scenarios
