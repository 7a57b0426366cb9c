#include "scenarios/condition.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <set>

#include "rules_world.hpp"

namespace scenarios {
namespace {

/// A client and what it sent.
struct Client {
  Hello hello;
  std::vector<mockserver::Exchange> exchanges;
};

Client that_is(const std::function<void(Hello&)>& change) {
  Client client;
  change(client.hello);
  return client;
}

Client that_can(const std::string& capability) {
  return that_is([&](Hello& hello) { hello.capabilities.insert(capability); });
}

Client that_sent(std::vector<mockserver::Exchange> exchanges) {
  return {{}, made::numbered(std::move(exchanges))};
}

Client that_authorized_with(oidc::Form form) {
  return that_sent({made::exchange("authorize", "", std::move(form))});
}

mockserver::Exchange with_header(const char* name, const char* value) {
  mockserver::Exchange exchange = made::exchange("userinfo");
  exchange.headers.add(name, value);
  return exchange;
}

mockserver::Exchange dropped(mockserver::Exchange exchange) {
  exchange.dropped = true;
  exchange.status = 0;
  return exchange;
}

Client openid(const std::string& scope, bool declared = true) {
  Client client = that_authorized_with({{"scope", scope}});
  if (declared) {
    client.hello.capabilities = {"openid"};
  }
  return client;
}

Client refresh_policy(RefreshPolicy::When when) {
  return that_is([&](Hello& hello) { hello.policy.refresh = {when, 60}; });
}

/// One that the issuer refused, for not knowing who asks.
mockserver::Exchange attempt(const char* method) {
  mockserver::Exchange exchange = made::exchange("token", "refresh_token", {}, 401);
  exchange.client_auth = method;
  exchange.reply_body = R"({"error":"invalid_client"})";
  return exchange;
}

Client authenticated_by(const char* method) {
  mockserver::Exchange exchange = made::exchange("token", "refresh_token");
  exchange.client_auth = method;
  return that_sent({exchange});
}

struct ConditionCase {
  const char* name;
  const char* condition;
  Client client;
  bool holds;
};
class ConditionTest : public ::testing::TestWithParam<ConditionCase> {};

TEST_P(ConditionTest, IsWitnessed) {
  const Condition* condition = find_condition(GetParam().condition);
  ASSERT_NE(condition, nullptr);
  EXPECT_EQ(condition->holds({GetParam().client.hello, GetParam().client.exchanges}), GetParam().holds);
}

using When = RefreshPolicy::When;

std::vector<ConditionCase> declared_cases() {
  return {
      {"KeepsTokens", "keeps_tokens", that_can("storage"), true},
      {"KeepsNone", "keeps_tokens", {}, false},
      {"Rfc9207", "rfc9207", that_can("rfc9207"), true},
      {"NoRfc9207", "rfc9207", {}, false},
      {"TypedErrors", "typed_errors", that_can("typed_errors"), true},
      {"UntypedErrors", "typed_errors", {}, false},
      {"Validates", "validates_access_tokens", that_is([](Hello& hello) { hello.ops = {"validate"}; }), true},
      {"ValidatesNot", "validates_access_tokens", that_is([](Hello& hello) { hello.ops = {"login"}; }), false},
      {"AheadBySeconds", "refresh_ahead", refresh_policy(When::kBefore), true},
      {"AheadByRatio", "refresh_ahead", refresh_policy(When::kRatio), true},
      {"AtExpiry", "refresh_ahead", refresh_policy(When::kOnExpiry), false},
      {"On401", "refresh_ahead", refresh_policy(When::kOn401), false},
      {"OnRequest", "refresh_ahead", refresh_policy(When::kOnRequest), false},
      {"NothingDeclared", "refresh_ahead", {}, false},
      {"RetriesInCall", "retries_in_call", that_is([](Hello& hello) { hello.policy.retries_in_call = true; }), true},
      {"RetriesByCaller", "retries_in_call", that_is([](Hello& hello) { hello.policy.retries_in_call = false; }),
       false},
      {"RetriesUndeclared", "retries_in_call", {}, false},
      {"Listens", "listens", {}, true},
      {"TakesCallbacks", "listens", that_is([](Hello& hello) { hello.policy.listens = false; }), false},
      {"CachesKeysForAWhile", "caches_keys", that_is([](Hello& hello) { hello.policy.keys_age = oidc::Duration{1}; }),
       true},
      {"PausesBetweenKeys", "caches_keys", that_is([](Hello& hello) { hello.policy.keys_pause = oidc::Duration{1}; }),
       true},
      {"SaysNothingOfKeys", "caches_keys", {}, false},
  };
}
INSTANTIATE_TEST_SUITE_P(Declared, ConditionTest, ::testing::ValuesIn(declared_cases()),
                         [](const auto& test) { return std::string{test.param.name}; });

std::vector<ConditionCase> seen_cases() {
  const auto refused = [](int status) { return made::exchange("token", "refresh_token", {}, status); };
  const auto poll = made::exchange("token", "device_code", {}, 503);
  return {
      {"AskedForAnIdToken", "openid", openid("profile openid"), true},
      {"TheScopeAloneIsTheHarnesses", "openid", openid("openid", false), false},
      {"AnotherScopeOfThatBeginning", "openid", openid("openid2 xopenid"), false},
      {"NoScope", "openid", that_can("openid"), false},
      {"Discovered", "discovers", that_sent({made::exchange("discovery")}), true},
      {"DiscoveredNot", "discovers", that_sent({made::exchange("token")}), false},
      {"Introspected", "introspects", that_sent({made::exchange("introspect")}), true},
      {"CanIntrospect", "introspects", that_is([](Hello& hello) { hello.ops = {"introspect"}; }), true},
      {"IntrospectedNot", "introspects", {}, false},
      {"Public", "public", authenticated_by("none"), true},
      {"Confidential", "public", authenticated_by("client_secret_basic"), false},
      {"RedirectUri", "sends_redirect_uri", that_authorized_with({{"redirect_uri", "http://127.0.0.1/"}}), true},
      {"NoRedirectUri", "sends_redirect_uri", that_authorized_with({}), false},
      {"RedirectUriElsewhere", "sends_redirect_uri", that_sent({made::exchange("token", "", {{"redirect_uri", "x"}})}),
       false},
      {"NonceLeftOut", "no_nonce", that_authorized_with({}), true},
      {"NonceNotLeftOut", "no_nonce", that_authorized_with({{"nonce", "n"}}), false},
      {"NoAuthorizationNoMissingNonce", "no_nonce", that_sent({made::exchange("token")}), false},
      {"Assertion", "sends_assertion", that_sent({made::exchange("token", "", {{"client_assertion", "x"}})}), true},
      {"NoAssertion", "sends_assertion", that_sent({made::exchange("token")}), false},
      {"Nonce", "sent_nonce", that_authorized_with({{"nonce", "n"}}), true},
      {"NoNonce", "sent_nonce", that_authorized_with({}), false},
      {"EmptyNonce", "sent_nonce", that_authorized_with({{"nonce", ""}}), false},
      {"EmptyNonceIsLeftOut", "no_nonce", that_authorized_with({{"nonce", ""}}), true},
      {"State", "sent_state", that_authorized_with({{"state", "s"}}), true},
      {"NoState", "sent_state", that_authorized_with({}), false},
      {"Pkce", "sent_pkce", that_authorized_with({{"code_challenge", "c"}}), true},
      {"NoChallenge", "sent_pkce", that_authorized_with({}), false},
      {"ChallengeLeftOut", "no_pkce", that_authorized_with({{"state", "s"}}), true},
      {"ChallengeNotLeftOut", "no_pkce", that_authorized_with({{"code_challenge", "c"}}), false},
      {"Posted", "sent_form_post", that_authorized_with({{"response_mode", "form_post"}}), true},
      {"NotPosted", "sent_form_post", that_authorized_with({{"response_mode", "query"}}), false},
      {"AgainAfter429", "asked_again", that_sent({refused(429), refused(200)}), true},
      {"AgainAfterAnOutage", "asked_again", that_sent({refused(503), refused(200)}), true},
      {"AgainAfterSilence", "asked_again", that_sent({dropped(refused(200)), refused(200)}), true},
      {"AgainAfterSuccess", "asked_again", that_sent({refused(200), refused(200)}), false},
      {"AgainAfterADefiniteRefusal", "asked_again", that_sent({refused(400), refused(200)}), false},
      {"TriedAnotherWayToAuthenticate", "asked_again", that_sent({refused(503), attempt("client_secret_post")}), false},
      {"GaveUp", "asked_again", that_sent({refused(200), refused(503)}), false},
      {"AskedSomethingElse", "asked_again", that_sent({refused(503), made::exchange("discovery")}), false},
      {"AskedForAnotherGrant", "asked_again", that_sent({refused(503), poll}), false},
      {"Refreshed", "refreshes", that_sent({refused(400)}), true},
      {"RefreshedNot", "refreshes", that_sent({poll}), false},
      {"Polled", "polls", that_sent({poll}), true},
      {"PolledByAnotherName", "polls", that_sent({made::exchange("token", "", {{"device_code", "dc#1"}})}), true},
      {"PolledNot", "polls", that_sent({refused(200)}), false},
      {"Basic", "sends_basic", that_sent({with_header("authorization", "Basic fp:1")}), true},
      {"NoBasic", "sends_basic", that_sent({with_header("authorization", "Bearer at#1")}), false},
      {"Bearer", "sent_bearer", that_sent({with_header("authorization", "Bearer at#1")}), true},
      {"BearerInTheForm", "sent_bearer", that_sent({made::exchange("userinfo", "", {{"access_token", "at#1"}})}), true},
      {"ATokenAtTheTokenEndpoint", "sent_bearer", that_sent({made::exchange("token", "", {{"access_token", "at#1"}})}),
       false},
      {"NoBearer", "sent_bearer", that_sent({made::exchange("userinfo")}), false},
  };
}
INSTANTIATE_TEST_SUITE_P(Seen, ConditionTest, ::testing::ValuesIn(seen_cases()),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(Conditions, EachOneIsTestedBothWays) {
  std::set<std::pair<std::string, bool>> tested;
  for (const auto& cases : {declared_cases(), seen_cases()}) {
    for (const ConditionCase& one : cases) {
      tested.emplace(one.condition, one.holds);
    }
  }
  for (const std::string& name : condition_names()) {
    EXPECT_TRUE(tested.contains({name, true}) && tested.contains({name, false})) << name;
  }
}

TEST(Conditions, TheDeclaredOnesNeedNoExchange) {
  for (const ConditionCase& one : declared_cases()) {
    EXPECT_TRUE(find_condition(one.condition)->declared) << one.condition;
  }
  for (const ConditionCase& one : seen_cases()) {
    EXPECT_FALSE(find_condition(one.condition)->declared) << one.condition;
  }
}

TEST(Conditions, AnUnknownNameIsNone) {
  EXPECT_EQ(find_condition("sends_nonce"), nullptr);
}

}  // namespace
}  // namespace scenarios
