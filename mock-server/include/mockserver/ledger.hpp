#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "oidc/clock.hpp"

namespace mockserver {

/// Names every secret value an issuer hands out by lineage: access tokens "at#1", "at#2",
/// refresh tokens "rt#1", ID tokens "id#1", codes "code#1", device codes "dc#1", user codes
/// "uc#1", client secrets "secret#1". Journals, checks and reports speak these names; the
/// values never leave the process. Thread-safe.
class Ledger {
 public:
  struct Entry {
    std::string name;
    std::string kind;    ///< "at", "rt", "id", "code", "dc", "uc", "secret"
    std::string value;   ///< the secret itself
    std::string parent;  ///< name of what it came from: "rt#2" from "rt#1"; "" for a first one
    oidc::TimePoint issued_at;
  };

  /// Records `value` and returns its new name. A value recorded before keeps its name.
  std::string record(std::string_view kind, std::string_view value, std::string_view parent, oidc::TimePoint now);

  /// Drops an entry: its value is unknown from now on, and no other gets its name. Nothing for one that isn't there.
  void forget(std::string_view name_or_value);

  /// What is kept of what clients can ask for without end. Beyond it the oldest entries are dropped.
  static constexpr std::size_t kMostEntries = 50'000;
  static constexpr std::size_t kMostBytes = 32U << 20U;  ///< of values

  std::optional<std::string> name_of(std::string_view value) const;
  std::optional<std::string> value_of(std::string_view name) const;
  /// By name or by value.
  std::optional<Entry> find(std::string_view name_or_value) const;
  std::vector<Entry> entries() const;
  /// The name of what was recorded last of a kind; "" if nothing was.
  std::string newest(std::string_view kind) const;

  /// Replaces each known secret in `text` by its name, and what looks like a JWT but is
  /// not known by "jwt:<fingerprint>".
  std::string redact(std::string_view text) const;

  /// All that the ledger holds, as a value.
  struct State {
    std::vector<Entry> entries;  ///< in order of issue
    std::map<std::string, std::size_t, std::less<>> counters;
  };
  State snapshot() const;
  /// Names that were given meanwhile are gone; new ones go on where the state's end.
  void restore(State state);

 private:
  void insert(Entry entry);                                             // requires mutex_
  void drop(std::size_t index);                                         // requires mutex_
  void drop_oldest();                                                   // requires mutex_
  std::optional<std::size_t> index_of(std::string_view text) const;     // requires mutex_
  void redact_word(std::string_view word, std::string& result) const;   // requires mutex_
  void redact_parts(std::string_view word, std::string& result) const;  // requires mutex_

  mutable std::mutex mutex_;
  // The views point into the entries, which a map never moves: each secret is held once.
  std::map<std::size_t, Entry> entries_;                        // guarded by mutex_; in order of issue
  std::size_t next_ = 0;                                        // guarded by mutex_
  std::size_t bytes_ = 0;                                       // guarded by mutex_; of the values
  std::unordered_map<std::string_view, std::size_t> by_value_;  // guarded by mutex_
  std::unordered_map<std::string_view, std::size_t> by_name_;   // guarded by mutex_
  std::map<std::string, std::size_t, std::less<>> counters_;    // guarded by mutex_
  std::set<std::size_t> lengths_;       // guarded by mutex_; of the secrets that are plain tokens
  std::vector<std::size_t> irregular_;  // guarded by mutex_; secrets that are no plain token
};

}  // namespace mockserver
