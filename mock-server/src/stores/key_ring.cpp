#include "stores/key_ring.hpp"

#include <algorithm>

#include "oidc/json.hpp"

namespace mockserver {

KeyRing::KeyRing(std::string alg, oidc::Random& random, std::uint64_t seed)
    : alg_{std::move(alg)}, random_{random}, first_rsa_{static_cast<std::size_t>(seed % kRsaTestKeys)} {
  const SigningKeyPtr ec = derive_p256_key(random_);
  const SigningKeyPtr rsa = rsa_test_key(first_rsa_);
  keys_ = {alg_ == "ES256" ? ec : rsa};
  other_ = alg_ == "ES256" ? rsa : ec;
  publish();
}

SigningKeyPtr KeyRing::active() const {
  const std::scoped_lock lock{mutex_};
  return keys_.front();
}

SigningKeyPtr KeyRing::unpublished() {
  const std::scoped_lock lock{mutex_};
  if (!unpublished_) {
    unpublished_ = alg_ == "ES256" ? derive_p256_key(random_) : unpublished_rsa_key();
  }
  return unpublished_;
}

std::shared_ptr<const std::string> KeyRing::jwks() const {
  const std::scoped_lock lock{mutex_};
  return jwks_;
}

SigningKeyPtr KeyRing::next_key() {
  if (alg_ == "ES256") {
    return derive_p256_key(random_);
  }
  std::size_t used = 0;
  {
    const std::scoped_lock lock{mutex_};
    used = used_rsa_;
    used_rsa_ = std::min(used_rsa_ + 1, kRsaTestKeys);
  }
  return used < kRsaTestKeys ? rsa_test_key((first_rsa_ + used) % kRsaTestKeys) : generate_rsa_key();
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
