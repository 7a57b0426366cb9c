#include "../issuer_fixture.hpp"
#include "oidc/openssl.hpp"

namespace mockserver::test {
namespace {

class VerbsTest : public IssuerTest {
 protected:
  void once(const oidc::Json& action) { script({{"do", action}}); }
};

TEST_F(VerbsTest, ErrorHasTheFormOfTheEndpoint) {
  once({{"error", "invalid_grant"}});
  const auto token = service_token();
  EXPECT_EQ(token.response.status, 400);
  EXPECT_EQ(body_of(token), oidc::Json({{"error", "invalid_grant"}}));

  once({{"error", "access_denied"}});
  EXPECT_EQ(redirect_of(authorize()).value_or_empty("error"), "access_denied");

  once({{"error", "invalid_token"}});
  const auto challenge = get("/userinfo");
  EXPECT_EQ(challenge.response.status, 401);
  EXPECT_THAT(header_of(challenge, "WWW-Authenticate"), testing::HasSubstr("error=\"invalid_token\""));
}

TEST_F(VerbsTest, ErrorTakesDescriptionAndStatus) {
  once({{"error", {{"code", "server_error"}, {"description", "later"}, {"status", 503}}}});
  const auto reply = service_token();
  EXPECT_EQ(reply.response.status, 503);
  EXPECT_EQ(body_of(reply).at("error_description"), "later");
  EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
}

TEST_F(VerbsTest, ReplacedReplyChangesNoState) {
  const auto tokens = login();
  script({{"when", {{"grant", "refresh_token"}}}, {"do", {{"status", 503}}}});
  EXPECT_EQ(refresh(tokens).response.status, 503);
  EXPECT_EQ(refresh(tokens).response.status, 200) << "the refresh token must not be used up";
}

TEST_F(VerbsTest, BodyAndContentTypeAreSentAsTheyAre) {
  once({{"body", "<html>"}, {"content_type", "text/html"}, {"status", 502}});
  const auto reply = service_token();
  EXPECT_EQ(reply.response.status, 502);
  EXPECT_EQ(reply.response.body, "<html>");
  EXPECT_EQ(header_of(reply, "Content-Type"), "text/html");
  once({{"body", {{"access_token", 7}}}});
  EXPECT_EQ(service_token().response.body, R"({"access_token":7})");
}

TEST_F(VerbsTest, HeadersComeOnTopOfTheCorrectReply) {
  once({{"headers", {{"Cache-Control", "max-age=60"}, {"X-Test", "1"}}}});
  const auto reply = get("/jwks");
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_EQ(header_of(reply, "Cache-Control"), "max-age=60");
  EXPECT_EQ(header_of(reply, "X-Test"), "1");
}

TEST_F(VerbsTest, PatchAndOmitChangeTheJson) {
  once({{"patch", {{"expires_in", "3600"}, {"token_type", nullptr}}}, {"omit", {"scope"}}});
  const auto reply = body_of(service_token());
  EXPECT_EQ(reply.at("expires_in"), "3600");
  EXPECT_FALSE(reply.contains("token_type"));
  EXPECT_FALSE(reply.contains("scope"));
}

TEST_F(VerbsTest, PatchAndOmitChangeARedirectsParameters) {
  once({{"patch", {{"state", "wrong"}}}, {"omit", {"iss"}}});
  const auto parameters = redirect_of(authorize());
  EXPECT_EQ(parameters.value_or_empty("state"), "wrong");
  EXPECT_FALSE(parameters.contains("iss"));
  EXPECT_TRUE(parameters.contains("code"));
}

TEST_F(VerbsTest, ClaimsHeaderAndSignChangeTheTokensIssued) {
  script({{"when", {{"endpoint", "token"}}},
          {"do",
           {{"claims", {{"access", {{"aud", "other"}}}, {"id", {{"nonce", "wrong"}, {"sub", nullptr}}}}},
            {"header", {{"id", {{"kid", "k"}}}}},
            {"sign", "none"}}}});
  const auto tokens = login();
  EXPECT_EQ(claims_of(tokens, "access_token").at("aud"), "other");
  EXPECT_EQ(claims_of(tokens, "id_token").at("nonce"), "wrong");
  EXPECT_FALSE(claims_of(tokens, "id_token").contains("sub"));
  EXPECT_EQ(jwt_part(tokens.at("id_token"), 0).at("kid"), "k");
  EXPECT_EQ(jwt_part(tokens.at("access_token"), 0).at("alg"), "none");
  const std::string digest = oidc::sha256(tokens.at("access_token").get<std::string>());
  EXPECT_EQ(claims_of(tokens, "id_token").at("at_hash"), oidc::base64url_encode(digest.substr(0, 16)));
}

TEST_F(VerbsTest, DelayIsLeftToTheCaller) {
  once({{"delay", 1.5}});
  const auto reply = service_token();
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_EQ(reply.delivery.delay, 1500ms);
  EXPECT_EQ(clock_.now(), kStart);
}

TEST_F(VerbsTest, DropLosesTheReplyAfterTheCommit) {
  const auto tokens = login();
  once({{"drop", true}});
  EXPECT_EQ(refresh(tokens).delivery.fault, Fault::kReset);
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant") << "the lost reply had rotated the token";
  EXPECT_TRUE(issuer_->journal().exchanges().at(2).dropped);
  EXPECT_EQ(issuer_->journal().exchanges().at(2).status, 0);
}

TEST_F(VerbsTest, TheJournalSaysWhatWasSentBeforeTheConnectionBroke) {
  struct Case {
    oidc::Json action;
    int status;
  };
  for (const auto& [action, status] :
       {Case{{{"reset", "before"}}, 0}, Case{{{"empty", true}}, 0}, Case{{{"hang", true}}, 0},
        Case{{{"reset", "after_headers"}}, 200}, Case{{{"reset", "mid_body"}}, 200}, Case{{{"truncate", true}}, 200},
        Case{{{"bad_chunk", true}}, 200}}) {
    once(action);
    service_token();
    EXPECT_EQ(issuer_->journal().exchanges().back().status, status) << action;
    EXPECT_TRUE(issuer_->journal().exchanges().back().dropped) << action;
  }
}

TEST_F(VerbsTest, ABarrierWaitsAsLongAsItsOwnStepSays) {
  script({{"id", "gate"}, {"times", 2}, {"do", {{"barrier", {{"count", 2}, {"timeout", 1}}}}}});
  const auto before = service_token().delivery.barrier;
  issuer_->script().clear();
  script({{"id", "gate"}, {"times", 2}, {"do", {{"barrier", {{"count", 2}, {"timeout", 60}}}}}});
  EXPECT_NE(service_token().delivery.barrier, before) << "that one gives up after a second";
}

TEST_F(VerbsTest, ExpireEndsWhatIsPresentedFirst) {
  const auto tokens = login();
  once({{"expire", "access"}});
  EXPECT_EQ(userinfo(tokens.at("access_token")).response.status, 401);
  once({{"expire", "refresh"}});
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
  const std::string value = code();
  once({{"expire", "code"}});
  EXPECT_EQ(error_of(redeem(value)), "invalid_grant");
  const auto grant = device();
  once({{"expire", "device"}});
  EXPECT_EQ(error_of(poll(grant)), "expired_token");
}

TEST_F(VerbsTest, ExpireAccessReachesEveryAccessTokenOfTheGrant) {
  const auto first = login();
  const auto second = body_of(refresh(first));
  const auto other = login();
  once({{"expire", "access"}});
  const auto third = body_of(refresh(second));
  EXPECT_FALSE(active(first.at("access_token")));
  EXPECT_FALSE(active(second.at("access_token")));
  EXPECT_TRUE(active(third.at("access_token")));
  EXPECT_TRUE(active(other.at("access_token")));
}

struct RetryCase {
  const char* name;
  oidc::Json value;
  const char* field;
};
class RetryAfterTest : public IssuerTest, public testing::WithParamInterface<RetryCase> {};

TEST_P(RetryAfterTest, IsSent) {
  script({{"do", {{"status", 429}, {"retry_after", GetParam().value}}}});
  const auto reply = service_token();
  EXPECT_EQ(reply.response.status, 429);
  EXPECT_EQ(header_of(reply, "Retry-After"), GetParam().field);
}
const RetryCase kRetryCases[] = {{"Seconds", 7, "7"},
                                 {"Date", "date:+30", "Tue, 01 Jan 2030 00:00:30 GMT"},
                                 {"PastDate", "date:-1", "Mon, 31 Dec 2029 23:59:59 GMT"},
                                 {"Garbage", "soon", "soon"},
                                 {"NoDate", "date:soon", "date:soon"}};
INSTANTIATE_TEST_SUITE_P(Rfc9110Section10, RetryAfterTest, testing::ValuesIn(kRetryCases),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace mockserver::test
