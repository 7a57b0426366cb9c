#include "stores/key_ring.hpp"

#include <algorithm>
#include <utility>

#include "caching.hpp"
#include "jose/certificate.hpp"
#include "oidc/base64url.hpp"
#include "oidc/json.hpp"

namespace mockserver {
namespace {

const Algorithm& algorithm_of(std::string_view name) {
  const Algorithm* found = find_algorithm(name);
  return found != nullptr && found->kty != "oct" ? *found : *find_algorithm("RS256");
}

}  // namespace

Publication publication_of(std::string_view name) {
  if (name == "before") {
    return Publication::kBefore;
  }
  if (name == "after") {
    return Publication::kAfter;
  }
  return name == "never" ? Publication::kNever : Publication::kAtOnce;
}

KeyRing::KeyRing(std::string alg, const KeyConfig& config, oidc::Random& random, std::uint64_t seed)
    : alg_{std::move(alg)},
      generate_{config.generate},
      with_certificates_{config.x5c},
      random_{random},
      first_rsa_{static_cast<std::size_t>(seed % kRsaTestKeys)} {
  // The P-256 key is derived in any case, so that what comes after it does not depend on the algorithm.
  const Algorithm& own = algorithm_of(alg_);
  const SigningKeyPtr p256 = make(algorithm_of("ES256"));
  const bool is_p256 = own.name == "ES256";
  chains_.push_back({.algorithm = &own, .keys = {{is_p256 ? p256 : make(own)}}});
  const bool has_rsa = own.kty == "RSA";
  const Algorithm& other = algorithm_of(has_rsa ? "ES256" : "RS256");
  chains_.push_back({.algorithm = &other, .signs = false, .keys = {{has_rsa ? p256 : make(other)}}});
  publish();
}

SigningKeyPtr KeyRing::active() const {
  const std::scoped_lock lock{mutex_};
  return chains_.front().keys.front().key;
}

SigningKeyPtr KeyRing::active(std::string_view alg) {
  if (alg.empty() || alg == alg_) {
    return active();
  }
  const auto find_active = [&]() -> SigningKeyPtr {
    const std::scoped_lock lock{mutex_};
    Chain* chain = find(alg);
    if (chain == nullptr || chain->keys.empty()) {
      return nullptr;
    }
    chain->signs = true;
    return chain->keys.front().key;
  };
  if (auto key = find_active()) {
    return key;
  }
  const std::scoped_lock making{making_};
  if (auto key = find_active()) {  // somebody else was faster
    return key;
  }
  const Algorithm& algorithm = algorithm_of(alg);
  SigningKeyPtr key = make(algorithm);
  const std::scoped_lock lock{mutex_};
  if (Chain* chain = find(alg)) {
    chain->signs = true;
    chain->keys.push_back({key});
  } else {
    chains_.push_back({.algorithm = &algorithm, .keys = {{key}}});
  }
  publish();
  return key;
}

SigningKeyPtr KeyRing::next(std::string_view alg) {
  (void)active(alg);  // there is a chain
  const std::scoped_lock making{making_};
  return ensure_next(alg);
}

SigningKeyPtr KeyRing::retired(std::string_view alg) {
  (void)active(alg);
  {
    const std::scoped_lock lock{mutex_};
    if (const Chain* chain = find(alg); !chain->retired.empty()) {
      return chain->retired.back();
    }
  }
  const std::scoped_lock making{making_};
  SigningKeyPtr key = make(algorithm_of(alg.empty() ? alg_ : alg));
  const std::scoped_lock lock{mutex_};
  return find(alg)->retired.emplace_back(std::move(key));
}

SigningKeyPtr KeyRing::unpublished(std::string_view alg) {
  (void)active(alg);
  const std::scoped_lock making{making_};
  {
    const std::scoped_lock lock{mutex_};
    if (const Chain* chain = find(alg); chain->unpublished) {
      return chain->unpublished;
    }
  }
  const Algorithm& algorithm = algorithm_of(alg.empty() ? alg_ : alg);
  SigningKeyPtr key =
      algorithm.kty == "RSA" && !generate_ ? as_algorithm(unpublished_rsa_key(), algorithm) : make(algorithm);
  const std::scoped_lock lock{mutex_};
  return find(alg)->unpublished = std::move(key);
}

std::shared_ptr<const Jwks> KeyRing::jwks() const {
  const std::scoped_lock lock{mutex_};
  return jwks_;
}

std::shared_ptr<const Jwks> KeyRing::fetch_jwks() {
  const std::scoped_lock lock{mutex_};
  const auto fetched = jwks_;
  bool late = false;
  for (Chain& chain : chains_) {
    for (Entry& entry : chain.keys) {
      late = late || entry.shown == Shown::kLate;
      entry.shown = entry.shown == Shown::kLate ? Shown::kYes : entry.shown;
    }
  }
  if (late) {
    publish();
  }
  return fetched;
}

std::shared_ptr<const Jwks> KeyRing::stale_jwks() const {
  const std::scoped_lock lock{mutex_};
  return stale_ ? stale_ : jwks_;
}

SigningKeyPtr KeyRing::rotate(const RotateOrder& order) {
  const std::scoped_lock making{making_};
  std::vector<std::string_view> signing;
  {
    const std::scoped_lock lock{mutex_};
    for (const Chain& chain : chains_) {
      if (chain.signs) {
        signing.push_back(chain.algorithm->name);
      }
    }
  }
  for (const std::string_view alg : signing) {
    (void)ensure_next(alg);  // may take long: not while others wait for mutex_
  }
  const std::scoped_lock lock{mutex_};
  const SigningKeyPtr key = chains_.front().next;
  for (const std::string_view alg : signing) {
    Chain& chain = *find(alg);
    if (order.publish == Publication::kBefore) {
      chain.next_shown = true;
    } else {
      replace(chain, std::exchange(chain.next, nullptr), order);
    }
  }
  publish();
  return key;
}

oidc::Status KeyRing::retire(std::string_view kid) {
  const std::scoped_lock lock{mutex_};
  for (Chain& chain : chains_) {
    if (chain.next && chain.next_shown && chain.next->kid() == kid) {
      chain.next_shown = false;
      publish();
      return oidc::Done{};
    }
    const auto found = std::ranges::find_if(chain.keys, [&](const Entry& entry) { return entry.key->kid() == kid; });
    if (found == chain.keys.end()) {
      continue;
    }
    if (chain.signs && found == chain.keys.begin()) {
      return oidc::Error{oidc::Errc::kInvalidArgument, "the key signs: rotate first"};
    }
    chain.retired.push_back(std::move(found->key));
    chain.keys.erase(found);
    publish();
    return oidc::Done{};
  }
  return oidc::Error{oidc::Errc::kNotFound, "no such key is published"};
}

std::vector<KeyState> KeyRing::list() const {
  const std::scoped_lock lock{mutex_};
  std::vector<KeyState> states;
  for (const Chain& chain : chains_) {
    const std::string alg{chain.algorithm->name};
    if (chain.next) {
      states.push_back({chain.next->kid(), alg, "next", chain.next_shown});
    }
    for (const Entry& entry : chain.keys) {
      const char* state = !chain.signs ? "spare" : &entry == &chain.keys.front() ? "active" : "previous";
      states.push_back({entry.key->kid(), alg, state, entry.shown == Shown::kYes});
    }
    std::for_each(chain.retired.rbegin(), chain.retired.rend(), [&](const SigningKeyPtr& key) {
      states.push_back({key->kid(), alg, "retired", false});
    });
  }
  return states;
}

KeyRing::Chain* KeyRing::find(std::string_view alg) {
  const auto found = std::ranges::find_if(chains_, [&](const Chain& chain) {
    return alg.empty() ? &chain == &chains_.front() : chain.algorithm->name == alg;
  });
  return found == chains_.end() ? nullptr : &*found;
}

KeyRing::State KeyRing::snapshot() const {
  const std::scoped_lock making{making_};
  const std::scoped_lock lock{mutex_};
  return {chains_, used_rsa_};
}

void KeyRing::restore(State state) {
  const std::scoped_lock making{making_};
  const std::scoped_lock lock{mutex_};
  chains_ = std::move(state.chains);
  used_rsa_ = std::max(used_rsa_, state.used_rsa);
  publish();
}

void KeyRing::replace(Chain& chain, SigningKeyPtr key, const RotateOrder& order) {
  if (!order.keep_old) {
    for (auto entry = chain.keys.rbegin(); entry != chain.keys.rend(); ++entry) {
      chain.retired.push_back(std::move(entry->key));
    }
    chain.keys.clear();
  }
  const bool was_shown = std::exchange(chain.next_shown, false);
  Shown shown = Shown::kYes;
  if (!was_shown && order.publish == Publication::kAfter) {
    shown = Shown::kLate;
  } else if (order.publish == Publication::kNever) {
    shown = Shown::kNo;
  }
  chain.keys.insert(chain.keys.begin(), {std::move(key), shown});
}

oidc::Json KeyRing::published(const SigningKey& key) {
  oidc::Json jwk = to_json(key.jwk);
  if (with_certificates_) {
    auto found = certificates_.find(key.kid());
    if (found == certificates_.end()) {
      found = certificates_.emplace(key.kid(), self_signed_certificate(key)).first;
    }
    jwk["x5c"] = oidc::Json::array({oidc::base64_encode(found->second)});
    jwk["x5t#S256"] = oidc::base64url_encode(oidc::sha256(found->second));
  }
  return jwk;
}

void KeyRing::publish() {
  auto keys = oidc::Json::array();
  for (const Chain& chain : chains_) {
    for (const Entry& entry : chain.keys) {
      if (entry.shown == Shown::kYes) {
        keys.push_back(published(*entry.key));
      }
    }
    if (chain.next && chain.next_shown) {
      keys.push_back(published(*chain.next));
    }
  }
  std::string text = oidc::to_text({{"keys", std::move(keys)}});
  if (jwks_ && jwks_->text == text) {
    return;
  }
  std::string etag = entity_tag(text);
  stale_ = std::move(jwks_);
  jwks_ = std::make_shared<const Jwks>(Jwks{std::move(text), std::move(etag)});
}

SigningKeyPtr KeyRing::make(const Algorithm& algorithm) {
  if (algorithm.kty == "RSA") {
    return as_algorithm(make_rsa(), algorithm);
  }
  return derive_key(algorithm, generate_ ? static_cast<oidc::Random&>(system_random_) : random_);
}

SigningKeyPtr KeyRing::make_rsa() {
  if (generate_ || used_rsa_ == kRsaTestKeys) {
    return generate_rsa_key();
  }
  return rsa_test_key((first_rsa_ + used_rsa_++) % kRsaTestKeys);
}

SigningKeyPtr KeyRing::ensure_next(std::string_view alg) {
  {
    const std::scoped_lock lock{mutex_};
    if (const Chain* chain = find(alg); chain->next) {
      return chain->next;
    }
  }
  SigningKeyPtr key = make(algorithm_of(alg.empty() ? alg_ : alg));
  const std::scoped_lock lock{mutex_};
  return find(alg)->next = std::move(key);
}

}  // namespace mockserver
