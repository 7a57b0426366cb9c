#include "mockserver/ledger.hpp"

#include <algorithm>

#include "oidc/log.hpp"

namespace mockserver {
namespace {

/// Characters of base64url, of JWTs and of user codes: what most secrets are made of.
bool is_token_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// Shorter secrets (user codes) may well be part of an innocent word.
constexpr std::size_t kShortestGlued = 16;
/// Each place of a word may be the beginning of a secret; beyond this that is too much to look at.
constexpr std::size_t kLongestWord = 4096;

bool is_token(std::string_view value) {
  return std::all_of(value.begin(), value.end(), is_token_char);
}

bool looks_like_jwt(std::string_view word) {
  return word.starts_with("eyJ") && std::count(word.begin(), word.end(), '.') >= 2;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::string Ledger::record(std::string_view kind, std::string_view value, std::string_view parent,
                           oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  if (const auto known = by_value_.find(value); known != by_value_.end()) {
    return entries_.at(known->second).name;
  }
  auto counter = counters_.find(kind);
  if (counter == counters_.end()) {
    counter = counters_.emplace(kind, 0).first;
  }
  std::string name = std::string{kind} + "#" + std::to_string(++counter->second);
  insert({name, std::string{kind}, std::string{value}, std::string{parent}, now});
  return name;
}

void Ledger::insert(Entry fresh) {
  const std::size_t index = next_++;
  const Entry& entry = entries_.emplace_hint(entries_.end(), index, std::move(fresh))->second;
  by_value_.emplace(entry.value, index);
  by_name_.emplace(entry.name, index);
  if (is_token(entry.value)) {
    lengths_.insert(entry.value.size());
  } else {
    irregular_.push_back(index);
  }
  bytes_ += entry.value.size();
  if (entries_.size() > kMostEntries || bytes_ > kMostBytes) {
    drop_oldest();
  }
}

void Ledger::drop(std::size_t index) {
  const Entry& entry = entries_.at(index);
  std::erase(irregular_, index);
  bytes_ -= entry.value.size();
  by_value_.erase(entry.value);
  by_name_.erase(entry.name);
  entries_.erase(index);
}

/// A tenth at once. The clients' secrets stay: their number is the configuration's, and they are shown again and again.
void Ledger::drop_oldest() {
  for (auto next = entries_.begin();
       next != entries_.end() && (entries_.size() > kMostEntries / 10 * 9 || bytes_ > kMostBytes / 10 * 9);) {
    const auto oldest = next++;
    if (oldest->second.kind != "secret") {
      drop(oldest->first);
    }
  }
}

std::optional<std::size_t> Ledger::index_of(std::string_view text) const {
  if (const auto named = by_name_.find(text); named != by_name_.end()) {
    return named->second;
  }
  const auto found = by_value_.find(text);
  return found == by_value_.end() ? std::nullopt : std::optional{found->second};
}

Ledger::State Ledger::snapshot() const {
  const std::scoped_lock lock{mutex_};
  State state{{}, counters_};
  for (const auto& [index, entry] : entries_) {
    state.entries.push_back(entry);
  }
  return state;
}

void Ledger::restore(State state) {
  const std::scoped_lock lock{mutex_};
  by_value_.clear();  // they point into the entries
  by_name_.clear();
  irregular_.clear();
  lengths_.clear();
  entries_.clear();
  bytes_ = 0;
  counters_ = std::move(state.counters);
  for (Entry& entry : state.entries) {
    insert(std::move(entry));
  }
}

void Ledger::forget(std::string_view name_or_value) {
  const std::scoped_lock lock{mutex_};
  if (const auto index = index_of(name_or_value)) {
    drop(*index);
  }
}

std::optional<std::string> Ledger::name_of(std::string_view value) const {
  const std::scoped_lock lock{mutex_};
  const auto found = by_value_.find(value);
  return found == by_value_.end() ? std::nullopt : std::optional{entries_.at(found->second).name};
}

std::optional<std::string> Ledger::value_of(std::string_view name) const {
  const std::scoped_lock lock{mutex_};
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional{entries_.at(found->second).value};
}

std::optional<Ledger::Entry> Ledger::find(std::string_view name_or_value) const {
  const std::scoped_lock lock{mutex_};
  const auto index = index_of(name_or_value);
  return index ? std::optional{entries_.at(*index)} : std::nullopt;
}

std::vector<Ledger::Entry> Ledger::entries() const {
  const std::scoped_lock lock{mutex_};
  std::vector<Entry> result;
  result.reserve(entries_.size());
  for (const auto& [index, entry] : entries_) {
    result.push_back(entry);
  }
  return result;
}

std::string Ledger::newest(std::string_view kind) const {
  const std::scoped_lock lock{mutex_};
  const auto found =
      std::find_if(entries_.rbegin(), entries_.rend(), [&](const auto& entry) { return entry.second.kind == kind; });
  return found == entries_.rend() ? "" : found->second.name;
}

std::string Ledger::redact(std::string_view text) const {
  const std::scoped_lock lock{mutex_};
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (!is_token_char(text[at])) {
      result += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_token_char(text[end])) {
      ++end;
    }
    redact_word(text.substr(at, end - at), result);
    at = end;
  }
  for (const std::size_t index : irregular_) {
    replace_all(result, entries_.at(index).value, entries_.at(index).name);
  }
  if (result.capacity() > 2 * result.size()) {
    result.shrink_to_fit();  // a name is far shorter than its token, and the journal keeps this
  }
  return result;
}

void Ledger::redact_word(std::string_view word, std::string& result) const {
  // A full stop may end the sentence rather than belong to the token.
  std::string_view stops;
  auto found = by_value_.find(word);
  if (found == by_value_.end()) {
    const auto last = word.find_last_not_of('.');
    stops = last == std::string_view::npos ? word : word.substr(last + 1);
    found = stops.empty() ? found : by_value_.find(word.substr(0, word.size() - stops.size()));
  }
  if (found != by_value_.end()) {
    result.append(entries_.at(found->second).name).append(stops);
  } else if (looks_like_jwt(word)) {
    result.append("jwt:").append(oidc::fingerprint(word));
  } else {
    redact_parts(word, result);
  }
}

/// A client's slip may glue a secret to other token characters: "pre_<secret>".
void Ledger::redact_parts(std::string_view word, std::string& result) const {
  if (word.size() > kLongestWord) {
    result.append("fp:").append(oidc::fingerprint(word));
    return;
  }
  while (!word.empty()) {
    const auto known = std::ranges::find_if(lengths_, [&](std::size_t length) {
      return length >= kShortestGlued && length <= word.size() && by_value_.contains(word.substr(0, length));
    });
    if (known == lengths_.end()) {
      result += word.front();
      word.remove_prefix(1);
    } else {
      result.append(entries_.at(by_value_.find(word.substr(0, *known))->second).name);
      word.remove_prefix(*known);
    }
  }
}

}  // namespace mockserver
