#include "mockserver/expectation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace mockserver {
namespace {

constexpr std::size_t kNearMisses = 3;
constexpr std::size_t kToldGaps = 3;
constexpr std::size_t kToldMatches = 5;

oidc::Error bad_input(const std::string& pointer, const std::string& what) {
  return {oidc::Errc::kBadInput, pointer + ": " + what};
}

std::size_t to_number(std::string_view digits) {
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// 2, "2", ">=2", "<=2", "2..5"; the schema has seen to the form.
oidc::Status read_count(const oidc::Json& json, Expectation& expectation) {
  if (json.is_number()) {
    expectation.least = json.get<std::size_t>();
    expectation.most = expectation.least;
    return oidc::Done{};
  }
  const std::string text = json.get<std::string>();
  const std::string_view digits =
      std::string_view{text}.substr(std::min(text.size(), text.find_first_of("0123456789")));
  if (text.starts_with(">=")) {
    expectation.least = to_number(digits);
  } else if (text.starts_with("<=")) {
    expectation.least = 0;
    expectation.most = to_number(digits);
  } else {
    const auto dots = digits.find("..");
    expectation.least = to_number(digits.substr(0, dots));
    expectation.most = dots == std::string_view::npos ? expectation.least : to_number(digits.substr(dots + 2));
  }
  if (expectation.most && *expectation.most < expectation.least) {
    return bad_input("/count", "the upper bound is below the lower one");
  }
  return oidc::Done{};
}

std::optional<oidc::Duration> read_duration(const oidc::Json& json, const char* name) {
  if (!json.contains(name)) {
    return std::nullopt;
  }
  return oidc::Duration{static_cast<oidc::Duration::rep>(std::llround(json[name].get<double>() * 1000.0))};
}

std::string seconds(oidc::Duration duration) {
  std::string text = std::to_string(duration.count() / 1000);
  if (const auto rest = duration.count() % 1000; rest != 0) {
    const std::string digits = std::to_string(1000 + rest);
    text += "." + digits.substr(1);
  }
  return text + " s";
}

std::string requests(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " request" : " requests");
}

/// " (1, 4)": those that matched, of many the first.
std::string numbers(const std::vector<std::size_t>& matched) {
  std::string list;
  for (std::size_t i = 0; i < std::min(matched.size(), kToldMatches); ++i) {
    list += (i == 0 ? "" : ", ") + std::to_string(matched[i]);
  }
  return list.empty() ? "" : " (" + list + (matched.size() > kToldMatches ? ", ...)" : ")");
}

std::string wanted_count(const Expectation& expectation) {
  if (!expectation.most) {
    return "at least " + std::to_string(expectation.least);
  }
  if (*expectation.most == expectation.least) {
    return std::to_string(expectation.least);
  }
  return (expectation.least == 0 ? "at most " : std::to_string(expectation.least) + " to ") +
         std::to_string(*expectation.most);
}

/// Another endpoint is further away than another value.
std::size_t distance(const std::vector<Difference>& differences) {
  std::size_t sum = 0;
  for (const auto& one : differences) {
    sum += one.field == "endpoint" ? 4 : 1;
  }
  return sum;
}

oidc::Json near_miss(const Exchange& exchange, const std::vector<Difference>& differences) {
  auto list = oidc::Json::array();
  for (const auto& one : differences) {
    list.push_back(to_json(one));
  }
  return {{"seq", exchange.seq},   {"endpoint", exchange.endpoint}, {"method", exchange.method},
          {"path", exchange.path}, {"status", exchange.status},     {"differences", std::move(list)}};
}

/// The exchanges that almost fit, the closest first.
oidc::Json near_misses(const ExchangeMatch& match, const std::vector<Exchange>& exchanges) {
  struct Miss {
    const Exchange* exchange;
    std::vector<Difference> differences;
  };
  std::vector<Miss> misses;
  for (const Exchange& exchange : exchanges) {
    if (auto differences = match.differences(exchange); !differences.empty()) {
      misses.push_back({&exchange, std::move(differences)});
    }
  }
  std::ranges::stable_sort(misses, {}, [](const Miss& miss) { return distance(miss.differences); });
  auto list = oidc::Json::array();
  for (const Miss& miss : misses) {
    if (list.size() == kNearMisses) {
      break;
    }
    list.push_back(near_miss(*miss.exchange, miss.differences));
  }
  return list;
}

/// A loop without pause has a hundred gaps that are too short: the first ones say it all.
void tell_gaps(const std::vector<std::string>& problems, Judgement& judgement) {
  const std::size_t told = std::min(problems.size(), kToldGaps);
  judgement.problems.insert(judgement.problems.end(), problems.begin(),
                            problems.begin() + static_cast<std::ptrdiff_t>(told));
  if (problems.size() > told) {
    judgement.problems.push_back("and " + std::to_string(problems.size() - told) + " more gaps");
  }
}

void judge_gaps(const Expectation& expectation, const std::vector<const Exchange*>& matched, Judgement& judgement) {
  std::vector<std::string> problems;
  for (std::size_t i = 1; i < matched.size(); ++i) {
    const oidc::Duration gap = matched[i]->offset - matched[i - 1]->offset;
    const std::string what = "between " + std::to_string(matched[i - 1]->seq) + " and " +
                             std::to_string(matched[i]->seq) + " passed " + seconds(gap);
    if (expectation.min_gap && gap < *expectation.min_gap) {
      problems.push_back(what + ", expected at least " + seconds(*expectation.min_gap));
    }
    if (expectation.max_gap && gap > *expectation.max_gap) {
      problems.push_back(what + ", expected at most " + seconds(*expectation.max_gap));
    }
  }
  tell_gaps(problems, judgement);
  if (!matched.empty() && expectation.within) {
    const oidc::Duration span = matched.back()->offset - matched.front()->offset;
    if (span > *expectation.within) {
      judgement.problems.push_back("from the first to the last passed " + seconds(span) + ", expected at most " +
                                   seconds(*expectation.within));
    }
  }
}

void judge_order(const Expectation& expectation, const std::vector<Exchange>& exchanges, Judgement& judgement) {
  auto from = exchanges.begin();
  for (std::size_t i = 0; i < expectation.order.size(); ++i) {
    const auto found = std::find_if(from, exchanges.end(),
                                    [&](const Exchange& exchange) { return expectation.order[i].fits(exchange); });
    if (found == exchanges.end()) {
      judgement.problems.push_back("no request fits number " + std::to_string(i + 1) + " of the order" +
                                   (i == 0 ? "" : " after " + std::to_string(judgement.matched.back())));
      judgement.near_misses = near_misses(expectation.order[i], {from, exchanges.end()});
      return;
    }
    judgement.matched.push_back(found->seq);
    from = found + 1;
  }
}

}  // namespace

oidc::Result<Expectation> parse_expectation(const oidc::Json& json) {
  Expectation expectation;
  expectation.id = json.value("id", oidc::to_text(json));
  auto match = ExchangeMatch::parse(json.value("match", oidc::Json::object()));
  if (!match) {
    const std::string message = match.error().message;
    return oidc::Error{oidc::Errc::kBadInput, "/match" + message};
  }
  expectation.match = *std::move(match);
  const oidc::Json order = json.value("order", oidc::Json::array());
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto one = ExchangeMatch::parse(order[i]);
    if (!one) {
      return oidc::Error{oidc::Errc::kBadInput, "/order/" + std::to_string(i) + one.error().message};
    }
    expectation.order.push_back(*std::move(one));
  }
  if (!order.empty() && (json.contains("match") || json.contains("count"))) {
    return bad_input("/order", "order says itself which requests are meant: leave out match and count");
  }
  if (json.contains("count")) {
    if (const auto read = read_count(json["count"], expectation); !read) {
      return read.error();
    }
  }
  expectation.within = read_duration(json, "within");
  expectation.min_gap = read_duration(json, "min_gap");
  expectation.max_gap = read_duration(json, "max_gap");
  return expectation;
}

Judgement judge(const Expectation& expectation, const std::vector<Exchange>& exchanges) {
  Judgement judgement;
  if (!expectation.order.empty()) {
    judge_order(expectation, exchanges, judgement);
  } else {
    for (const Exchange& exchange : exchanges) {
      if (expectation.match.fits(exchange)) {
        judgement.matched.push_back(exchange.seq);
      }
    }
    const std::size_t count = judgement.matched.size();
    if (count < expectation.least || (expectation.most && count > *expectation.most)) {
      judgement.problems.push_back(requests(count) + " matched" + numbers(judgement.matched) + ", expected " +
                                   wanted_count(expectation));
    }
    if (count < expectation.least) {
      judgement.near_misses = near_misses(expectation.match, exchanges);
    }
  }
  std::vector<const Exchange*> matched;
  for (const Exchange& exchange : exchanges) {
    if (std::ranges::find(judgement.matched, exchange.seq) != judgement.matched.end()) {
      matched.push_back(&exchange);
    }
  }
  judge_gaps(expectation, matched, judgement);
  return judgement;
}

oidc::Json to_json(const Expectation& expectation, const Judgement& judgement) {
  return {{"id", expectation.id},         {"ok", judgement.ok()},           {"count", judgement.matched.size()},
          {"matched", judgement.matched}, {"problems", judgement.problems}, {"near_misses", judgement.near_misses}};
}

}  // namespace mockserver
