#pragma once

#include <memory>
#include <string>

#include <gmock/gmock.h>

#include "../session/fakes.hpp"
#include "authcore/auth.hpp"
#include "fake_transport.hpp"
#include "judges.hpp"
#include "oidc/random.hpp"
#include "status_matchers.hpp"

namespace authcore::test {

using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;

/// A context on a recording storage and a transport that answers what it is told to.
class KeyWorld : public ::testing::Test {
 protected:
  std::unique_ptr<Auth> context(const Json& config, const Json& initial = nullptr) {
    AuthOptions options{.location = {storage_, kKey}};
    options.initial_token_data = initial;
    return Auth::from_config(config, std::move(options), environment_).value();
  }
  /// What a request would carry, or the name of the error.
  static std::string header_of(Auth& auth) {
    oidc::HttpRequest request;
    const auto done = auth.request_authenticator().authenticate(request);
    return done ? request.headers.get("Authorization").value_or("nothing")
                : "error " + std::string{oidc::to_string(done.error().code)};
  }

  static constexpr const char* kKey = "token.json";

  oidc::VirtualClock clock_{kStart};
  oidc::VirtualClock::Actor actor_{clock_};
  oidc::SeededRandom random_{1};
  oidc::test::FakeTransport http_{&clock_};
  EventLog events_;
  Environment environment_{clock_, random_, http_, events_.log(clock_), {}};
  std::shared_ptr<RecordingStorage> storage_ = std::make_shared<RecordingStorage>();
};

}  // namespace authcore::test
