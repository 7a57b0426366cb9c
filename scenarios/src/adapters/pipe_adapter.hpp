#pragma once

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "adapters/pipe_process.hpp"
#include "adapters/pipe_protocol.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios {

/// A wait for a client's next word: what it came to in real time.
struct RealWait {
  oidc::Duration lasted{};
  oidc::Duration busy{};  ///< processor time that the client used or had to wait for
  oidc::Duration ours{};  ///< a request of it was in our hands, or we had to wait for a processor
};
/// How long the client really slept: what is neither ours nor well filled with work. Zero for what machines do by
/// chance.
oidc::Duration slept(const RealWait& wait);

/// A client in another process. Everything it does wrong turns into one `Broken`, which
/// every later call repeats.
class PipeAdapter final : public Adapter {
 public:
  PipeAdapter(std::unique_ptr<PipeProcess> process, Surroundings surroundings, const PipeLimits& limits)
      : process_{std::move(process)}, surroundings_{std::move(surroundings)}, limits_{limits} {}

  /// hello and the canary.
  std::variant<Hello, Broken> introduce();
  /// set_clock and configure, for the client that `hello` speaks of.
  std::optional<Broken> set_up(const ClientSetup& setup, const Hello& hello);

  CallResult call(const Call& call) override;
  bool set_saving_fails(bool fails) override { return process_->set_file_writes_fail(fails); }
  bool kill() override {
    process_->send_signal(SIGKILL);
    return process_->wait_for_end(PipeProcess::deadline(limits_.grace)).has_value();
  }
  std::string output() const override { return logs_ + process_->error_output(); }
  std::variant<std::monostate, Broken> shutdown() override;

 private:
  using Wait = PipeProcess::Wait;

  CallResult exchange(const std::string& op, const oidc::Json& args);
  std::optional<Broken> send(const oidc::Json& message);
  std::optional<CallResult> await_reply(std::uint64_t id);
  Wait read_line(std::string& line, oidc::Duration deadline, std::optional<Broken>& slept);
  std::optional<CallResult> take(const pipe::Reply& reply, std::uint64_t id);
  std::optional<Broken> set_clock();
  bool is_looping() const;
  RealWait spent() const;
  std::chrono::milliseconds patience() const;
  Broken end_call(std::string why);
  // The blocking events: do what was asked and say "go".
  std::optional<Broken> handle(const pipe::SleepEvent& event);
  std::optional<Broken> handle(const pipe::NowEvent& event);
  std::optional<Broken> handle(const pipe::OpenUrlEvent& event);
  std::optional<Broken> handle(const pipe::PromptEvent& event);
  std::optional<Broken> handle(const pipe::LogEvent& event);
  std::optional<Broken> handle(const pipe::Reply& /*event*/) { return std::nullopt; }  // `take` has it
  std::optional<Broken> go(std::uint64_t n, oidc::Json extra = oidc::Json::object());

  Broken broken_by(Wait wait);
  double now_seconds() const {
    return std::chrono::duration<double>(surroundings_.clock.now().time_since_epoch()).count();
  }
  std::size_t requests_seen() const { return surroundings_.requests_seen ? surroundings_.requests_seen() : 0; }

  std::unique_ptr<PipeProcess> process_;
  Surroundings surroundings_;
  PipeLimits limits_;
  Hello hello_;
  std::string logs_;
  std::uint64_t last_id_ = 0;
  bool in_call_ = false;             // before that an interpreter starts, which takes as long as it takes
  std::size_t sleeps_ = 0;           // in this call
  oidc::Duration call_began_{};      // on the client's clock
  std::size_t requests_before_ = 0;  // when the call began, or when it last paused
  std::optional<Broken> broken_;
  std::optional<Overdue> overdue_;
};

}  // namespace scenarios
