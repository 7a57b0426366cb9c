// A server that is started again: other issuers, the same file.

#include "mockserver/state_file.hpp"

#include <sys/stat.h>

#include <fstream>

#include "issuer_fixture.hpp"
#include "oidc/base64url.hpp"

namespace mockserver::test {
namespace {

class StateFileTest : public IssuerTest {
 protected:
  StateFileTest() {
    std::string pattern = testing::TempDir() + "assay-state-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~StateFileTest() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  /// As a new process of the same configuration.
  oidc::Status start_server(const oidc::Json& config = oidc::Json::object()) {
    stop();
    issuers_ = std::make_unique<Issuers>("https://issuer.test");
    served_ = issuers_->create("alpha", parse_issuer_config(config).value(), clock_).value();
    auto opened = StateFile::open(path(), *issuers_);
    if (!opened) {
      return opened.error();
    }
    file_ = *std::move(opened);
    return oidc::Done{};
  }
  void stop() {
    file_.reset();
    served_.reset();
    issuers_.reset();
  }
  std::string path() const { return folder_ / "state.json"; }

  oidc::Json session() { return served_->mint_session({.issued_at = clock_.now()}).value(); }
  Reply redeem_refresh(const oidc::Json& tokens) {
    const oidc::Form form{
        {"grant_type", "refresh_token"}, {"client_id", "app"}, {"refresh_token", tokens.at("refresh_token")}};
    return served_->handle(
        {"POST", kBase + "/token", {{"Content-Type", "application/x-www-form-urlencoded"}}, form.encode()});
  }
  int userinfo_status(const oidc::Json& tokens) {
    return served_
        ->handle({"GET",
                  kBase + "/userinfo",
                  {{"Authorization", "Bearer " + tokens.at("access_token").get<std::string>()}},
                  ""})
        .response.status;
  }
  std::string jwks() { return served_->handle({"GET", kBase + "/jwks", {}, ""}).response.body; }
  oidc::Status with_text(const std::string& text) {
    stop();
    std::ofstream{path()} << text;
    return start_server();
  }

  std::filesystem::path folder_;
  std::unique_ptr<Issuers> issuers_;
  std::shared_ptr<Issuer> served_;
  std::unique_ptr<StateFile> file_;
};

TEST_F(StateFileTest, TokensOutliveTheServer) {
  ASSERT_TRUE(start_server());
  const auto tokens = session();
  const auto rotated = body_of(redeem_refresh(tokens));
  ASSERT_TRUE(start_server());
  EXPECT_EQ(userinfo_status(tokens), 200);
  EXPECT_EQ(redeem_refresh(rotated).response.status, 200);
  ASSERT_TRUE(start_server());
  EXPECT_EQ(error_of(redeem_refresh(tokens)), "invalid_grant") << "it was used before the restarts";
  EXPECT_EQ(userinfo_status(tokens), 401) << "which revoked its family";
}

TEST_F(StateFileTest, AGraceThatHasBegunGoesOn) {
  const oidc::Json config = {{"refresh_grace_s", 30}};
  ASSERT_TRUE(start_server(config));
  const auto tokens = session();
  EXPECT_EQ(redeem_refresh(tokens).response.status, 200);
  ASSERT_TRUE(start_server(config));
  clock_.advance(29s);
  EXPECT_EQ(redeem_refresh(tokens).response.status, 200) << "its successor was not used yet";
  ASSERT_TRUE(start_server(config));
  clock_.advance(31s);
  EXPECT_EQ(error_of(redeem_refresh(tokens)), "invalid_grant");
}

TEST_F(StateFileTest, SoDoesOneThatAStepHasGiven) {
  ASSERT_TRUE(start_server());
  const auto tokens = session();
  served_->script().add(parse_step({{"do", {{"grace", 30}}}}, 1).value());
  EXPECT_EQ(redeem_refresh(tokens).response.status, 200);
  ASSERT_TRUE(start_server());
  clock_.advance(29s);
  EXPECT_EQ(redeem_refresh(tokens).response.status, 200);
}

TEST_F(StateFileTest, WithoutAFileTheyDont) {
  ASSERT_TRUE(start_server());
  const auto tokens = session();
  stop();
  std::filesystem::remove(path());
  ASSERT_TRUE(start_server());
  EXPECT_EQ(userinfo_status(tokens), 401);
}

TEST_F(StateFileTest, CodesAndDeviceGrantsOutliveTheServer) {
  ASSERT_TRUE(start_server());
  const auto location =
      header_of(served_->handle({"GET", kBase + "/authorize?" + authorization().encode(), {}, ""}), "Location");
  const auto value = oidc::parse_form(oidc::parse_url(location).value().query).value().value_or_empty("code");
  const auto post = [&](const std::string& at, const oidc::Form& form) {
    return served_->handle(
        {"POST", kBase + at, {{"Content-Type", "application/x-www-form-urlencoded"}}, form.encode()});
  };
  const auto device = body_of(post("/device_authorization", {{"client_id", "app"}, {"scope", "openid"}}));
  ASSERT_TRUE(served_->decide_device("", Decision::kApprove));
  ASSERT_TRUE(start_server());
  EXPECT_EQ(post("/token", redemption(value)).response.status, 200);
  EXPECT_EQ(
      post("/token", {{"grant_type", kDeviceGrant}, {"client_id", "app"}, {"device_code", device.at("device_code")}})
          .response.status,
      200);
}

class StateOfKeysTest : public StateFileTest, public testing::WithParamInterface<const char*> {};

TEST_P(StateOfKeysTest, RotatedKeysOutliveTheServer) {
  const oidc::Json config = {{"signing_alg", GetParam()}};
  ASSERT_TRUE(start_server(config));
  served_->rotate_keys(true);
  served_->rotate_keys(false);
  const auto before = jwks();
  const auto kid = jwt_part(session().at("id_token"), 0).at("kid");
  ASSERT_TRUE(start_server(config));
  EXPECT_EQ(jwks(), before);
  EXPECT_EQ(jwt_part(session().at("id_token"), 0).at("kid"), kid);
  EXPECT_NE(served_->rotate_keys(true), kid);
}
INSTANTIATE_TEST_SUITE_P(Algorithms, StateOfKeysTest, testing::Values("RS256", "PS256", "ES256", "EdDSA"),
                         [](const auto& test) { return std::string{test.param}; });

TEST_F(StateFileTest, NothingIsIssuedTwice) {
  ASSERT_TRUE(start_server());
  const auto first = session();
  ASSERT_TRUE(start_server());
  const auto second = session();
  EXPECT_NE(first.at("refresh_token"), second.at("refresh_token"));
  EXPECT_NE(claims_of(first, "access_token").at("jti"), claims_of(second, "access_token").at("jti"));
  EXPECT_EQ(served_->ledger().name_of(first.at("refresh_token").get<std::string>()), "rt#1");
  EXPECT_EQ(served_->ledger().name_of(second.at("refresh_token").get<std::string>()), "rt#2");
}

TEST_F(StateFileTest, ItIsForItsOwnerOnlyAndNothingIsLeftButItsLock) {
  ASSERT_TRUE(start_server());
  session();
  stop();
  for (const std::string& file : {path(), path() + ".lock"}) {
    struct stat about {};
    ASSERT_EQ(::stat(file.c_str(), &about), 0) << file;
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << file;
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_}, {}), 2);
}

TEST_F(StateFileTest, AnotherServerCannotUseItMeanwhile) {
  ASSERT_TRUE(start_server());
  const Issuers others{"https://issuer.test"};
  const auto second = StateFile::open(path(), others);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, oidc::Errc::kStorage);
  EXPECT_EQ(second.error().message, path() + ": is in use by another server");
  stop();
  EXPECT_TRUE(StateFile::open(path(), others));
}

TEST_F(StateFileTest, StatesOfIssuersThatAreNotThereAreKept) {
  ASSERT_TRUE(start_server());
  const auto tokens = session();
  stop();
  {
    Issuers others{"https://issuer.test"};
    const auto beta = others.create("beta", parse_issuer_config(oidc::Json::object()).value(), clock_).value();
    ASSERT_TRUE(StateFile::open(path(), others));
  }
  ASSERT_TRUE(start_server());
  EXPECT_EQ(userinfo_status(tokens), 200);
}

TEST_F(StateFileTest, WhoRegisteredItselfIsKnownAfterwards) {
  ASSERT_TRUE(start_server({{"registration", true}}));
  const oidc::Json metadata = {{"redirect_uris", {"https://client.test/callback"}},
                               {"grant_types", {"authorization_code", "client_credentials"}},
                               {"scope", "api"}};
  const auto send = [&](const std::string& method, const std::string& url, const oidc::Headers& headers,
                        const std::string& body) {
    return served_->handle({method, url, headers, body});
  };
  const auto registered =
      body_of(send("POST", kBase + "/register", {{"Content-Type", "application/json"}}, oidc::to_text(metadata)));
  ASSERT_TRUE(start_server({{"registration", true}}));
  const oidc::Form form{{"grant_type", "client_credentials"}};
  const std::string pair =
      registered.at("client_id").get<std::string>() + ":" + registered.at("client_secret").get<std::string>();
  const oidc::Headers headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                 {"Authorization", "Basic " + oidc::base64_encode(pair)}};
  EXPECT_EQ(send("POST", kBase + "/token", headers, form.encode()).response.status, 200);
  const auto shown =
      send("GET", registered.at("registration_client_uri"),
           {{"Authorization", "Bearer " + registered.at("registration_access_token").get<std::string>()}}, "");
  EXPECT_EQ(body_of(shown), registered);
}

TEST_F(StateFileTest, PushedRequestsOutliveTheServerAndAreUsedOnce) {
  ASSERT_TRUE(start_server());
  const auto pushed = body_of(served_->handle(
      {"POST", kBase + "/par", {{"Content-Type", "application/x-www-form-urlencoded"}}, authorization().encode()}));
  const oidc::Form shown{{"client_id", "app"}, {"request_uri", pushed.at("request_uri").get<std::string>()}};
  const auto open = [&] {
    return header_of(served_->handle({"GET", kBase + "/authorize?" + shown.encode(), {}, ""}), "Location");
  };
  ASSERT_TRUE(start_server());
  EXPECT_NE(open().find("code="), std::string::npos);
  ASSERT_TRUE(start_server());
  EXPECT_EQ(open().find("code="), std::string::npos);
}

TEST_F(StateFileTest, IssuersThatCameLaterAndThoseThatAreDeletedAreNotKept) {
  ASSERT_TRUE(start_server());
  const auto alpha = session();
  const auto late = issuers_->create("late", parse_issuer_config(oidc::Json::object()).value(), clock_).value();
  const auto kept = [&] {
    EXPECT_TRUE(file_->save());
    std::ifstream stream{path()};
    return oidc::Json::parse(stream).at("issuers");
  };
  EXPECT_TRUE(kept().contains("alpha"));
  EXPECT_FALSE(kept().contains("late"));
  issuers_->remove("alpha");
  EXPECT_FALSE(kept().contains("alpha"));
}

TEST_F(StateFileTest, ADamagedFileIsRefusedAndLeftAsItIs) {
  ASSERT_TRUE(start_server());
  session();
  stop();
  std::stringstream good;
  good << std::ifstream{path()}.rdbuf();
  std::string flipped = good.str();
  flipped[flipped.find("rt#1") + 3] = '2';
  const std::string texts[] = {"",
                               "{}",
                               "not JSON",
                               "[]",
                               R"({"version":2,"sha256":5,"issuers":{}})",
                               flipped,
                               good.str().substr(0, good.str().size() / 2),
                               R"({"version":1,"issuers":{}})"};
  for (const std::string& text : texts) {
    const auto opened = with_text(text);
    ASSERT_FALSE(opened) << text.substr(0, 60);
    EXPECT_EQ(opened.error().code, oidc::Errc::kCorruptStorage);
    EXPECT_NE(opened.error().message.find(path()), std::string::npos);
    std::stringstream now;
    now << std::ifstream{path()}.rdbuf();
    EXPECT_EQ(now.str(), text);
  }
  EXPECT_TRUE(with_text(good.str()));
}

TEST_F(StateFileTest, AFileThatCannotBeWrittenIsKnownAtOnce) {
  issuers_ = std::make_unique<Issuers>("https://issuer.test");
  const auto opened = StateFile::open(folder_ / "missing" / "state.json", *issuers_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, oidc::Errc::kStorage);
}

}  // namespace
}  // namespace mockserver::test
