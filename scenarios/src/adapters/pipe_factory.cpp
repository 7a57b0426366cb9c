#include <fmt/format.h>
#include <fmt/ranges.h>

#include <mutex>
#include <optional>
#include <utility>

#include "adapters/pipe_adapter.hpp"
#include "runner/storage.hpp"

namespace scenarios {
namespace {

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

  std::variant<Hello, Broken> hello() override {
    const std::scoped_lock lock{mutex_};
    if (hello_) {
      return *hello_;
    }
    const TempDirectory place;
    ClientSetup nothing;
    nothing.storage_dir = (place.path() / "storage").string();
    oidc::SystemClock clock;
    auto spawned = spawn(nothing, {clock, {}, nullptr});
    if (auto* broken = std::get_if<Broken>(&spawned)) {
      return std::move(*broken);
    }
    auto& client = *std::get<0>(spawned);
    auto hello = client.introduce();
    (void)client.shutdown();  // how it ends is told of the processes that are judged
    if (auto* broken = std::get_if<Broken>(&hello)) {
      broken->what += last_words(client.output());  // it knows no secret yet
      return std::move(*broken);
    }
    hello_ = std::get<Hello>(hello);
    return *hello_;
  }

  std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                       const Surroundings& surroundings) override {
    const auto hello = this->hello();
    if (const auto* broken = std::get_if<Broken>(&hello)) {
      return *broken;
    }
    auto spawned = spawn(setup, surroundings);
    if (auto* broken = std::get_if<Broken>(&spawned)) {
      return std::move(*broken);
    }
    auto adapter = std::get<0>(std::move(spawned));
    if (auto broken = adapter->set_up(setup, std::get<Hello>(hello))) {
      return *std::move(broken);
    }
    return std::unique_ptr<Adapter>{std::move(adapter)};
  }

  bool can_use_direct_transport() const override { return false; }
  bool is_program() const override { return true; }
  std::string description() const override { return fmt::format("{}", fmt::join(command_, " ")); }

 private:
  std::variant<std::unique_ptr<PipeAdapter>, Broken> spawn(const ClientSetup& setup, const Surroundings& surroundings) {
    auto environment = environment_for(setup);
    environment.insert(environment.end(), surroundings.environment.begin(), surroundings.environment.end());
    auto spawned = PipeProcess::spawn(command_, environment, limits_, surroundings.umask);
    if (const auto* reason = std::get_if<std::string>(&spawned)) {
      return Broken{Broken::Who::kAdapter,
                    fmt::format("cannot run \"{}\": {}", command_.empty() ? "" : command_.front(), *reason)};
    }
    return std::make_unique<PipeAdapter>(std::get<0>(std::move(spawned)), surroundings, limits_);
  }

  std::vector<std::string> command_;
  PipeLimits limits_;
  std::mutex mutex_;
  std::optional<Hello> hello_;  // guarded by mutex_; what it said once
};

}  // namespace

std::unique_ptr<AdapterFactory> make_pipe_factory(std::vector<std::string> command, PipeLimits limits) {
  return std::make_unique<PipeFactory>(std::move(command), limits);
}

}  // namespace scenarios
