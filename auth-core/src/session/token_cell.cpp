#include "session/token_cell.hpp"

#include <atomic>

namespace authcore {

namespace {

std::size_t number_of_this_thread() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t kNumber = next++;
  return kNumber;
}

}  // namespace

std::optional<std::string> TokenCell::find(const Now& now) const {
  const Copy& copy = copies_[number_of_this_thread() % kCopies];
  const std::scoped_lock lock{copy.mutex};
  if (!copy.token || copy.until.reached(now)) {
    return std::nullopt;
  }
  return copy.token;
}

void TokenCell::put(const std::string& token, const Deadline& until) {
  for (Copy& copy : copies_) {
    const std::scoped_lock lock{copy.mutex};
    copy.token = token;
    copy.until = until;
  }
}

void TokenCell::clear() {
  for (Copy& copy : copies_) {
    const std::scoped_lock lock{copy.mutex};
    copy.token.reset();
  }
}

}  // namespace authcore
