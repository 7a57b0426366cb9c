#include "selection.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "oidc/schema.hpp"

namespace cli {
namespace {

using scenarios::Scenario;

bool is_below(const std::string& id, const std::string& word) {
  return id == word || (id.starts_with(word) && (word.ends_with('/') || id[word.size()] == '/'));
}

/// Ids and the folders above them: what a word may have been meant to be.
std::vector<std::string> names(const std::vector<Scenario>& library) {
  std::set<std::string> all;
  for (const auto& scenario : library) {
    all.insert(scenario.id);
    for (auto slash = scenario.id.find('/'); slash != std::string::npos; slash = scenario.id.find('/', slash + 1)) {
      all.insert(scenario.id.substr(0, slash));
    }
  }
  return {all.begin(), all.end()};
}

oidc::Error selects_nothing(const std::vector<Scenario>& library, const std::string& word) {
  const std::string hint = oidc::did_you_mean(word, names(library));
  return {oidc::Errc::kInvalidArgument,
          "no scenario's id begins with \"" + word + "\"" + (hint.empty() ? " (`assay list` shows them all)" : hint)};
}

oidc::Result<std::vector<Scenario>> select_by_id(const std::vector<Scenario>& library, const std::string& word) {
  std::vector<Scenario> found;
  std::ranges::copy_if(library, std::back_inserter(found), [&](const Scenario& s) { return is_below(s.id, word); });
  if (found.empty() && !word.empty()) {
    std::ranges::copy_if(library, std::back_inserter(found), [&](const Scenario& s) { return s.id.starts_with(word); });
  }
  if (found.empty()) {
    return selects_nothing(library, word);
  }
  return found;
}

oidc::Result<std::vector<Scenario>> select_by_path(const std::string& word) {
  const std::filesystem::path path{word};
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return scenarios::load_library(word);
  }
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  auto scenario = scenarios::load_scenario(word, folder);
  if (!scenario) {
    return std::move(scenario).error();
  }
  return std::vector<Scenario>{*std::move(scenario)};
}

}  // namespace

bool is_path(const std::string& word) {
  return word.ends_with(".yaml") || word.ends_with(".yml") || word.ends_with(".json") || word.starts_with('.') ||
         word.starts_with('/');
}

oidc::Result<std::vector<Scenario>> select(const std::vector<Scenario>& library,
                                           const std::vector<std::string>& words) {
  if (words.empty()) {
    return library;
  }
  std::vector<Scenario> selected;
  std::set<std::string> files;
  for (const auto& word : words) {
    auto found = is_path(word) ? select_by_path(word) : select_by_id(library, word);
    std::error_code error;
    if (!found && !is_path(word) && std::filesystem::is_directory(word, error)) {
      found = select_by_path(word);  // a directory of the user's own, without "./"
    }
    if (!found) {
      return std::move(found).error();
    }
    for (auto& scenario : *found) {
      if (files.insert(scenario.file).second) {
        selected.push_back(std::move(scenario));
      }
    }
  }
  return selected;
}

}  // namespace cli
