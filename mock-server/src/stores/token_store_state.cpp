#include <algorithm>
#include <utility>

#include "stores/token_store.hpp"

namespace mockserver {

TokenStore::State TokenStore::snapshot() const {
  const std::scoped_lock lock{mutex_};
  return {grants_, access_, refresh_, service_tokens_};
}

void TokenStore::restore(State state) {
  const std::scoped_lock lock{mutex_};
  for (const auto& [id, grant] : state.grants) {  // of another process
    next_grant_ = std::max(next_grant_, id + 1);
  }
  for (const auto& [key, token] : state.access) {
    next_order_ = std::max(next_order_, token.order + 1);
  }
  for (const auto& [key, token] : state.refresh) {
    next_order_ = std::max(next_order_, token.order + 1);
  }
  grants_ = std::move(state.grants);
  access_ = std::move(state.access);
  refresh_ = std::move(state.refresh);
  service_tokens_ = std::move(state.service_tokens);
}

}  // namespace mockserver
