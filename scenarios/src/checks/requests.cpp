#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "checks/check.hpp"
#include "checks/matchers.hpp"
#include "exchange_facts.hpp"
#include "loader/values.hpp"
#include "oidc/form.hpp"

namespace scenarios {
namespace {

using mockserver::Exchange;
using oidc::Json;
using Selection = std::vector<const Exchange*>;

/// What is said of each request, or of the nth.
constexpr std::array kAboutEach = {"form", "query", "headers", "absent", "authentications"};

std::string ordinal(std::size_t number) {
  const std::size_t tens = number % 100;
  const std::size_t ones = number % 10;
  const bool teen = tens >= 11 && tens <= 13;
  const char* ending = teen ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
  return std::to_string(number) + ending;
}

bool has_run(std::size_t step, const Evidence& evidence) {
  return std::ranges::find(evidence.records, step, &StepRecord::index) != evidence.records.end();
}

/// Attempts to authenticate are no attempts at the matter: they count where they are asked for, by their status or as
/// such.
bool counts(const Exchange& exchange, const Json& body) {
  const bool asked_for = body.contains("status") || body.value("unrecognised", false);
  return asked_for || !is_attempt_to_authenticate(exchange);
}

/// Whether it is one of those that the check is about, of whatever step.
bool fits(const Exchange& exchange, const Json& body) {
  const auto says = [&](const char* name, const std::string& actual) {
    const auto wanted = oidc::string_member(body, name);
    return !wanted || *wanted == actual;
  };
  return says("to", exchange.endpoint) && says("grant", exchange.grant) && says("auth", exchange.client_auth) &&
         body.value("status", exchange.status) == exchange.status && counts(exchange, body);
}

Selection select(const Json& body, const Evidence& evidence) {
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
    if (first != 0 && exchange.seq >= first && exchange.seq <= last && fits(exchange, body)) {
      selection.push_back(&exchange);
    }
  }
  return selection;
}

std::string name_of_selection(const Json& body) {
  const std::string grant = oidc::string_member(body, "grant").value_or("");
  const std::string to = oidc::string_member(body, "to").value_or("");
  return (grant.empty() ? "" : grant + " ") + "requests" + (to.empty() ? "" : " to " + to) +
         (body.contains("auth") ? " that authenticate by " + body["auth"].get<std::string>() : "") +
         (body.contains("status") ? " answered with " + body["status"].dump() : "") +
         (body.contains("during") ? " during step " + body["during"].dump() : "");
}

/// That a request did not come is a breach only where its statement says that it must.
Answer answer_to_absence(const Json& body) {
  return body.value("demanded", false) ? Answer::kBroken : Answer::kNoEvidence;
}

/// The client was there: some request of it came, if to another endpoint.
bool anything_came(const Json& body, const Evidence& evidence) {
  Json window = {{"unrecognised", true}};
  if (body.contains("during")) {
    window["during"] = body["during"];
  }
  return !select(window, evidence).empty();
}

Finding judge_count(const Json& body, const Selection& selection, const Evidence& evidence) {
  const Bounds bounds = parse_bounds(body["count"]).value();
  const auto count = static_cast<double>(selection.size());
  const bool too_few = bounds.min && count < *bounds.min;
  const bool is_limit = !bounds.min && bounds.max.value_or(0) > 0;
  if (is_limit && selection.empty() && !anything_came(body, evidence)) {
    return {to_string(bounds), Answer::kNoEvidence, describe(selection)};  // few enough, of a client that did nothing
  }
  const Answer answer = bounds.contains(count) ? Answer::kKept : too_few ? answer_to_absence(body) : Answer::kBroken;
  return {to_string(bounds), answer, describe(selection)};
}

oidc::Form query_of(const Exchange& exchange) {
  const auto mark = exchange.path.find('?');
  const auto form = oidc::parse_form(mark == std::string::npos ? "" : exchange.path.substr(mark + 1));
  return form ? *form : oidc::Form{};
}

/// How a field contradicts its matcher, "name=value"; "" if it doesn't. A field without values was not sent.
std::string contradiction_of(const std::string& name, const Json& matcher, const std::vector<std::string>& values,
                             const MatchContext& context) {
  if (values.size() > 1) {
    return name + " repeated";
  }
  const std::string* value = values.empty() ? nullptr : &values.front();
  return matches_text(matcher, value, context) ? "" : name + "=" + (value == nullptr ? "absent" : *value);
}

std::string contradiction_in_form(const Json& body, const Exchange& exchange, const MatchContext& context) {
  for (const auto& [name, matcher] : member(body, "form").items()) {
    if (auto found = contradiction_of(name, matcher, values_of(exchange.form, name), context); !found.empty()) {
      return found;
    }
  }
  for (const Json& name : member(body, "absent")) {
    const auto field = name.get<std::string>();
    if (const auto value = parameter(exchange, field)) {
      return field + "=" + *value;
    }
  }
  return "";
}

std::string contradiction_around_form(const Json& body, const Exchange& exchange, const MatchContext& context) {
  const oidc::Form query = query_of(exchange);
  for (const auto& [name, matcher] : member(body, "query").items()) {
    if (auto found = contradiction_of(name, matcher, values_of(query, name), context); !found.empty()) {
      return found + " in its URL";
    }
  }
  for (const auto& [name, matcher] : member(body, "headers").items()) {
    const auto value = exchange.headers.get(name);
    if (!matches_text(matcher, value ? &*value : nullptr, context)) {
      return name + ": " + value.value_or("absent");
    }
  }
  if (body.contains("authentications") &&
      !parse_bounds(body["authentications"]).value().contains(static_cast<double>(authentications(exchange)))) {
    return fmt::format("{} ways of client authentication", authentications(exchange));
  }
  return "";
}

std::string contradiction_in(const Json& body, const Exchange& exchange, const MatchContext& context) {
  std::string found = contradiction_in_form(body, exchange, context);
  found = found.empty() ? contradiction_around_form(body, exchange, context) : found;
  return found.empty() ? "" : describe(exchange) + " with " + found;
}

/// What a matcher compares with and nobody sent; "" if there is all.
std::string missing_reference_of(const Json& body, const MatchContext& context) {
  for (const char* where : {"form", "query", "headers"}) {
    for (const auto& [name, matcher] : member(body, where).items()) {
      if (std::string missing = missing_reference(matcher, context); !missing.empty()) {
        return missing;
      }
    }
  }
  return "";
}

std::string describe_fields(const Json& body) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const char* where : {"form", "query", "headers"}) {
    for (const auto& [name, matcher] : member(body, where).items()) {
      add((where[0] == 'q' ? "?" : "") + name + (where[0] == 'h' ? ": " : "=") + describe(matcher));
    }
  }
  for (const Json& name : member(body, "absent")) {
    add("no " + name.get<std::string>());
  }
  if (body.contains("authentications")) {
    add(to_string(parse_bounds(body["authentications"]).value()) + " ways of client authentication");
  }
  return text;
}

Finding judge_fields(const Json& body, const Selection& selection, const Evidence& evidence) {
  const auto nth = body.value("nth", std::size_t{0});
  Finding finding{(nth == 0 ? "each" : "the " + ordinal(nth)) + " with " + describe_fields(body)};
  if (selection.empty() || selection.size() < nth) {
    return {finding.expected, answer_to_absence(body), describe(selection)};
  }
  for (std::size_t i = 0; i < selection.size() && finding.observed.empty(); ++i) {
    const MatchContext context{evidence.exchanges, selection[i]->seq, evidence.reveal};
    if (nth != 0 && nth != i + 1) {
      continue;
    }
    if (const std::string missing = missing_reference_of(body, context); !missing.empty()) {
      return {finding.expected, Answer::kNoEvidence, "nobody sent " + missing + ", which it is compared with"};
    }
    finding.observed = contradiction_in(body, *selection[i], context);
  }
  finding.answer = finding.observed.empty() ? Answer::kKept : Answer::kBroken;
  return finding;
}

/// The request since which the nth one's gap counts: the one before in the selection; of the first one, the last
/// before it to the endpoint that `since` names. Null if there is none.
const Exchange* predecessor(std::size_t nth, const Selection& selection, const Json& body, const Evidence& evidence) {
  if (nth > 1) {
    return selection[nth - 2];
  }
  const auto since = oidc::string_member(body, "since");
  const Exchange* before = nullptr;
  for (const Exchange& exchange : evidence.exchanges) {
    before = since && exchange.endpoint == *since && exchange.seq < selection.front()->seq ? &exchange : before;
  }
  return before;
}

/// Judges the client's seconds before request number `nth` (1 is the first).
Finding judge_gap(std::size_t nth, const Bounds& bounds, const Selection& selection, const Json& body,
                  const Evidence& evidence) {
  const std::string expected = fmt::format("{} s before the {}", to_string(bounds), ordinal(nth));
  const Exchange* before = selection.size() < nth ? nullptr : predecessor(nth, selection, body, evidence);
  if (before == nullptr) {
    return {expected, Answer::kNoEvidence, describe(selection)};
  }
  const auto gap = selection[nth - 1]->offset - before->offset;
  const auto at_most = static_cast<double>((gap + evidence.slack).count()) / 1000;
  if (bounds.contains(static_cast<double>(gap.count()) / 1000) || bounds.contains(at_most)) {
    return {expected};
  }
  return {expected, Answer::kBroken,
          fmt::format("{} s before {} ({})", seconds_text(gap), describe(*selection[nth - 1]), describe(selection))};
}

std::vector<Finding> judge_gaps(const Json& body, const Selection& selection, const Evidence& evidence) {
  const Json& gaps = body["gaps"];
  std::vector<Finding> findings;
  if (gaps.is_object()) {
    for (const auto& [number, json] : gaps.items()) {
      std::size_t nth = 2;
      std::from_chars(number.data(), number.data() + number.size(), nth);
      findings.push_back(judge_gap(nth, parse_bounds(json).value(), selection, body, evidence));
    }
    return findings;
  }
  const Bounds bounds = parse_bounds(gaps).value();
  const std::size_t first = body.contains("since") ? 1 : 2;
  for (std::size_t nth = first; nth <= selection.size(); ++nth) {
    findings.push_back(judge_gap(nth, bounds, selection, body, evidence));
  }
  if (findings.empty()) {
    findings.push_back({to_string(bounds) + " s between them", Answer::kNoEvidence, describe(selection)});
  }
  return findings;
}

}  // namespace

Judgement judge_requests(const Json& body, const Evidence& evidence) {
  const Selection selection = select(body, evidence);
  std::vector<Finding> findings;
  if (body.contains("during") && !has_run(body["during"].get<std::size_t>(), evidence)) {
    const std::string step = "step " + body["during"].dump();
    return {Answer::kNoEvidence, name_of_selection(body), step + " did not take place"};
  }
  if (body.contains("count")) {
    findings.push_back(judge_count(body, selection, evidence));
  }
  if (std::ranges::any_of(kAboutEach, [&](const char* name) { return body.contains(name); })) {
    findings.push_back(judge_fields(body, selection, evidence));
  }
  if (body.contains("gaps")) {
    const auto gaps = judge_gaps(body, selection, evidence);
    findings.insert(findings.end(), gaps.begin(), gaps.end());
  }
  Judgement judgement = sum_up(findings, name_of_selection(body), describe(selection));
  for (const Exchange* exchange : selection) {
    judgement.exchanges.push_back(exchange->seq);
  }
  return judgement;
}

}  // namespace scenarios
