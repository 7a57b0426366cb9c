#include "adapters/commands/service.hpp"

#include <fmt/format.h>

#include <csignal>

namespace scenarios::commands {
namespace {

constexpr std::chrono::milliseconds kGlance{1};

Broken by_adapter(std::string what) {
  return {Broken::Who::kAdapter, std::move(what)};
}

}  // namespace

std::vector<std::string> surviving_limits(const std::vector<std::string>& words, bool at_once) {
  std::vector<std::string> all{"sh", "-c",
                               std::string{"trap '' XFSZ; "} + (at_once ? "ulimit -f 0; " : "") + "exec \"$@\"", "sh"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::variant<std::unique_ptr<RunningService>, Broken> RunningService::start(const Service& service,
                                                                            const std::vector<std::string>& words,
                                                                            const std::vector<std::string>& environment,
                                                                            const std::string& umask,
                                                                            std::chrono::milliseconds patience) {
  auto spawned = PipeProcess::spawn(surviving_limits(words, false), environment, {}, umask);
  if (const auto* reason = std::get_if<std::string>(&spawned)) {
    return by_adapter(fmt::format("cannot run the service \"{}\": {}", words.front(), *reason));
  }
  std::unique_ptr<RunningService> running{new RunningService{words.front(), std::get<0>(std::move(spawned))}};
  if (auto broken = running->await(service, PipeProcess::deadline(patience))) {
    return *std::move(broken);
  }
  return running;
}

/// Until it has told everything.
std::optional<Broken> RunningService::await(const Service& service, oidc::Duration deadline) {
  for (auto wait = PipeProcess::Wait::kDone;;) {
    variables_.clear();
    std::string missing;
    for (const auto& [name, extract] : service.gives) {
      const auto value = extracted(extract, output_);
      missing = value ? missing : name;
      variables_.push_back(name + "=" + (value ? value->get<std::string>() : ""));
    }
    if (missing.empty()) {
      return std::nullopt;
    }
    if (wait != PipeProcess::Wait::kDone) {
      const auto end = process_->wait_for_end(PipeProcess::deadline(kGlance));
      const std::string how = end ? describe(*end) : "went on";
      return by_adapter(fmt::format("the service \"{}\" {} without having told \"{}\": {}", name_, how, missing,
                                    trimmed(output_ + process_->error_output())));
    }
    wait = process_->read_some(output_, deadline);
  }
}

void RunningService::attend() {
  process_->read_some(output_, PipeProcess::deadline(kGlance));
}

std::optional<Broken> RunningService::loss() {
  attend();
  const auto end = process_->wait_for_end(PipeProcess::deadline(kGlance));
  return end ? std::optional{Broken{Broken::Who::kSut, fmt::format("the service \"{}\" {}", name_, describe(*end))}}
             : std::nullopt;
}

void RunningService::kill() {
  process_->send_signal(SIGKILL);
  process_->wait_for_end(PipeProcess::deadline(PipeLimits{}.grace));
  attend();
}

/// SIGTERM is the way to end a daemon, whatever it says to that.
std::variant<std::monostate, Broken> RunningService::stop() {
  if (auto lost = loss()) {
    return *std::move(lost);
  }
  process_->send_signal(SIGTERM);
  const bool ended = process_->wait_for_end(PipeProcess::deadline(PipeLimits{}.grace)).has_value();
  attend();
  if (!ended) {
    process_->send_signal(SIGKILL);
    return Broken{Broken::Who::kSut, fmt::format("the service \"{}\" did not end within {} s of SIGTERM", name_,
                                                 PipeLimits{}.grace.count() / 1000)};
  }
  return std::monostate{};
}

}  // namespace scenarios::commands
