#include "client/sender_config.hpp"

#include "authcore/multi_issuer_validator.hpp"
#include "client_world.hpp"
#include "judges.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using testing::HasSubstr;

/// How the requests of configured clients name their sender.
class SenderConfig : public test::ClientWorld {
 protected:
  static Json config(const Json& changes = Json::object()) {
    Json json{{"client_type", "oidc_client_credentials_secret"},
              {"auth_server", test::kServer},
              {"client_id", "id"},
              {"client_secret", "s"},
              {"audiences", Json::array({"api"})}};
    json.update(changes);
    return json;
  }
  std::string said(std::size_t request, const char* header) {
    return http_.request(request).headers.get(header).value_or("nothing");
  }
};

TEST_F(SenderConfig, IsTheLibraryAndNoAppOfPlanetIfNothingIsSaid) {
  judges({"HTTP-001"});
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(config())->login({}), IsOk());
  for (const std::size_t request : {0U, 1U}) {
    EXPECT_EQ(said(request, "User-Agent"), library_user_agent());
    EXPECT_EQ(said(request, "X-Planet-App"), "nothing");
    for (const auto& [name, value] : http_.request(request).headers) {
      EXPECT_THAT(name + ": " + value, testing::Not(HasSubstr("assay")));
    }
  }
}

TEST_F(SenderConfig, NamesItselfInEveryRequestAsTheConfigurationSays) {
  judges({"HTTP-001", "RA-005"});
  const auto under_test = client(config({{"user_agent", "tool/2 (x)"}, {"planet_app", "tool-2"}}));
  answer_metadata();
  answer_json(200, test::token_response());
  answer_json(200, {{"active", true}});
  http_.answer(oidc::HttpResponse{200, {}, ""});
  answer_json(200, {{"sub", "a"}});
  answer_json(200, {{"keys", Json::array({Json{{"kty", "odd"}}})}});
  ASSERT_THAT(under_test->login({}), IsOk());
  ASSERT_THAT(under_test->validate_access_token_remote("t"), IsOk());
  ASSERT_THAT(under_test->revoke_access_token("t"), IsOk());
  ASSERT_THAT(under_test->userinfo("t"), IsOk());
  const std::string nameless_key = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.eA";  // {"alg":"RS256","kid":"k"}.{}.x
  EXPECT_THAT(under_test->validate_access_token_local(nameless_key, {}), FailsWith(Errc::kUnknownKey));
  ASSERT_EQ(http_.count(), 6U);
  for (std::size_t request = 0; request < http_.count(); ++request) {
    EXPECT_EQ(said(request, "User-Agent"), "tool/2 (x)") << request;
    EXPECT_EQ(said(request, "X-Planet-App"), "tool-2") << request;
  }
}

TEST_F(SenderConfig, ComesBeforeWhatTheEnvironmentSays) {
  Environment named = environment();
  named.sender = {.user_agent = "environment/1", .planet_app = "environment-1"};
  for (const auto& [changes, agent, app] :
       {std::tuple{Json::object(), "environment/1", "environment-1"},
        std::tuple{Json{{"user_agent", "config/1"}}, "config/1", "environment-1"},
        std::tuple{Json{{"planet_app", "config-1"}, {"user_agent", ""}}, "environment/1", "config-1"}}) {
    const std::size_t first = http_.count();
    answer_metadata();
    ASSERT_THAT(make_client(config(changes), named).value()->issuer(), IsOk());
    EXPECT_EQ(said(first, "User-Agent"), agent);
    EXPECT_EQ(said(first, "X-Planet-App"), app);
  }
}

TEST_F(SenderConfig, IsPlanetsByItselfAtItsLegacyServer) {
  judges({"HTTP-001", "RA-005"});
  LoginOptions options;
  options.username = "ann@example";
  options.password = "p";
  for (const auto& [changes, expected] :
       {std::pair{Json::object(), "auth-core-"}, {{{"planet_app", "tool"}}, "tool"}}) {
    Json legacy{{"client_type", "planet_legacy"}, {"legacy_auth_endpoint", test::kServer}};
    legacy.update(changes);
    const std::size_t first = http_.count();
    answer_json(401, Json::object());
    EXPECT_THAT(client(legacy)->login(options), FailsWith(Errc::kServer));
    EXPECT_THAT(said(first, "X-Planet-App"), testing::StartsWith(expected));
  }
}

TEST_F(SenderConfig, IsRefusedIfNoHeaderCanHoldIt) {
  for (const char* type : {"oidc_client_credentials_secret", "static_apikey", "none"}) {
    for (const char* key : {"user_agent", "planet_app"}) {
      for (const Json& value : {Json("a\r\nX: y"), Json("\xc3\xa9"), Json(" a"), Json("a "), Json(7)}) {
        const auto made = make_client(config({{"client_type", type}, {key, value}}), environment());
        EXPECT_THAT(made, FailsWith(Errc::kConfig, HasSubstr(key))) << type << value;
      }
    }
  }
}

}  // namespace
}  // namespace authcore
