#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "oidc/clean_text.hpp"

namespace conformance {

using scenarios::Verdict;

std::string shell_word(std::string_view text) {
  constexpr std::string_view kSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%";
  if (!text.empty() && text.find_first_not_of(kSafe) == std::string_view::npos) {
    return std::string{text};
  }
  std::string word = "'";
  for (const char character : text) {
    word += character == '\'' ? std::string{"'\\''"} : std::string(1, character);
  }
  return word + "'";
}

std::string seconds(std::chrono::microseconds time) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(time).count());
}

std::string readable_time(std::chrono::microseconds time) {
  const double total = std::chrono::duration<double>(time).count();
  if (total < 10) {
    return fmt::format("{:.2f} s", total);
  }
  const auto whole = static_cast<long long>(total);
  if (whole < 120) {
    return fmt::format("{} s", whole);
  }
  if (whole < 2 * 3600) {
    return fmt::format("{} min {} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string group_of(const std::string& scenario_id) {
  return scenario_id.substr(0, scenario_id.find('/'));
}

bool is_problem(Verdict verdict) {
  return scenarios::worse_of(Verdict::kAdvice, verdict) == verdict;
}

std::string statements_sentence(const Report& report) {
  std::size_t judged = 0;
  std::size_t broken = 0;
  std::size_t not_applicable = 0;
  for (const auto& [id, judgement] : judge_statements(report)) {
    switch (judgement.verdict) {
      case Verdict::kNotApplicable:
        ++not_applicable;
        break;
      case Verdict::kFail:
      case Verdict::kWarn:
      case Verdict::kAdvice:
        ++broken;
        [[fallthrough]];
      case Verdict::kPass:
        ++judged;
        break;
      default:
        break;  // known of the client, or not put to the test
    }
  }
  return fmt::format("{} judged in this run, {} of them broken, {} not applicable", judged, broken, not_applicable);
}

std::string traceability_sentence(const Traceability& trace) {
  return fmt::format("{} documented, {} judged, {} with a faulty client caught, {} not judged yet", trace.statements,
                     trace.judged, trace.with_caught_fault, trace.unjudged.size());
}

const scenarios::Statement* find_statement(const Report& report, const std::string& id) {
  const auto found = report.statements.find(id);
  return found == report.statements.end() ? nullptr : &found->second;
}

std::string describe_exchanges(const scenarios::Outcome& outcome, const scenarios::CheckResult& check) {
  constexpr std::size_t kShown = 3;
  for (const std::size_t seq : check.exchanges) {
    if (check.observed.find(fmt::format("#{} t=", seq)) != std::string::npos) {
      return "";
    }
  }
  std::string text;
  std::size_t shown = 0;
  for (const mockserver::Exchange& exchange : outcome.exchanges) {
    if (std::ranges::find(check.exchanges, exchange.seq) == check.exchanges.end()) {
      continue;
    }
    if (shown++ == kShown) {
      return text + "  …";
    }
    const std::string reply = exchange.dropped ? "no reply" : fmt::format("{}", exchange.status);
    text += fmt::format("{}#{} t={} {} {} → {}", text.empty() ? "" : "  ", exchange.seq, seconds(exchange.offset),
                        exchange.method, oidc::clean_line(exchange.path, 60), reply);
  }
  return text;
}

}  // namespace conformance
