#include "mockserver/script.hpp"

#include <algorithm>

#include "limits.hpp"
#include "stores/forgetting.hpp"

namespace mockserver {
namespace {

bool holds(const FieldRule& rule, const std::optional<std::string>& value) {
  if (!value || !rule.present) {
    return !value && !rule.present;
  }
  return (!rule.equals || *value == *rule.equals) &&
         (!rule.contains || value->find(*rule.contains) != std::string::npos);
}

template <typename Fields>
bool all_hold(const std::vector<FieldRule>& rules, const Fields* fields) {
  return std::ranges::all_of(rules, [&](const FieldRule& rule) {
    return holds(rule, fields != nullptr ? fields->get(rule.name) : std::nullopt);
  });
}

bool is_reached(const Moment& moment, const RequestFacts& request) {
  const auto* age = std::get_if<oidc::Duration>(&moment);
  return age != nullptr ? request.age >= *age : request.now >= std::get<oidc::TimePoint>(moment);
}

std::string key_of(const Rate& rate, const RequestFacts& request) {
  if (rate.key == "client") {
    return request.client;
  }
  if (rate.key == "subject") {
    return request.subject;
  }
  return rate.key == "endpoint" ? request.endpoint : "";
}

/// Nothing if the request may pass, which then counts; otherwise how long until one may.
std::optional<oidc::Duration> exceeds(const Rate& rate, std::deque<oidc::Duration>& passed, oidc::Duration now) {
  while (!passed.empty() && now - passed.front() >= rate.window) {
    passed.pop_front();
  }
  if (passed.size() < rate.limit) {
    passed.push_back(now);
    return std::nullopt;
  }
  return passed.empty() ? rate.window : passed.front() + rate.window - now;
}

}  // namespace

void Script::add(Step step) {
  const std::scoped_lock lock{mutex_};
  steps_.push_back({{.step = std::move(step)}});
}

bool Script::remove(std::string_view id) {
  const std::scoped_lock lock{mutex_};
  return std::erase_if(steps_, [&](const Entry& entry) { return entry.state.step.id == id; }) > 0;
}

void Script::clear() {
  const std::scoped_lock lock{mutex_};
  steps_.clear();
}

bool Script::has_steps(Phase phase) const {
  const std::scoped_lock lock{mutex_};
  return std::ranges::any_of(steps_, [&](const Entry& entry) {
    return entry.state.step.before_validation == (phase == Phase::kBeforeValidation);
  });
}

bool Script::is_over(std::string_view id) const {
  const auto found = std::ranges::find_if(steps_, [&](const Entry& entry) { return entry.state.step.id == id; });
  return found != steps_.end() && (found->state.step.times ? found->state.spent() : found->state.taken > 0);
}

bool Script::fits(const When& when, const RequestFacts& request) const {
  return (when.endpoint.empty() || when.endpoint == request.endpoint) &&
         (when.grant.empty() || when.grant == request.grant) &&
         (when.client.empty() || when.client == request.client) &&
         (when.subject.empty() || when.subject == request.subject) && all_hold(when.headers, request.headers) &&
         all_hold(when.form, request.form) &&
         (!when.token_generation || when.token_generation == request.token_generation) &&
         (when.after.empty() || is_over(when.after)) &&
         (!when.clock_between ||
          (is_reached(when.clock_between->from, request) && !is_reached(when.clock_between->until, request)));
}

/// What decides about a request that fits, in this order: skip, rate, probability. The duration is
/// `Taken::retry_in`.
std::optional<oidc::Duration> Script::would_take(Entry& entry, const RequestFacts& request) {
  constexpr std::uint64_t kParts = 1'000'000'000;
  const Step& step = entry.state.step;
  if (entry.state.skipped < step.skip) {
    ++entry.state.skipped;
    return std::nullopt;
  }
  oidc::Duration retry_in{};
  if (step.rate) {
    const auto wait = exceeds(*step.rate, entry.passed[key_of(*step.rate, request)], request.age);
    forget_beyond(entry.passed, kMostKept / 10,
                  [](const auto& one) { return one.second.empty() ? oidc::Duration::min() : one.second.back(); });
    if (!wait) {
      return std::nullopt;
    }
    retry_in = *wait;
  }
  if (step.probability < 1 && static_cast<double>(random_.below(kParts)) >= step.probability * kParts) {
    return std::nullopt;
  }
  return retry_in;
}

std::optional<Taken> Script::take(const RequestFacts& request, Phase phase) {
  const std::scoped_lock lock{mutex_};
  StepState* taken = nullptr;
  oidc::Duration retry_in{};
  for (Entry& entry : steps_) {
    StepState& state = entry.state;
    if (state.step.before_validation != (phase == Phase::kBeforeValidation) || !fits(state.step.when, request)) {
      continue;
    }
    ++state.seen;  // also behind a step that is taken: `nth` counts requests, not leftovers
    if (taken != nullptr || state.spent() || state.seen < state.step.when.nth) {
      continue;
    }
    if (const auto wait = would_take(entry, request)) {
      taken = &state;
      retry_in = *wait;
    }
  }
  if (taken == nullptr) {
    return std::nullopt;
  }
  ++taken->taken;
  ++taken->delivered;
  return Taken{taken->step, retry_in};
}

void Script::withdraw(std::string_view id) {
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find_if(steps_, [&](const Entry& entry) { return entry.state.step.id == id; });
  if (found != steps_.end() && found->state.delivered > 0) {  // it may have been removed, and come back, meanwhile
    --found->state.delivered;
  }
}

bool Script::StepState::undelivered() const {
  return !step.optional && delivered < step.times.value_or(1);
}

std::vector<Script::StepState> Script::states() const {
  const std::scoped_lock lock{mutex_};
  std::vector<StepState> result;
  result.reserve(steps_.size());
  for (const Entry& entry : steps_) {
    result.push_back(entry.state);
  }
  return result;
}

}  // namespace mockserver
