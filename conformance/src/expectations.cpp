#include "conformance/expectations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "oidc/schema.hpp"
#include "scenarios/document.hpp"

namespace conformance {
namespace {

using scenarios::CheckResult;
using scenarios::Verdict;
using Kind = Expectation::Kind;

constexpr std::array kKinds{std::pair{"XFAIL", Kind::kXfail}, std::pair{"UNSUPPORTED", Kind::kUnsupported},
                            std::pair{"PASS", Kind::kPass}};

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kKinds) {
    names.emplace_back(name);
  }
  return names;
}

bool is_below(const std::string& id, const std::string& folder) {
  return id == folder || (id.starts_with(folder) && id[folder.size()] == '/');
}

/// Ids and the folders above them.
std::vector<std::string> scenario_names(const std::vector<scenarios::Scenario>& scenarios) {
  std::set<std::string> names;
  for (const auto& scenario : scenarios) {
    for (auto slash = scenario.id.find('/'); slash != std::string::npos; slash = scenario.id.find('/', slash + 1)) {
      names.insert(scenario.id.substr(0, slash));
    }
    names.insert(scenario.id);
  }
  return {names.begin(), names.end()};
}

bool is_of_every_scenario(const std::string& check) {
  return std::ranges::find(scenarios::implicit_checks(), check, &scenarios::ImplicitCheck::id) !=
         scenarios::implicit_checks().end();
}

std::string unknown(std::string_view what, const std::string& name, const std::vector<std::string>& known) {
  return fmt::format("no {} \"{}\"{}", what, name, oidc::did_you_mean(name, known));
}

/// Reads one file; what is wrong is collected.
class Reader {
 public:
  Reader(const std::string& file, const scenarios::Document& document,
         const std::vector<scenarios::Scenario>& scenarios)
      : file_{file}, document_{document}, scenarios_{scenarios}, names_{scenario_names(scenarios)} {}

  std::vector<Expectation> read() {
    if (!document_.value.is_object()) {
      problems_.push_back({{}, "expected a mapping from scenarios to what is known of them"});
      return {};
    }
    std::vector<Expectation> list;
    for (const auto& [key, value] : document_.value.items()) {
      Expectation expectation;
      const auto hash = key.find('#');
      expectation.scenario = key.substr(0, hash);
      expectation.check = hash == std::string::npos ? "" : key.substr(hash + 1);
      expectation.place = fmt::format("{}:{}", file_, document_.key_place_of(scenarios::pointer_to("", key)).line);
      read_kind(expectation, key, value);
      check_name(expectation, key);
      list.push_back(std::move(expectation));
    }
    return list;
  }

  std::vector<scenarios::Problem> problems() { return std::move(problems_); }

 private:
  void complain(const std::string& key, std::string sentence) {
    problems_.push_back({document_.key_place_of(scenarios::pointer_to("", key)), std::move(sentence)});
  }

  void read_kind(Expectation& expectation, const std::string& key, const oidc::Json& value) {
    if (!value.is_object() || value.size() != 1) {
      return complain(key, "expected one of {XFAIL: reason}, {UNSUPPORTED: reason}, {PASS: reason}");
    }
    const std::string& name = value.begin().key();
    const std::string pointer = scenarios::pointer_to(scenarios::pointer_to("", key), name);
    const auto kind = std::ranges::find(kKinds, name, [](const auto& one) { return one.first; });
    if (kind == kKinds.end()) {
      problems_.push_back(
          {document_.key_place_of(pointer), unknown("such expectation", name, kind_names()) +
                                                fmt::format(" (expected one of: {})", fmt::join(kind_names(), ", "))});
      return;
    }
    expectation.kind = kind->second;
    expectation.because = oidc::string_member(value, name).value_or("");
    if (expectation.because.empty()) {
      problems_.push_back({document_.place_of(pointer), "expected the reason, a text"});
    }
  }

  void check_name(const Expectation& expectation, const std::string& key) {
    if (std::ranges::find(names_, expectation.scenario) == names_.end()) {
      return complain(key, unknown("scenario", expectation.scenario, names_));
    }
    if (key.find('#') == std::string::npos) {
      return;
    }
    const auto scenario = std::ranges::find(scenarios_, expectation.scenario, &scenarios::Scenario::id);
    if (scenario == scenarios_.end()) {
      return complain(key, "a check belongs to one scenario, and this is a folder");
    }
    auto checks = scenarios::check_names(*scenario);
    for (const scenarios::ScenarioStep& step : scenario->steps) {
      checks.push_back(step.judged.id);  // told of, where it kept others from being put to the test
    }
    if (std::ranges::find(checks, expectation.check) == checks.end()) {
      complain(key, unknown("check of this scenario", expectation.check, checks));
    }
  }

  const std::string& file_;
  const scenarios::Document& document_;
  const std::vector<scenarios::Scenario>& scenarios_;
  std::vector<std::string> names_;
  std::vector<scenarios::Problem> problems_;
};

bool has_failed(const CheckResult& result) {
  return result.verdict == Verdict::kFail || result.verdict == Verdict::kWarn || result.verdict == Verdict::kAdvice ||
         result.verdict == Verdict::kNotReached;
}

/// What was known of the check, and where it is said.
std::string said(const Expectation& expectation) {
  const char* const what = expectation.kind == Kind::kXfail         ? "known to fail"
                           : expectation.kind == Kind::kUnsupported ? "known as unsupported"
                                                                    : "known to pass";
  return fmt::format(" ({}{}: {})", expectation.place.empty() ? "" : expectation.place + ": ", what,
                     expectation.because);
}

/// An exception changes no verdict; who reads of a failure learns that it was not always one.
void apply_exception(const Expectation& expectation, const std::vector<CheckResult*>& results) {
  for (CheckResult* result : results) {
    if (has_failed(*result)) {
      result->observed += said(expectation);
    }
  }
}

/// The checks that share an entry: those that fail are what was known; if none does, it is out of date.
void apply_one(const Expectation& expectation, const std::vector<CheckResult*>& results) {
  if (expectation.kind == Kind::kPass) {
    return apply_exception(expectation, results);
  }
  const bool fails_as_known = expectation.kind == Kind::kXfail &&
                              std::ranges::any_of(results, [](auto* result) { return has_failed(*result); });
  const bool is_unsupported =
      std::ranges::any_of(results, [](auto* result) { return result->verdict == Verdict::kUnsupported; });
  for (CheckResult* result : results) {
    if (fails_as_known && has_failed(*result)) {
      result->verdict = Verdict::kXfail;
      result->observed += " (known: " + expectation.because + ")";
    } else if (!fails_as_known && !is_unsupported && result->verdict == Verdict::kPass) {
      result->verdict = Verdict::kXpass;
      result->observed += said(expectation);
    }
  }
}

}  // namespace

oidc::Result<Expectations> Expectations::load(const std::string& file,
                                              const std::vector<scenarios::Scenario>& scenarios) {
  const auto document = scenarios::read_document(file);
  if (!document) {
    return document.error();
  }
  Reader reader{file, *document, scenarios};
  auto list = reader.read();
  if (auto problems = reader.problems(); !problems.empty()) {
    return oidc::Error{oidc::Errc::kBadInput, scenarios::to_lines(std::move(problems), file)};
  }
  return Expectations{std::move(list)};
}

oidc::Result<Expectations> Expectations::remember(const std::string& file) {
  const auto document = scenarios::read_document(file);
  if (!document) {
    return document.error();
  }
  std::vector<Expectation> list;
  const oidc::Json entries = document->value.is_object() ? document->value : oidc::Json::object();
  for (const auto& [key, value] : entries.items()) {
    for (const auto& [name, kind] : kKinds) {
      if (const auto reason = oidc::string_member(value, name)) {
        const auto hash = key.find('#');
        list.push_back({key.substr(0, hash), hash == std::string::npos ? "" : key.substr(hash + 1), kind, *reason});
      }
    }
  }
  return Expectations{std::move(list)};
}

const Expectation* Expectations::find(const std::string& scenario, const std::string& check) const {
  const Expectation* found = nullptr;
  const bool must_be_named = is_of_every_scenario(check);
  for (const Expectation& expectation : list_) {
    const bool fits = expectation.check.empty() ? !must_be_named : expectation.check == check;
    if (!fits || !is_below(scenario, expectation.scenario)) {
      continue;
    }
    const auto precision = [](const Expectation& one) { return std::pair{!one.check.empty(), one.scenario.size()}; };
    if (found == nullptr || precision(*found) < precision(expectation)) {
      found = &expectation;
    }
  }
  return found;
}

std::string Expectations::note() const {
  constexpr std::size_t kShown = 3;
  std::size_t number = 0;
  std::string places;
  for (const Expectation& expectation : list_) {
    if (expectation.because == kNoReasonYet && ++number <= kShown) {
      places += (places.empty() ? "" : ", ") + expectation.place;
    }
  }
  return number == 0 ? ""
                     : fmt::format("{} of {} entries have no reason yet: {}{}", number, list_.size(), places,
                                   number > kShown ? ", …" : "");
}

void Expectations::apply(scenarios::Outcome& outcome) const {
  if (scenarios::is_error(outcome.verdict())) {
    return;  // nothing was learnt about the client
  }
  std::vector<std::pair<const Expectation*, std::vector<CheckResult*>>> groups;
  for (CheckResult& result : outcome.checks) {
    const Expectation* expectation = find(outcome.scenario->id, result.check);
    if (result.verdict == Verdict::kUnsupported &&
        (expectation == nullptr || expectation->kind != Kind::kUnsupported)) {
      result.verdict = Verdict::kNotReached;
      result.observed = "unsupported, which is not expected of this client: " + result.observed;
    } else if (expectation != nullptr) {
      auto group = std::ranges::find(groups, expectation, &decltype(groups)::value_type::first);
      if (group == groups.end()) {
        group = groups.insert(groups.end(), {expectation, {}});
      }
      group->second.push_back(&result);
    }
  }
  for (const auto& [expectation, results] : groups) {
    apply_one(*expectation, results);
  }
}

}  // namespace conformance
