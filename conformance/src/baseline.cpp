#include "conformance/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "conformance/expectations.hpp"
#include "oidc/clean_text.hpp"
#include "oidc/json.hpp"
#include "scenarios/document.hpp"

namespace conformance {
namespace {

using scenarios::CheckResult;
using scenarios::Outcome;
using scenarios::Verdict;

enum class State {
  kFails,
  kUnsupported,
  kGood,    ///< as it should be
  kSilent,  ///< nothing is said of the client: fits beside anything
  kMixed,
};

State state_of(const CheckResult& check) {
  switch (check.verdict) {
    case Verdict::kFail:
    case Verdict::kWarn:
    case Verdict::kAdvice:
    case Verdict::kNotReached:
    case Verdict::kXfail:
      return State::kFails;
    case Verdict::kUnsupported:
      return State::kUnsupported;
    case Verdict::kPass:
    case Verdict::kXpass:
      return State::kGood;
    default:
      return State::kSilent;
  }
}

/// What both are, if they are alike.
State both(State one, State other) {
  return one == State::kSilent ? other : other == State::kSilent || one == other ? one : State::kMixed;
}

bool is_of_every_scenario(const CheckResult& check) {
  return std::ranges::find(scenarios::implicit_checks(), check.check, &scenarios::ImplicitCheck::id) !=
         scenarios::implicit_checks().end();
}

/// Without the checks of every scenario, which have entries of their own.
State state_of(const Outcome& outcome) {
  State state = State::kSilent;
  for (const CheckResult& check : outcome.checks) {
    state = is_of_every_scenario(check) ? state : both(state, state_of(check));
  }
  return state;
}

bool needs_entry(State state) {
  return state == State::kFails || state == State::kUnsupported;
}

/// What was seen, for the reader who is to say why.
std::string remark(const CheckResult& check) {
  return fmt::format("# {}{}: {}\n", scenarios::to_string(check.verdict),
                     check.statement.empty() ? "" : " " + check.statement, oidc::clean_line(check.observed, 200));
}

Expectation::Kind kind_of(State state) {
  return state == State::kFails ? Expectation::Kind::kXfail : Expectation::Kind::kUnsupported;
}

/// Why it is so, as somebody said once.
std::string reason_for(const std::string& key, State state, const Expectations& earlier) {
  const auto hash = key.find('#');
  const Expectation* said = earlier.find(key.substr(0, hash), hash == std::string::npos ? "" : key.substr(hash + 1));
  return said != nullptr && said->kind == kind_of(state) ? said->because : kNoReasonYet;
}

std::string entry(const std::string& key, State state, const Expectations& earlier) {
  // A name that YAML would take for something else stands in quotes.
  const auto plain = scenarios::read_yaml(key + ": x\n");
  const bool is_plain = plain.problems.empty() && plain.value.is_object() && plain.value.contains(key);
  return fmt::format("{}: {{{}: {}}}\n", is_plain ? key : oidc::to_text(key),
                     state == State::kFails ? "XFAIL" : "UNSUPPORTED", oidc::to_text(reason_for(key, state, earlier)));
}

/// The text for one scenario or folder: what its entry stands for, each remark once.
std::string whole_entry(const std::string& key, State state, const std::vector<const Outcome*>& outcomes,
                        const Expectations& earlier) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> told;
  for (const Outcome* outcome : outcomes) {
    for (const CheckResult& check : outcome->checks) {
      const std::string line = remark(check);
      if (state_of(check) == state && std::ranges::find(told, line) == told.end()) {
        told.push_back(line);
      }
    }
  }
  std::string text = outcomes.size() == 1 ? "" : fmt::format("# {} scenarios\n", outcomes.size());
  for (std::size_t i = 0; i < told.size() && i < kShown; ++i) {
    text += told[i];
  }
  text += told.size() > kShown ? fmt::format("# … and {} more\n", told.size() - kShown) : "";
  return text + entry(key, state, earlier);
}

std::string check_entries(const Outcome& outcome, bool only_of_every_scenario, const Expectations& earlier) {
  std::string text;
  for (const CheckResult& check : outcome.checks) {
    if (needs_entry(state_of(check)) && (!only_of_every_scenario || is_of_every_scenario(check))) {
      text += remark(check) + entry(outcome.scenario->id + "#" + check.check, state_of(check), earlier);
    }
  }
  return text;
}

/// "a/b", "a" of "a/b/c".
std::vector<std::string> folders_of(const std::string& id) {
  std::vector<std::string> folders;
  for (auto slash = id.find('/'); slash != std::string::npos; slash = id.find('/', slash + 1)) {
    folders.push_back(id.substr(0, slash));
  }
  return folders;
}

class Writer {
 public:
  Writer(const Report& report, const std::vector<std::string>& library, const Expectations& earlier)
      : earlier_{earlier} {
    for (const Outcome& outcome : report.outcomes) {
      outcomes_.emplace(outcome.scenario->id, &outcome);
      const bool broke_down = scenarios::is_error(outcome.verdict());
      add_to_folders(outcome.scenario->id, broke_down ? State::kMixed : state_of(outcome));
    }
    for (const std::string& id : library) {
      if (!outcomes_.contains(id)) {
        add_to_folders(id, State::kMixed);  // nothing is said of what was not run
      }
    }
  }

  std::string write() const {
    std::string text;
    std::set<std::string> done;
    for (const auto& [id, outcome] : outcomes_) {
      const Folder* folder = widest_folder(id);
      if (scenarios::is_error(outcome->verdict())) {
        text += fmt::format("# {}: {}, so nothing is known of it\n", id, scenarios::to_string(outcome->verdict()));
      } else if (folder != nullptr) {
        text +=
            done.insert(folder->name).second ? whole_entry(folder->name, folder->state, below(*folder), earlier_) : "";
        text += check_entries(*outcome, true, earlier_);
      } else if (const State state = state_of(*outcome); needs_entry(state)) {
        text += whole_entry(id, state, {outcome}, earlier_) + check_entries(*outcome, true, earlier_);
      } else {
        text += check_entries(*outcome, false, earlier_);
      }
    }
    return text;
  }

 private:
  struct Folder {
    std::string name;
    State state = State::kSilent;
    std::size_t entries = 0;  ///< how many one for the folder would spare
  };

  void add_to_folders(const std::string& id, State state) {
    for (const std::string& name : folders_of(id)) {
      Folder& folder = folders_[name];
      folder.name = name;
      folder.state = both(folder.state, state);
      folder.entries += needs_entry(state) ? 1U : 0U;
    }
  }

  /// The outermost folder around the scenario that one entry can stand for; null if there is none.
  const Folder* widest_folder(const std::string& id) const {
    for (const std::string& name : folders_of(id)) {
      const Folder& folder = folders_.at(name);
      if (needs_entry(folder.state) && folder.entries > 1) {
        return &folder;
      }
    }
    return nullptr;
  }

  std::vector<const Outcome*> below(const Folder& folder) const {
    std::vector<const Outcome*> list;
    for (const auto& [id, outcome] : outcomes_) {
      if (id.starts_with(folder.name + "/") && needs_entry(state_of(*outcome))) {
        list.push_back(outcome);
      }
    }
    return list;
  }

  const Expectations& earlier_;
  std::map<std::string, const Outcome*> outcomes_;
  std::map<std::string, Folder> folders_;
};

}  // namespace

std::string to_baseline(const Report& report, const std::vector<std::string>& library, const Expectations& earlier) {
  const std::string client = report.sut.empty() ? report.client : report.sut;
  return fmt::format("# What is known of {}, seen by assay {} with library {}.\n", oidc::clean_line(client),
                     report.assay_version, report.library_hash) +
         fmt::format("# Say why instead of \"{}\": a ticket, a decision. `assay run --expect` takes this file.\n\n",
                     kNoReasonYet) +
         Writer{report, library, earlier}.write();
}

}  // namespace conformance
