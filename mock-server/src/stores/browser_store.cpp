#include "stores/browser_store.hpp"

#include <algorithm>

namespace mockserver {
namespace {

constexpr std::size_t kKept = 1000;

template <typename T>
void add_latest(std::vector<T>& list, T value) {
  if (list.size() >= kKept) {
    list.erase(list.begin());
  }
  list.push_back(std::move(value));
}

}  // namespace

std::optional<Login> BrowserStore::login_of(const std::string& browser) const {
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find_if(state_.logins, [&](const auto& entry) { return entry.first == browser; });
  return found == state_.logins.end() ? std::nullopt : std::optional{found->second};
}

void BrowserStore::log_in(const std::string& browser, Login login) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(state_.logins, [&](const auto& entry) { return entry.first == browser; });
  add_latest(state_.logins, std::pair{browser, std::move(login)});
}

void BrowserStore::log_out(const std::string& browser) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(state_.logins, [&](const auto& entry) { return entry.first == browser; });
}

void BrowserStore::begin(Question question) {
  const std::scoped_lock lock{mutex_};
  add_latest(state_.questions, std::move(question));
}

std::optional<Question> BrowserStore::find(const std::string& id, Purpose purpose, const std::string& browser) const {
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find(state_.questions, id, &Question::id);
  if (found == state_.questions.end() || found->purpose != purpose || found->browser != browser) {
    return std::nullopt;
  }
  return *found;
}

void BrowserStore::go_on(const Question& question) {
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find(state_.questions, question.id, &Question::id);
  if (found != state_.questions.end()) {
    *found = question;
  }
}

bool BrowserStore::end(const std::string& id) {
  const std::scoped_lock lock{mutex_};
  return std::erase_if(state_.questions, [&](const Question& question) { return question.id == id; }) > 0;
}

bool BrowserStore::has_consented(const std::string& sub, const std::string& client,
                                 const std::vector<std::string>& scopes) const {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.consents.find({sub, client});
  return found != state_.consents.end() &&
         std::ranges::all_of(scopes, [&](const std::string& scope) { return found->second.contains(scope); });
}

void BrowserStore::consent(const std::string& sub, const std::string& client, const std::vector<std::string>& scopes) {
  const std::scoped_lock lock{mutex_};
  const std::pair given{sub, client};
  if (state_.consents.size() >= kKept && !state_.consents.contains(given)) {  // clients that nobody registered
    state_.consents.erase(state_.consents.begin());
  }
  state_.consents[given].insert(scopes.begin(), scopes.end());
}

BrowserStore::State BrowserStore::snapshot() const {
  const std::scoped_lock lock{mutex_};
  return state_;
}

void BrowserStore::restore(State state) {
  const std::scoped_lock lock{mutex_};
  state_ = std::move(state);
}

}  // namespace mockserver
