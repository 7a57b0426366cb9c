#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "authcore/authenticator.hpp"
#include "fakes.hpp"
#include "judges.hpp"
#include "oidc/random.hpp"
#include "status_matchers.hpp"

namespace authcore::test {

using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// One authenticator on a recording storage, a fake client, and a clock that tests move.
class SessionTest : public ::testing::Test {
 protected:
  void seed(const Credential& credential) { storage_->put(kKey, credential.json()); }
  std::unique_ptr<RequestAuthenticator> refreshing() {
    return make_refreshing_authenticator(client_, environment_, {storage_, kKey});
  }
  std::unique_ptr<RequestAuthenticator> relogin() {
    client_.is_unattended = true;
    return make_refresh_or_relogin_authenticator(client_, environment_, {storage_, kKey});
  }
  /// The token, or the name of the error.
  static std::string token_of(RequestAuthenticator& authenticator) {
    const auto token = authenticator.access_token();
    return token ? *token : std::string{"error "} + std::string{oidc::to_string(token.error().code)};
  }

  static constexpr const char* kKey = "token.json";

  oidc::VirtualClock clock_{kStart};
  oidc::SeededRandom random_{1};
  NoHttp http_;
  EventLog events_;
  Environment environment_{clock_, random_, http_, events_.log(clock_), {}};
  FakeClient client_{clock_};
  std::shared_ptr<RecordingStorage> storage_ = std::make_shared<RecordingStorage>();
};

}  // namespace authcore::test
