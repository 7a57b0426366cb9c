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
  const auto found = std::ranges::find_if(logins_, [&](const auto& entry) { return entry.first == browser; });
  return found == logins_.end() ? std::nullopt : std::optional{found->second};
}

void BrowserStore::log_in(const std::string& browser, Login login) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(logins_, [&](const auto& entry) { return entry.first == browser; });
  add_latest(logins_, std::pair{browser, std::move(login)});
}

void BrowserStore::log_out(const std::string& browser) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(logins_, [&](const auto& entry) { return entry.first == browser; });
}

void BrowserStore::begin(Question question) {
  const std::scoped_lock lock{mutex_};
  add_latest(questions_, std::move(question));
}

std::optional<Question> BrowserStore::find(const std::string& id, Purpose purpose, const std::string& browser) const {
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find(questions_, id, &Question::id);
  if (found == questions_.end() || found->purpose != purpose || found->browser != browser) {
    return std::nullopt;
  }
  return *found;
}

void BrowserStore::go_on(const Question& question) {
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find(questions_, question.id, &Question::id);
  if (found != questions_.end()) {
    *found = question;
  }
}

bool BrowserStore::end(const std::string& id) {
  const std::scoped_lock lock{mutex_};
  return std::erase_if(questions_, [&](const Question& question) { return question.id == id; }) > 0;
}

bool BrowserStore::has_consented(const std::string& sub, const std::string& client,
                                 const std::vector<std::string>& scopes) const {
  const std::scoped_lock lock{mutex_};
  const auto found = consents_.find({sub, client});
  return found != consents_.end() &&
         std::ranges::all_of(scopes, [&](const std::string& scope) { return found->second.contains(scope); });
}

void BrowserStore::consent(const std::string& sub, const std::string& client, const std::vector<std::string>& scopes) {
  const std::scoped_lock lock{mutex_};
  consents_[{sub, client}].insert(scopes.begin(), scopes.end());
}

}  // namespace mockserver
