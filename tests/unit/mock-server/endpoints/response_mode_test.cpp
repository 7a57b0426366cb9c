// Where an authorization response goes: query, fragment, or (form_post_test.cpp) a page.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class ResponseModeTest : public IssuerTest {
 protected:
  static oidc::Form with(const oidc::Form& more) {
    auto form = authorization();
    for (const auto& [name, value] : more) {
      form.set(name, value);
    }
    return form;
  }
  static oidc::Form fragment_of(const Reply& reply) {
    const auto url = oidc::parse_url(header_of(reply, "Location")).value();
    EXPECT_EQ(url.query, "") << header_of(reply, "Location");
    return oidc::parse_form(url.fragment).value();
  }
  void once(const oidc::Json& action) { script({{"when", {{"endpoint", "authorize"}}}, {"do", action}}); }
};

TEST_F(ResponseModeTest, FragmentHasCodeStateAndIss) {
  const auto reply = authorize(with({{"response_mode", "fragment"}}));
  ASSERT_EQ(reply.response.status, 302) << reply.response.body;
  EXPECT_THAT(header_of(reply, "Location"), testing::StartsWith(kCallback + "#code="));
  const auto parameters = fragment_of(reply);
  EXPECT_EQ(parameters.value_or_empty("state"), "st-1");
  EXPECT_EQ(parameters.value_or_empty("iss"), kBase);
  EXPECT_EQ(redeem(parameters.value_or_empty("code")).response.status, 200);
}

TEST_F(ResponseModeTest, FragmentHasErrorsToo) {
  const auto parameters = fragment_of(authorize(with({{"response_mode", "fragment"}, {"prompt", "none login"}})));
  EXPECT_EQ(parameters.value_or_empty("error"), "invalid_request");
  EXPECT_EQ(parameters.value_or_empty("state"), "st-1");
}

TEST_F(ResponseModeTest, TheRedirectUriKeepsItsQuery) {
  start({{"clients", {{{"id", "app"}, {"redirect_uris", {"https://app.test/cb?x=1"}}}}}});
  EXPECT_THAT(header_of(authorize(with({{"response_mode", "fragment"}, {"redirect_uri", "https://app.test/cb?x=1"}})),
                        "Location"),
              testing::StartsWith("https://app.test/cb?x=1#code="));
}

// RFC 6749 section 4.2.2.1, OAuth 2.0 Multiple Response Type Encoding Practices sections 3 and 5.
TEST_F(ResponseModeTest, ErrorsOfTypesWithTokensGoIntoTheFragment) {
  for (const char* type : {"token", "id_token", "id_token token", "code id_token", "code token"}) {
    for (const char* mode : {"", "query", "fragment", "web_message"}) {
      const auto parameters = fragment_of(authorize(with({{"response_type", type}, {"response_mode", mode}})));
      EXPECT_EQ(parameters.value_or_empty("error"), "unsupported_response_type") << type << " " << mode;
    }
  }
}

TEST_F(ResponseModeTest, ErrorsOfOtherTypesGoIntoTheQuery) {
  for (const char* type : {"none", "tokens", "", "code code2"}) {
    EXPECT_TRUE(redirect_of(authorize(with({{"response_type", type}}))).contains("error")) << type;
  }
  EXPECT_EQ(redirect_of(authorize(with({{"response_mode", "web_message"}}))).value_or_empty("error"),
            "invalid_request");
}

TEST_F(ResponseModeTest, ATypeWithTokensMayBeAnsweredByAPage) {
  const auto reply = authorize(with({{"response_type", "id_token"}, {"response_mode", "form_post"}}));
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_THAT(reply.response.body, testing::HasSubstr("value=\"unsupported_response_type\""));
}

TEST_F(ResponseModeTest, ADecisionOfTheApiGoesTheSameWay) {
  start({{"interaction", "api"}});
  const auto form = with({{"response_mode", "fragment"}});
  const auto redirect = issuer_->decide_authorization(kBase + "/authorize?" + form.encode(), Decision::kApprove);
  EXPECT_THAT(redirect.value(), testing::StartsWith(kCallback + "#code="));
  EXPECT_EQ(header_of(authorize(form), "Location"), redirect.value());
}

TEST_F(ResponseModeTest, APushedRequestIsAnsweredAsItAsks) {
  const std::string uri = body_of(post("/par", with({{"response_mode", "fragment"}}))).at("request_uri");
  EXPECT_TRUE(fragment_of(authorize({{"client_id", "app"}, {"request_uri", uri}})).contains("code"));
}

TEST_F(ResponseModeTest, StepsChangeWhatIsInTheFragment) {
  const auto form = with({{"response_mode", "fragment"}});
  once({{"state", "wrong"}, {"iss", "omit"}, {"patch", {{"extra", "1"}}}});
  const auto changed = fragment_of(authorize(form));
  EXPECT_EQ(changed.value_or_empty("state"), "wrong-st-1");
  EXPECT_EQ(changed.value_or_empty("extra"), "1");
  EXPECT_FALSE(changed.contains("iss"));
  EXPECT_TRUE(changed.contains("code"));
  once({{"duplicate_field", {{"state", "again"}}}});
  EXPECT_EQ(fragment_of(authorize(form)).count("state"), 2U);
  EXPECT_TRUE(issuer_->verdict().at("undelivered_steps").empty());
}

}  // namespace
}  // namespace mockserver::test
