#include "adapters/pipe_adapter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <utility>

#include "oidc/random.hpp"

namespace scenarios {
namespace {

Broken by_adapter(std::string what) {
  return {Broken::Who::kAdapter, std::move(what)};
}
Broken by_sut(std::string what) {
  return {Broken::Who::kSut, std::move(what)};
}

/// A wait that any client may take without having slept.
constexpr oidc::Duration kUsual = std::chrono::seconds{1};

}  // namespace

oidc::Duration slept(const RealWait& wait) {
  const oidc::Duration own = wait.lasted - wait.ours;
  return own > kUsual && wait.busy * 2 < own ? own : oidc::Duration::zero();
}

using oidc::Json;
using Wait = PipeProcess::Wait;

std::variant<Hello, Broken> PipeAdapter::introduce() {
  CallResult answer = exchange("hello", {{"protocol", pipe::kProtocol}});
  if (auto* broken = std::get_if<Broken>(&answer)) {
    return std::move(*broken);
  }
  const auto* ok = std::get_if<Ok>(&answer);
  auto hello = ok == nullptr ? oidc::Result<Hello>{oidc::Error{oidc::Errc::kBadInput, "hello: not answered with ok"}}
                             : pipe::parse_hello(ok->value);
  if (!hello) {
    return by_adapter(hello.error().message);
  }
  // A program that answers anything to anything would pass for a client without this.
  oidc::SeededRandom random{surroundings_.seed};
  const std::string canary = "zz_" + random.token(6);
  answer = exchange(canary, Json::object());
  if (auto* broken = std::get_if<Broken>(&answer)) {
    return std::move(*broken);
  }
  if (!std::holds_alternative<Unsupported>(answer)) {
    return by_adapter(fmt::format("the unknown operation \"{}\" was not answered with unsupported", canary));
  }
  return *std::move(hello);
}

std::optional<Broken> PipeAdapter::set_up(const ClientSetup& setup, const Hello& hello) {
  hello_ = hello;
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
  in_call_ = true;
  if (auto broken = set_clock()) {
    return *broken;
  }
  call_began_ = surroundings_.clock.steady_now();
  requests_before_ = requests_seen();
  sleeps_ = 0;
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
  const auto* ok = std::get_if<Ok>(&result);
  if (ok == nullptr) {
    broken_ = by_adapter("set_clock was not answered with ok");
  } else if (hello_.time == TimeKind::kVirtual) {
    // Who only says that its clock is the run's would be charged with waits that nobody could see.
    constexpr double kTolerance = 1;
    const auto read = ok->value.find("now");
    if (read == ok->value.end() || !read->is_number()) {
      broken_ = by_adapter("set_clock: a client on virtual time must answer {now: what its clock reads}");
    } else if (std::abs(read->get<double>() - now_seconds()) > kTolerance) {
      broken_ = by_adapter(
          fmt::format("its clock reads {:.1f} where the run's reads {:.1f}: it does not live on virtual time",
                      read->get<double>(), now_seconds()));
    }
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
  std::optional<CallResult> result;
  while (!result) {
    result = await_reply(id);
  }
  if (const auto* broken = std::get_if<Broken>(&*result)) {
    broken_ = *broken;
  }
  return *std::move(result);
}

std::optional<Broken> PipeAdapter::send(const Json& message) {
  const Wait wait = process_->write_line(oidc::to_text(message), PipeProcess::deadline(patience()));
  if (wait != Wait::kDone) {
    broken_ = broken_by(wait);
  }
  return broken_;
}

std::chrono::milliseconds PipeAdapter::patience() const {
  const bool waits = hello_.time != TimeKind::kVirtual;
  return in_call_ ? limits_.silence + (waits ? surroundings_.lasts : oidc::Duration::zero()) : limits_.start;
}

bool PipeAdapter::is_looping() const {
  return requests_seen() > requests_before_ + limits_.requests;
}

/// Reads up to the reply, or to the next blocking event: then nothing, and the silence begins anew.
std::optional<CallResult> PipeAdapter::await_reply(std::uint64_t id) {
  oidc::Duration deadline = PipeProcess::deadline(patience());
  std::size_t seen = requests_seen();
  while (true) {
    std::string line;
    std::optional<Broken> slept;
    if (const Wait wait = read_line(line, deadline, slept); wait != Wait::kDone) {
      if (wait == Wait::kTimeout && hello_.time != TimeKind::kVirtual && requests_seen() > seen && !is_looping()) {
        seen = requests_seen();  // it polls, on a clock that nobody can move
        deadline = PipeProcess::deadline(patience());
        continue;
      }
      if (wait == Wait::kTimeout && is_looping()) {
        end_call(fmt::format("{} requests without a pause", requests_seen() - requests_before_));
        return *overdue_;
      }
      return broken_by(wait);
    }
    if (slept) {
      return *slept;
    }
    const auto message = pipe::parse_message(line);
    if (!message) {
      logs_ += line + "\n";
      return by_adapter(message.error().message);
    }
    if (const auto* reply = std::get_if<pipe::Reply>(&*message)) {
      return take(*reply, id);
    }
    if (const auto broken = std::visit([this](const auto& event) { return handle(event); }, *message)) {
      return overdue_ ? CallResult{*overdue_} : CallResult{*broken};
    }
    // Logging or asking for the time on and on is no sign of life: no time passes by it.
    if (!std::holds_alternative<pipe::LogEvent>(*message) && !std::holds_alternative<pipe::NowEvent>(*message)) {
      return std::nullopt;
    }
  }
}

/// A client that says it lives on virtual time and really sleeps would be charged with asking at once. Where the issuer
/// keeps it waiting for a reply it has to.
PipeProcess::Wait PipeAdapter::read_line(std::string& line, oidc::Duration deadline, std::optional<Broken>& slept) {
  const oidc::Duration soon = std::min(deadline, PipeProcess::deadline(kUsual));
  const Wait wait = process_->read_line(line, soon);
  if (wait != Wait::kTimeout || soon == deadline) {
    return wait;
  }
  const RealWait before = spent();
  const Wait later = process_->read_line(line, deadline);
  const RealWait after = spent();
  const oidc::Duration own =
      scenarios::slept({after.lasted - before.lasted, after.busy - before.busy, after.ours - before.ours});
  if (in_call_ && hello_.time == TimeKind::kVirtual && !surroundings_.replies_may_hang &&
      own > oidc::Duration::zero()) {
    slept = by_adapter(fmt::format("it really waited for {:.1f} s, although it says that it lives on virtual time",
                                   std::chrono::duration<double>(own + kUsual).count()));
  }
  return later;
}

/// What a wait is the difference of.
RealWait PipeAdapter::spent() const {
  const oidc::Duration served = surroundings_.served ? surroundings_.served() : oidc::Duration::zero();
  return {PipeProcess::deadline({}), process_->busy_time(), served + PipeProcess::own_starvation()};
}

std::optional<CallResult> PipeAdapter::take(const pipe::Reply& reply, std::uint64_t id) {
  if (reply.id != id) {
    return by_adapter(fmt::format("reply to id {}, expected {}", reply.id, id));
  }
  return std::visit([](const auto& result) -> CallResult { return result; }, reply.result);
}

/// The call will give nothing more, and the program can't be asked anything else.
Broken PipeAdapter::end_call(std::string why) {
  overdue_ = Overdue{std::move(why)};
  broken_ = by_sut("its call had to be ended");
  return *broken_;
}

std::optional<Broken> PipeAdapter::handle(const pipe::SleepEvent& event) {
  if (++sleeps_ > limits_.sleeps) {
    return end_call(fmt::format("slept more than {} times in one call", limits_.sleeps));
  }
  const oidc::Duration passed = surroundings_.clock.steady_now() - call_began_;
  if (passed + event.duration > limits_.own_time) {
    return end_call(fmt::format("not done after {} s of its own time, and about to wait for {} s more",
                                std::chrono::floor<std::chrono::seconds>(passed).count(),
                                std::chrono::floor<std::chrono::seconds>(event.duration).count()));
  }
  surroundings_.clock.sleep_for(event.duration);
  requests_before_ = requests_seen();
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
  const double silence = std::chrono::duration<double>(patience()).count();
  switch (wait) {
    case Wait::kTimeout:
      return {Broken::Who::kSut, fmt::format("no reply within {:g} s", silence), true};
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
  if (overdue_) {
    return std::monostate{};  // it was judged, and could not end by itself any more
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

}  // namespace scenarios
