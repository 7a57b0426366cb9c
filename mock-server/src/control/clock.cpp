#include "control/actions.hpp"
#include "control/clock_json.hpp"
#include "control/timestamp.hpp"
#include "control/waiting.hpp"
#include "mockserver/issuer_clock.hpp"

namespace mockserver::control {
namespace {

constexpr std::chrono::seconds kSleepersPatience{10};
/// Far enough for every test, and centuries before a number overflows.
constexpr oidc::TimePoint kEndOfTime{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

IssuerClock* adjustable(Call& call) {
  return dynamic_cast<IssuerClock*>(&call.issuer->clock());
}

oidc::HttpResponse not_adjustable() {
  return problem_reply(
      {.status = 409, .detail = "this issuer was made with a clock that the control API does not move"});
}

}  // namespace

oidc::Json clock_to_json(const oidc::Clock& clock) {
  const oidc::TimePoint now = clock.now();
  oidc::Json json = {{"now", oidc::format_iso8601(now)}, {"epoch_seconds", oidc::epoch_seconds(now).count()}};
  const auto* own = dynamic_cast<const IssuerClock*>(&clock);
  json["mode"] = own != nullptr && own->running() ? "system" : "virtual";
  if (own != nullptr) {
    json["sleepers"] = own->sleepers();
  }
  return json;
}

oidc::HttpResponse get_clock(Call& call) {
  return json_reply(200, clock_to_json(call.issuer->clock()));
}

oidc::HttpResponse set_clock(Call& call) {
  const auto time = read_time(call.body.at("now"));
  if (!time) {
    return problem_reply({.detail = "not a time", .pointer = "/now", .expected = std::string{kTimeForms}});
  }
  IssuerClock* clock = adjustable(call);
  if (clock == nullptr) {
    return not_adjustable();
  }
  clock->set(*time);
  return get_clock(call);
}

oidc::HttpResponse advance_clock(Call& call) {
  IssuerClock* clock = adjustable(call);
  if (clock == nullptr) {
    return not_adjustable();
  }
  const oidc::Duration distance = read_seconds(call.body.at("seconds"));
  if (clock->now() + distance > kEndOfTime) {
    return problem_reply({.detail = "that is past the year 9999", .pointer = "/seconds"});
  }
  const auto sleepers = call.body.contains("sleepers") ? call.body["sleepers"].get<std::size_t>() : 0;
  const auto move = [clock, distance] {
    clock->advance(distance);
    return json_reply(200, clock_to_json(*clock));
  };
  if (sleepers == 0) {
    return move();
  }
  return await(
      call, kSleepersPatience,
      {.is_over = [clock, sleepers] { return clock->sleepers() >= sleepers; },
       .reply = move,
       .in_vain =
           [clock] {
             return problem_reply(
                 {.status = 408, .detail = "only " + std::to_string(clock->sleepers()) + " replies are held back"});
           }});
}

}  // namespace mockserver::control
