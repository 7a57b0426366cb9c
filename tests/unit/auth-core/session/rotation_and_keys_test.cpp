#include "client_session.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using oidc::Json;
using oidc::test::judges;

/// A refresh whose ID token needs keys that are not there yet (W-02).
class RotationAndKeys : public test::ClientSession {
 protected:
  void SetUp() override {
    Json held = old_tokens();
    held["id_token"] = id_token("alice");
    store(held);
    answer_metadata();
    Json response = test::token_response();
    response["refresh_token"] = "rt-1";
    response["id_token"] = fresh_;
    answer_json(200, response);
  }
  static std::string id_token(const std::string& subject) {
    return oidc::test::make_token(
        oidc::test::SigningKey::p256(), "ES256", {{"alg", "ES256"}, {"kid", "k"}},
        {{"iss", test::kServer}, {"sub", subject}, {"aud", "id"}, {"iat", now_s()}, {"exp", now_s() + 600}});
  }
  oidc::HttpResponse keys() const {
    return oidc::test::json_reply(200, {{"keys", Json::array({oidc::test::SigningKey::p256().jwk("k")})}});
  }

  std::string fresh_ = id_token("alice");
};

TEST_F(RotationAndKeys, SavesTheNewRefreshTokenBeforeItAsksForKeys) {
  judges({"W-02", "RFR-008"});
  Json seen;
  http_.answer_with([&](const oidc::HttpRequest& request) {
    EXPECT_EQ(request.url, test::kServer + "/jwks");
    seen = storage_->load("token.json").value();
    return keys();
  });
  const auto auth = context("oidc_device_code");
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(seen.at("refresh_token"), "rt-1");
  EXPECT_EQ(seen.at("access_token"), "at-1");
  EXPECT_NE(seen.at("id_token"), fresh_) << "nobody has verified it";
  EXPECT_EQ(storage_->load("token.json").value().at("id_token"), fresh_);
}

TEST_F(RotationAndKeys, WritesNothingBackIfTheSessionEndsMeanwhile) {
  judges({"W-20"});
  http_.answer_with([&](const oidc::HttpRequest&) {
    storage_->remove("token.json").value();
    return keys();
  });
  const auto auth = context("oidc_device_code");
  EXPECT_EQ(token_of(*auth), "error no_credential");
  EXPECT_FALSE(storage_->exists("token.json").value());
}

class RotationAndWrongIdToken : public RotationAndKeys {
 protected:
  RotationAndWrongIdToken() { fresh_ = id_token("bob"); }
};

TEST_F(RotationAndWrongIdToken, PutsBackWhatWasStored) {
  judges({"W-02"});
  http_.answer(keys());
  const auto auth = context("oidc_device_code");
  EXPECT_EQ(token_of(*auth), "at-0") << "it is still good";
  EXPECT_EQ(storage_->load("token.json").value().at("refresh_token"), "rt-0");
}

TEST_F(RotationAndWrongIdToken, PutsNothingBackAfterALogout) {
  judges({"W-20"});
  http_.answer_with([&](const oidc::HttpRequest&) {
    storage_->remove("token.json").value();
    return keys();
  });
  const auto auth = context("oidc_device_code");
  (void)token_of(*auth);
  EXPECT_FALSE(storage_->exists("token.json").value());
}

}  // namespace
}  // namespace authcore
