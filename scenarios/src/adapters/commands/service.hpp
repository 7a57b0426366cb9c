#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/commands/file.hpp"
#include "adapters/pipe_process.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios::commands {

/// The command line of a program for which a file size limit is a failed write and no deadly signal; with `at_once` the
/// limit is 0. All that it starts inherits both.
std::vector<std::string> surviving_limits(const std::vector<std::string>& words, bool at_once);

/// A service at work. It stays in our process group, so that nothing of it outlives the client.
class RunningService {
 public:
  /// Returns when it has told all that it gives. `words` are filled in.
  static std::variant<std::unique_ptr<RunningService>, Broken> start(const Service& service,
                                                                     const std::vector<std::string>& words,
                                                                     const std::vector<std::string>& environment,
                                                                     const std::string& umask,
                                                                     std::chrono::milliseconds patience);

  /// What it gave, "NAME=value".
  const std::vector<std::string>& variables() const { return variables_; }
  /// Reads what it has printed, so that it never waits for us.
  void attend();
  /// Set if it has ended although nobody told it to.
  std::optional<Broken> loss();
  bool set_saving_fails(bool fails) { return process_->set_file_writes_fail(fails); }
  void kill();
  std::variant<std::monostate, Broken> stop();
  std::string output() const { return output_ + process_->error_output(); }

 private:
  RunningService(std::string name, std::unique_ptr<PipeProcess> process)
      : name_{std::move(name)}, process_{std::move(process)} {}

  std::optional<Broken> await(const Service& service, oidc::Duration deadline);

  std::string name_;
  std::unique_ptr<PipeProcess> process_;
  std::string output_;
  std::vector<std::string> variables_;
};

}  // namespace scenarios::commands
