#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "checks/check.hpp"
#include "checks/matchers.hpp"
#include "loader/values.hpp"

namespace scenarios {
namespace {

using mockserver::Exchange;
using oidc::Json;
using Selection = std::vector<const Exchange*>;

std::string ordinal(std::size_t number) {
  const std::size_t tens = number % 100;
  const std::size_t ones = number % 10;
  const bool teen = tens >= 11 && tens <= 13;
  const char* ending = teen ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
  return std::to_string(number) + ending;
}

Selection select(const Json& body, const Evidence& evidence) {
  const std::string to = oidc::string_member(body, "to").value_or("");
  const std::string grant = oidc::string_member(body, "grant").value_or("");
  std::size_t first = 1;
  std::size_t last = evidence.exchanges.empty() ? 0 : evidence.exchanges.back().seq;
  if (body.contains("during")) {
    const auto step = body["during"].get<std::size_t>();
    const auto record = std::ranges::find(evidence.records, step, &StepRecord::index);
    first = record == evidence.records.end() ? 0 : record->first_exchange;
    last = first == 0 ? 0 : record->last_exchange;
  }
  Selection selection;
  for (const Exchange& exchange : evidence.exchanges) {
    if ((to.empty() || exchange.endpoint == to) && (grant.empty() || exchange.grant == grant) && first != 0 &&
        exchange.seq >= first && exchange.seq <= last) {
      selection.push_back(&exchange);
    }
  }
  return selection;
}

std::string name_of_selection(const Json& body) {
  const std::string grant = oidc::string_member(body, "grant").value_or("");
  const std::string to = oidc::string_member(body, "to").value_or("");
  return (grant.empty() ? "" : grant + " ") + "requests" + (to.empty() ? "" : " to " + to) +
         (body.contains("during") ? " during step " + body["during"].dump() : "");
}

/// One thing said of the selection: how it reads, and what contradicts it ("" if nothing).
struct Finding {
  std::string expected;
  std::string contradiction;
};

Finding judge_count(const Json& body, const Selection& selection) {
  const auto bounds = parse_bounds(body["count"]);
  const bool holds = bounds && bounds->contains(static_cast<double>(selection.size()));
  return {bounds ? to_string(*bounds) : "?", holds ? "" : describe(selection)};
}

std::string contradiction_in(const Json& body, const Exchange& exchange, const MatchContext& context) {
  const Json nothing = Json::object();
  const Json& form = body.contains("form") ? body["form"] : nothing;
  for (const auto& [name, matcher] : form.items()) {
    const auto value = exchange.form.get(name);
    if (exchange.form.count(name) > 1) {
      return fmt::format("{} with {} repeated", describe(exchange), name);
    }
    if (!matches_text(matcher, value ? &*value : nullptr, context)) {
      return fmt::format("{} with {}={}", describe(exchange), name, value.value_or("absent"));
    }
  }
  const Json& headers = body.contains("headers") ? body["headers"] : nothing;
  for (const auto& [name, matcher] : headers.items()) {
    const auto value = exchange.headers.get(name);
    if (!matches_text(matcher, value ? &*value : nullptr, context)) {
      return fmt::format("{} with {}: {}", describe(exchange), name, value.value_or("absent"));
    }
  }
  for (const Json& name : body.contains("absent") ? body["absent"] : Json::array()) {
    const auto field = name.get<std::string>();
    if (const auto value = exchange.form.get(field)) {
      return fmt::format("{} with {}={}", describe(exchange), field, *value);
    }
  }
  return "";
}

std::string describe_fields(const Json& body) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const char* where : {"form", "headers"}) {
    const Json fields = body.contains(where) ? body[where] : Json::object();
    for (const auto& [name, matcher] : fields.items()) {
      add(name + (where[0] == 'f' ? "=" : ": ") + describe(matcher));
    }
  }
  for (const Json& name : body.contains("absent") ? body["absent"] : Json::array()) {
    add("no " + name.get<std::string>());
  }
  return text;
}

Finding judge_fields(const Json& body, const Selection& selection, const Evidence& evidence) {
  const auto nth = body.value("nth", std::size_t{0});
  Finding finding{(nth == 0 ? "each" : "the " + ordinal(nth)) + " with " + describe_fields(body), ""};
  if (selection.empty() || selection.size() < nth) {
    finding.contradiction = describe(selection);
    return finding;
  }
  for (std::size_t i = 0; i < selection.size() && finding.contradiction.empty(); ++i) {
    if (nth == 0 || nth == i + 1) {
      finding.contradiction = contradiction_in(body, *selection[i], {evidence.exchanges, selection[i]->seq});
    }
  }
  return finding;
}

/// The request since which the nth one's gap counts: the one before in the selection; of the
/// first one, whatever came before it. Null if there is none.
const Exchange* predecessor(std::size_t nth, const Selection& selection, const Evidence& evidence) {
  if (nth > 1) {
    return selection[nth - 2];
  }
  const Exchange* before = nullptr;
  for (const Exchange& exchange : evidence.exchanges) {
    before = exchange.seq < selection.front()->seq ? &exchange : before;
  }
  return before;
}

/// Judges the virtual seconds before request number `nth` (1 is the first).
Finding judge_gap(std::size_t nth, const Bounds& bounds, const Selection& selection, const Evidence& evidence) {
  Finding finding{fmt::format("{} s before the {}", to_string(bounds), ordinal(nth)), ""};
  const Exchange* before = selection.size() < nth ? nullptr : predecessor(nth, selection, evidence);
  if (before == nullptr) {
    finding.contradiction = describe(selection);
    return finding;
  }
  const auto gap = selection[nth - 1]->offset - before->offset;
  if (!bounds.contains(static_cast<double>(gap.count()) / 1000)) {
    finding.contradiction =
        fmt::format("{} s before {} ({})", seconds_text(gap), describe(*selection[nth - 1]), describe(selection));
  }
  return finding;
}

std::vector<Finding> judge_gaps(const Json& gaps, const Selection& selection, const Evidence& evidence) {
  std::vector<Finding> findings;
  if (gaps.is_object()) {
    for (const auto& [number, json] : gaps.items()) {
      std::size_t nth = 2;
      std::from_chars(number.data(), number.data() + number.size(), nth);
      findings.push_back(judge_gap(nth, parse_bounds(json).value(), selection, evidence));
    }
    return findings;
  }
  const Bounds bounds = parse_bounds(gaps).value();
  if (selection.size() < 2) {
    findings.push_back({to_string(bounds) + " s between them", describe(selection)});
  }
  for (std::size_t nth = 2; nth <= selection.size(); ++nth) {
    findings.push_back(judge_gap(nth, bounds, selection, evidence));
  }
  return findings;
}

}  // namespace

Judgement judge_requests(const Json& body, const Evidence& evidence) {
  const Selection selection = select(body, evidence);
  std::vector<Finding> findings;
  if (body.contains("count")) {
    findings.push_back(judge_count(body, selection));
  }
  if (body.contains("form") || body.contains("headers") || body.contains("absent")) {
    findings.push_back(judge_fields(body, selection, evidence));
  }
  if (body.contains("gaps")) {
    const auto gaps = judge_gaps(body["gaps"], selection, evidence);
    findings.insert(findings.end(), gaps.begin(), gaps.end());
  }
  Judgement judgement{Verdict::kPass, "", describe(selection), {}};
  for (const Exchange* exchange : selection) {
    judgement.exchanges.push_back(exchange->seq);
  }
  const std::string name = name_of_selection(body);
  std::string all;
  for (const Finding& finding : findings) {
    if (!finding.contradiction.empty()) {
      return {Verdict::kFail, name + ": " + finding.expected, finding.contradiction, judgement.exchanges};
    }
    all += (all.empty() ? "" : ", ") + finding.expected;
  }
  judgement.expected = name + ": " + all;
  return judgement;
}

}  // namespace scenarios
