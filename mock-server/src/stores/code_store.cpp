#include "stores/code_store.hpp"

#include <algorithm>

#include "limits.hpp"
#include "pkce.hpp"
#include "refusal.hpp"
#include "stores/forgetting.hpp"

namespace mockserver {

void CodeStore::add(std::string_view value, Code code, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  codes_.insert_or_assign(std::string{value}, CodeState{std::move(code), false, next_order_++});
  forget_beyond(codes_, kMostKept, [&](const auto& entry) {
    const CodeState& state = entry.second;
    return std::pair{!state.used && now < state.code.expires_at, state.order};
  });
}

Redemption CodeStore::redeem(const CodeProof& proof, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  const auto found = codes_.find(proof.code);
  if (found == codes_.end()) {
    return {std::nullopt, refusal("invalid_grant", "unknown code")};
  }
  auto& [code, used, order] = found->second;
  if (code.client != proof.client) {
    return {std::nullopt, refusal("invalid_grant", "the code was issued to another client")};
  }
  if (used) {
    return {std::nullopt, refusal("invalid_grant", "the code was used before; what it gave is revoked"), code.grant};
  }
  if (now >= code.expires_at) {
    return {std::nullopt, refusal("invalid_grant", "the code is expired")};
  }
  if (code.redirect_uri != proof.redirect_uri) {
    return {std::nullopt, refusal("invalid_grant", "redirect_uri is not that of the authorization request")};
  }
  if (const auto checked = check_pkce(code.challenge, proof.verifier); !checked) {
    return {std::nullopt, checked.error()};
  }
  if (!proof.otherwise) {
    return {std::nullopt, proof.otherwise.error()};
  }
  used = true;
  return {code};
}

bool CodeStore::expire(std::string_view value, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  const auto found = codes_.find(std::string{value});
  if (found == codes_.end()) {
    return false;
  }
  found->second.code.expires_at = std::min(found->second.code.expires_at, now);
  return true;
}

std::size_t CodeStore::expire_all(oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  std::size_t ended = 0;
  for (auto& [value, state] : codes_) {
    ended += !state.used && now < state.code.expires_at ? 1U : 0U;
    state.code.expires_at = std::min(state.code.expires_at, now);
  }
  return ended;
}

std::optional<GrantId> CodeStore::grant_of(std::string_view value) const {
  const std::scoped_lock lock{mutex_};
  const auto found = codes_.find(std::string{value});
  return found == codes_.end() ? std::nullopt : std::optional{found->second.code.grant};
}

CodeStore::State CodeStore::snapshot() const {
  const std::scoped_lock lock{mutex_};
  return {codes_};
}

void CodeStore::restore(State state) {
  const std::scoped_lock lock{mutex_};
  codes_ = std::move(state.codes);
}

}  // namespace mockserver
