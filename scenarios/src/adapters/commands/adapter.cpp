#include <fmt/format.h>

#include <csignal>
#include <regex>

#include "adapters/commands/file.hpp"
#include "adapters/pipe_process.hpp"
#include "pattern.hpp"

namespace scenarios {
namespace {

using commands::Client;
using commands::Extract;
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

std::optional<std::string> first_match(const std::string& pattern, const std::string& text) {
  std::smatch match;
  if (!std::regex_search(text, match, make_pattern(pattern))) {
    return std::nullopt;
  }
  return match.size() > 1 ? match[1].str() : match[0].str();
}

std::string trimmed(const std::string& text) {
  constexpr const char* kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<Json> extracted(const Extract& extract, const std::string& output) {
  switch (extract.how) {
    case Extract::How::kPattern: {
      const auto found = first_match(extract.text, output);
      return found ? std::optional<Json>{*found} : std::nullopt;
    }
    case Extract::How::kPointer: {
      const auto json = oidc::parse_json(output);
      const auto pointer = Json::json_pointer{extract.text};
      return json && json->contains(pointer) ? std::optional<Json>{json->at(pointer)} : std::nullopt;
    }
    case Extract::How::kValue:
      return extract.value;
    case Extract::How::kAll:
      break;
  }
  return Json(trimmed(output));
}

/// A command-line program: each operation is a process.
class CommandsAdapter final : public Adapter {
 public:
  CommandsAdapter(const Client& client, ClientSetup setup, Surroundings surroundings)
      : client_{client}, setup_{std::move(setup)}, surroundings_{std::move(surroundings)} {}

  std::optional<Broken> set_up() {
    for (const auto& words : client_.start) {
      const auto ran = run({words, "", "", {}}, Json::object());
      if (const auto* broken = std::get_if<Broken>(&ran)) {
        return *broken;
      }
      if (const auto& went = std::get<Ran>(ran); !went.end.clean()) {
        return by_adapter(fmt::format("\"{}\" {}: {}", words.front(), describe(went.end), trimmed(went.errors)));
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
    if (auto* broken = std::get_if<Broken>(&ran)) {
      return std::move(*broken);
    }
    return result_of(operation->second, std::get<Ran>(ran));
  }

  bool set_saving_fails(bool fails) override {
    saving_fails_ = fails;
    return true;
  }
  bool kill() override { return true; }  // no process of it outlives a call
  std::string output() const override { return printed_; }
  std::variant<std::monostate, Broken> shutdown() override { return std::monostate{}; }

 private:
  std::vector<std::string> command_line(const Operation& operation, const Json& args) const {
    std::vector<std::string> words;
    if (saving_fails_) {
      // All that the program starts inherits it: a write fails with EFBIG and kills nobody.
      words = {"sh", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"};
    }
    for (const std::string& word : operation.words) {
      words.push_back(commands::filled(word, setup_, args));
    }
    return words;
  }

  std::vector<std::string> environment() const {
    auto all = environment_for(setup_);
    all.insert(all.end(), surroundings_.environment.begin(), surroundings_.environment.end());
    for (const auto& [name, value] : client_.environment) {
      all.push_back(name + "=" + commands::filled(value, setup_, Json::object()));
    }
    return all;
  }

  std::variant<Ran, Broken> run(const Operation& operation, const Json& args) {
    const auto words = command_line(operation, args);
    auto spawned = PipeProcess::spawn(words, environment(), {}, surroundings_.umask);
    if (const auto* reason = std::get_if<std::string>(&spawned)) {
      return by_adapter(fmt::format("cannot run \"{}\": {}", words.front(), *reason));
    }
    PipeProcess& process = *std::get<0>(spawned);
    const oidc::Duration deadline = PipeProcess::deadline(client_.timeout);
    if (!operation.input.empty()) {
      process.write_line(commands::filled(operation.input, setup_, args), deadline);
    }
    process.close_input();
    Ran ran;
    const bool ended = listen(process, operation, deadline, ran);
    const auto end =
        process.wait_for_end(ended ? PipeProcess::deadline(std::chrono::seconds{2}) : oidc::Duration::zero());
    ran.errors = process.error_output();
    if (!operation.gives.contains("access_token")) {
      printed_ += ran.output;  // what it is asked to print is no leak
    }
    printed_ += ran.errors;
    if (!end) {
      process.send_signal(SIGKILL);
      return Broken{Broken::Who::kSut,
                    fmt::format("\"{}\" did not end within {} s", words.front(), client_.timeout.count() / 1000), true};
    }
    ran.end = *end;
    if (ran.end.signalled) {
      return Broken{Broken::Who::kSut, fmt::format("\"{}\" was {}", words.front(), describe(ran.end))};
    }
    return ran;
  }

  /// Reads what it prints until it ends, and sends the browser where it says. False: the time is over.
  bool listen(PipeProcess& process, const Operation& operation, oidc::Duration deadline, Ran& ran) {
    constexpr std::chrono::milliseconds kGlance{50};
    bool opened = operation.opens.empty();
    while (true) {
      std::string line;
      const auto wait = process.read_line(line, PipeProcess::deadline(kGlance));
      if (wait == PipeProcess::Wait::kDone) {
        ran.output += line + "\n";
      }
      if (!opened) {
        const auto url = first_match(operation.opens, ran.output + process.error_output());
        opened = url.has_value();
        if (url && surroundings_.open_browser) {
          (void)surroundings_.open_browser(*url);  // what the user agent met, the program sees itself
        }
      }
      if (wait != PipeProcess::Wait::kDone && wait != PipeProcess::Wait::kTimeout) {
        return true;
      }
      if (PipeProcess::deadline({}) > deadline) {
        return false;
      }
    }
  }

  CallResult result_of(const Operation& operation, const Ran& ran) const {
    if (!ran.end.clean()) {
      return failure_of(ran);
    }
    Json value = Json::object();
    for (const auto& [name, extract] : operation.gives) {
      const auto found = extracted(extract, ran.output);
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
                        (failure.output.empty() || first_match(failure.output, ran.output + ran.errors));
      if (fits) {
        return failure.err;
      }
    }
    Err err;
    err.kind = "other";
    err.message = fmt::format("{}: {}", describe(ran.end), trimmed(ran.errors));
    return err;
  }

  const Client& client_;
  ClientSetup setup_;
  Surroundings surroundings_;
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
