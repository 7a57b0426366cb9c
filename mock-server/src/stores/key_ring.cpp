#include "stores/key_ring.hpp"

#include <algorithm>

#include "oidc/json.hpp"

namespace mockserver {

KeyRing::KeyRing(std::string alg, oidc::Random& random, std::uint64_t seed)
    : alg_{std::move(alg)}, random_{random}, first_rsa_{static_cast<std::size_t>(seed % kRsaTestKeys)} {
  const SigningKeyPtr ec = derive_p256_key(random_);
  const SigningKeyPtr rsa = rsa_test_key(first_rsa_);
  keys_ = {alg_ == "ES256" ? ec : alg_ == "EdDSA" ? derive() : fitted(rsa)};
  other_ = is_derived() ? rsa : ec;
  publish();
}

SigningKeyPtr KeyRing::active() const {
  const std::scoped_lock lock{mutex_};
  return keys_.front();
}

SigningKeyPtr KeyRing::unpublished() {
  const std::scoped_lock lock{mutex_};
  if (!unpublished_) {
    unpublished_ = is_derived() ? derive() : fitted(unpublished_rsa_key());
  }
  return unpublished_;
}

std::shared_ptr<const std::string> KeyRing::jwks() const {
  const std::scoped_lock lock{mutex_};
  return jwks_;
}

bool KeyRing::is_derived() const {
  return alg_ == "ES256" || alg_ == "EdDSA";
}

SigningKeyPtr KeyRing::derive() const {
  return alg_ == "ES256" ? derive_p256_key(random_) : derive_ed25519_key(random_);
}

SigningKeyPtr KeyRing::fitted(const SigningKeyPtr& rsa) const {
  return alg_ == "PS256" ? as_pss(*rsa) : rsa;
}

SigningKeyPtr KeyRing::next_key() {
  if (is_derived()) {
    return derive();
  }
  std::size_t used = 0;
  {
    const std::scoped_lock lock{mutex_};
    used = used_rsa_;
    used_rsa_ = std::min(used_rsa_ + 1, kRsaTestKeys);
  }
  return fitted(used < kRsaTestKeys ? rsa_test_key((first_rsa_ + used) % kRsaTestKeys) : generate_rsa_key());
}

SigningKeyPtr KeyRing::rotate(bool keep_old) {
  SigningKeyPtr key = next_key();  // may take long: not while others wait for the lock
  const std::scoped_lock lock{mutex_};
  if (!keep_old) {
    keys_.clear();
  }
  keys_.insert(keys_.begin(), key);
  publish();
  return key;
}

void KeyRing::publish() {
  auto keys = oidc::Json::array();
  for (const auto& key : keys_) {
    keys.push_back(to_json(key->jwk));
  }
  keys.push_back(to_json(other_->jwk));
  jwks_ = std::make_shared<const std::string>(oidc::to_text({{"keys", std::move(keys)}}));
}

}  // namespace mockserver
