#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/log.hpp"

namespace oidc::test {

/// A log sink that keeps every record.
class LogCatcher {
 public:
  struct Entry {
    LogLevel level;
    std::string event;
    Json record;
  };

  Log log(const Clock& clock) {
    return {clock, [this](LogLevel level, std::string_view event, const Json& record) {
              const std::scoped_lock lock{mutex_};
              entries_.push_back({level, std::string{event}, record});
            }};
  }

  std::vector<Entry> entries() const {
    const std::scoped_lock lock{mutex_};
    return entries_;
  }
  std::vector<Entry> of(std::string_view event) const {
    std::vector<Entry> found;
    for (const Entry& entry : entries()) {
      if (entry.event == event) {
        found.push_back(entry);
      }
    }
    return found;
  }
  /// Everything that was logged, as one text: to look for what must not be in it.
  std::string text() const {
    std::string all;
    for (const Entry& entry : entries()) {
      all += to_line(entry.level, entry.event, entry.record) + "\n";
    }
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;  // guarded by mutex_
};

}  // namespace oidc::test
