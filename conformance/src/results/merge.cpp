#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "conformance/results.hpp"
#include "conformance/shard.hpp"

namespace conformance {
namespace {

/// What the results of parts have in common.
struct Trait {
  const char* what;
  std::string (*of)(const Report&);
};

constexpr Trait kVersion{"version of assay", [](const Report& report) { return report.assay_version; }};
constexpr Trait kLibrary{"library", [](const Report& report) { return report.library_hash; }};
constexpr std::array<Trait, 7> kOfOneRun{
    {kVersion,
     kLibrary,
     {"client", [](const Report& report) { return report.client; }},
     {"transport", [](const Report& report) { return std::string{scenarios::to_string(report.transport)}; }},
     {"way to run", [](const Report& report) { return report.command; }},
     {"file of --expect", [](const Report& report) { return report.expect; }},
     {"strictness", [](const Report& report) { return std::string{report.strict ? "strict" : "not strict"}; }}}};

oidc::Error bad(std::string sentence) {
  return {oidc::Errc::kBadInput, std::move(sentence)};
}

/// The first of these traits in which one of the files differs from the first file.
oidc::Status check_alike(const std::vector<Results>& all, const Trait* begin, const Trait* end) {
  for (const Results& one : all) {
    for (const Trait* trait = begin; trait != end; ++trait) {
      const std::string told = trait->of(one.report);
      const std::string first = trait->of(all.front().report);
      if (told != first) {
        return bad(fmt::format("{}: another {} than {}: \"{}\", not \"{}\"", one.file, trait->what, all.front().file,
                               told, first));
      }
    }
  }
  return oidc::Done{};
}

/// A client of which no run began says no name.
oidc::Status check_names(const std::vector<Results>& parts) {
  const Results* named = nullptr;
  for (const Results& part : parts) {
    if (part.report.sut.empty()) {
      continue;
    }
    if (named != nullptr && named->report.sut != part.report.sut) {
      return bad(fmt::format("{}: another client than {}: \"{}\", not \"{}\"", part.file, named->file, part.report.sut,
                             named->report.sut));
    }
    named = &part;
  }
  return oidc::Done{};
}

oidc::Status check_each_once(const std::vector<Results>& parts) {
  std::map<std::string, const Results*> seen;
  for (const Results& part : parts) {
    for (const scenarios::Outcome& outcome : part.report.outcomes) {
      const auto [at, is_new] = seen.emplace(outcome.scenario->id, &part);
      if (!is_new) {
        const bool same_file = at->second == &part;
        return bad(fmt::format("{}: the scenario \"{}\" is {}", part.file, outcome.scenario->id,
                               same_file ? "there twice" : "in " + at->second->file + " as well"));
      }
    }
  }
  return oidc::Done{};
}

/// A shard that is not there must not look like scenarios that were not chosen.
oidc::Status check_shards(const std::vector<Results>& parts) {
  std::map<std::size_t, const Results*> seen;
  std::size_t count = 0;
  for (const Results& part : parts) {
    if (part.report.shard.empty()) {
      continue;
    }
    const auto shard = parse_shard(part.report.shard);
    if (!shard || (count != 0 && shard->count != count)) {
      return bad(fmt::format("{}: shard {} does not go with that of {}", part.file, part.report.shard,
                             seen.empty() ? "anything" : seen.begin()->second->file));
    }
    count = shard->count;
    if (!seen.emplace(shard->index, &part).second) {
      return bad(fmt::format("{}: shard {} is in {} as well", part.file, part.report.shard, seen[shard->index]->file));
    }
  }
  std::vector<std::string> missing;
  for (std::size_t index = 1; index <= count; ++index) {
    if (!seen.contains(index)) {
      missing.push_back(to_string({index, count}));
    }
  }
  if (!missing.empty()) {
    return bad(fmt::format("{}: shard {}: missing {} {}", seen.begin()->second->file,
                           to_string({seen.begin()->first, count}), missing.size() == 1 ? "is" : "are",
                           fmt::join(missing, ", ")));
  }
  return oidc::Done{};
}

/// Scenarios of a library that stood elsewhere are named as in ours.
void move_into(const std::string& library, Results& part) {
  const std::string folder = part.report.library + "/";
  for (scenarios::Scenario& scenario : part.scenarios) {
    if (!part.report.library.empty() && scenario.file.starts_with(folder)) {
      scenario.file = library + "/" + scenario.file.substr(folder.size());
    }
  }
}

void add_statements(const scenarios::Statements& more, scenarios::Statements& all) {
  for (const auto& [id, statement] : more) {
    scenarios::Statement& known = all[id];
    known = known.text.empty() ? statement : known;  // the other one may be known by its id alone
  }
}

void add(Results part, Results& whole) {
  move_into(whole.report.library, part);
  whole.scenarios.splice(whole.scenarios.end(), part.scenarios);
  Report& report = whole.report;
  std::ranges::move(part.report.outcomes, std::back_inserter(report.outcomes));
  report.sut = report.sut.empty() ? part.report.sut : report.sut;
  report.not_run += part.report.not_run;
  report.real_time += part.report.real_time;
  add_statements(part.report.statements, report.statements);
  for (std::string& note : part.report.notes) {
    if (std::ranges::find(report.notes, note) == report.notes.end()) {
      report.notes.push_back(std::move(note));
    }
  }
}

}  // namespace

oidc::Result<Results> merge(std::vector<Results> parts) {
  for (const auto& status : {check_alike(parts, kOfOneRun.data(), kOfOneRun.data() + kOfOneRun.size()),
                             check_names(parts), check_each_once(parts), check_shards(parts)}) {
    if (!status) {
      return status.error();
    }
  }
  Results whole = std::move(parts.front());
  if (parts.size() > 1) {
    whole.report.traceability.reset();  // of a whole run, which none of several is
  }
  whole.report.shard.clear();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    add(std::move(parts[i]), whole);
  }
  std::ranges::stable_sort(whole.report.outcomes, {},
                           [](const scenarios::Outcome& outcome) { return outcome.scenario->id; });
  return whole;
}

oidc::Status check_comparable(const std::vector<Results>& all) {
  constexpr std::array<Trait, 2> kTraits{kVersion, kLibrary};
  if (auto status = check_alike(all, kTraits.data(), kTraits.data() + kTraits.size()); !status) {
    return status;
  }
  for (const Results& one : all) {
    if (!one.report.shard.empty()) {
      return bad(
          fmt::format("{}: shard {} alone; `assay merge` makes one file of them all", one.file, one.report.shard));
    }
  }
  return oidc::Done{};
}

}  // namespace conformance
