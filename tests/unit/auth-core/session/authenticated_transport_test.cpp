#include "authcore/authenticated_transport.hpp"

#include "fake_transport.hpp"
#include "session_fixture.hpp"

namespace authcore::test {
namespace {

constexpr const char* kApi = "https://api.test/v1/items?page=2";

class AuthenticatedTransportTest : public SessionTest {
 protected:
  std::unique_ptr<AuthenticatedTransport> transport(RequestAuthenticator& authenticator, bool retry_on_401) {
    return AuthenticatedTransport::make(api_, authenticator,
                                        {.origins = {"https://API.test:443"}, .retry_on_401 = retry_on_401})
        .value();
  }
  void answer(int status) { api_.answer(oidc::HttpResponse{status, {}, ""}); }
  static oidc::HttpRequest get(const std::string& url) {
    oidc::HttpRequest request;
    request.url = url;
    return request;
  }
  std::string sent(std::size_t index) const {
    return api_.request(index).headers.get("Authorization").value_or("nothing");
  }

  oidc::test::FakeTransport api_;
};

TEST_F(AuthenticatedTransportTest, AuthenticatesRequestsToItsOrigins) {
  judges({"RA-001", "RFR-007"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  answer(200);
  EXPECT_EQ(transport(*session, false)->send(get(kApi)).value().status, 200);
  EXPECT_EQ(sent(0), "Bearer A0");
  EXPECT_EQ(api_.request(0).url, kApi);
}

TEST_F(AuthenticatedTransportTest, NeverShowsTheTokenToAnotherOrigin) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  const auto wrapped = transport(*session, true);
  const char* others[] = {"https://evil.test/",
                          "https://api.test.evil.test/",
                          "https://api.test:8443/",
                          "http://api.test/",
                          "https://evil.test/?https://api.test/",
                          "https://api.test@evil.test/",
                          "https://xapi.test/",
                          "nonsense"};
  for (const char* other : others) {
    answer(401);
    EXPECT_EQ(wrapped->send(get(other)).value().status, 401);
    EXPECT_EQ(sent(api_.count() - 1), "nothing") << other;
  }
  EXPECT_THAT(client_.shown(), IsEmpty()) << "their 401 is none of ours";
}

TEST_F(AuthenticatedTransportTest, SendsNothingWithoutACredential) {
  const auto session = refreshing();
  EXPECT_THAT(transport(*session, true)->send(get(kApi)), FailsWith(Errc::kNoCredential));
  EXPECT_EQ(api_.count(), 0U);
}

TEST_F(AuthenticatedTransportTest, ReturnsA401AsItIsUnlessToldOtherwise) {
  judges({"RA-006", "A-25"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  answer(401);
  const auto wrapped = AuthenticatedTransport::make(api_, *session, {.origins = {"https://api.test"}}).value();
  EXPECT_EQ(wrapped->send(get(kApi)).value().status, 401);
  EXPECT_EQ(api_.count(), 1U);
  EXPECT_THAT(client_.shown(), IsEmpty());
}

TEST_F(AuthenticatedTransportTest, RenewsOnceAndRetriesOnceAfterA401) {
  judges({"A-25"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  answer(401);
  answer(200);
  oidc::HttpRequest post = get(kApi);
  post.method = "POST";
  post.body = "x=1";
  EXPECT_EQ(transport(*session, true)->send(post).value().status, 200);
  EXPECT_EQ(sent(0), "Bearer A0");
  EXPECT_EQ(sent(1), "Bearer A1");
  EXPECT_EQ(api_.request(1).body, "x=1");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R1");
}

TEST_F(AuthenticatedTransportTest, DoesNotRefreshPerRequestForAnApiThatRefusesAll) {
  judges({"A-25", "RFR-020"});
  seed(credential_of(tokens("A0", 1000, "R0")));
  const auto session = refreshing();
  const auto wrapped = transport(*session, true);
  client_.will_refresh(tokens("A1", 1000, "R1"));
  answer(401);
  answer(401);
  EXPECT_EQ(wrapped->send(get(kApi)).value().status, 401);
  for (int request = 0; request < 10; ++request) {
    clock_.advance(seconds{5});
    answer(401);
    EXPECT_EQ(wrapped->send(get(kApi)).value().status, 401);
  }
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
  client_.will_refresh(tokens("A2", 1000, "R2"));
  clock_.advance(seconds{10});
  answer(401);
  answer(200);
  EXPECT_EQ(wrapped->send(get(kApi)).value().status, 200);
}

TEST_F(AuthenticatedTransportTest, ReturnsThe401IfTheTokenCannotBeRenewed) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  const auto wrapped = transport(*session, true);
  client_.will_refresh(invalid_grant());
  answer(401);
  EXPECT_EQ(wrapped->send(get(kApi)).value().status, 401);
  EXPECT_EQ(api_.count(), 1U);
  answer(200);
  EXPECT_EQ(wrapped->send(get(kApi)).value().status, 200);
  EXPECT_EQ(sent(1), "Bearer A0") << "it has not expired: the API decides";
}

TEST_F(AuthenticatedTransportTest, UsesTheTokenThatAnotherProcessRenewed) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  seed(credential_of(tokens("A1", 100, "R1")));
  answer(401);
  answer(200);
  EXPECT_EQ(transport(*session, true)->send(get(kApi)).value().status, 200);
  EXPECT_EQ(sent(1), "Bearer A1");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

TEST_F(AuthenticatedTransportTest, UsesTheTokenThatAnotherThreadRenewed) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  EXPECT_EQ(session->authorization_instead_of({"Bearer", "A0"}).value().token, "A1");
  EXPECT_EQ(session->authorization_instead_of({"Bearer", "A0"}).value().token, "A1") << "of a slower thread";
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
}

TEST_F(AuthenticatedTransportTest, LogsInAgainForAnUnattendedClient) {
  seed(credential_of(tokens("A0", 100)));
  const auto session = relogin();
  client_.will_log_in(tokens("A1", 100));
  answer(401);
  answer(200);
  EXPECT_EQ(transport(*session, true)->send(get(kApi)).value().status, 200);
  EXPECT_EQ(sent(1), "Bearer A1");
}

TEST_F(AuthenticatedTransportTest, PassesOnWhatTheTransportInsideSays) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  api_.answer(oidc::test::lost_reply());
  EXPECT_THAT(transport(*session, true)->send(get(kApi)), FailsWith(Errc::kNetwork));
}

TEST_F(AuthenticatedTransportTest, TakesSecureOriginsOnly) {
  const auto session = refreshing();
  for (const char* bad : {"http://api.test", "https://api.test/v1", "https://api.test/?x", "api.test", "", "*"}) {
    EXPECT_THAT(AuthenticatedTransport::make(api_, *session, {.origins = {bad}}), FailsWith(Errc::kInvalidArgument))
        << bad;
  }
  EXPECT_THAT(AuthenticatedTransport::make(api_, *session, {.origins = {"http://127.0.0.1:8080"}}), IsOk());
}

}  // namespace
}  // namespace authcore::test
