#include "mockserver/journal.hpp"

#include <thread>

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class JournalTest : public IssuerTest {
 protected:
  Exchange last() { return issuer_->journal().exchanges().back(); }
};

TEST(JournalOrderTest, ExchangesAreOrderedByArrivalHoweverTheyEnd) {
  Journal journal;
  for (const std::size_t seq : {journal.arrive(), journal.arrive(), journal.arrive()}) {
    EXPECT_GT(seq, 0U);
  }
  for (const std::size_t seq : {2, 3, 1}) {
    Exchange exchange;
    exchange.seq = seq;
    journal.add(exchange);
  }
  std::vector<std::size_t> order;
  for (const auto& exchange : journal.exchanges()) {
    order.push_back(exchange.seq);
  }
  EXPECT_THAT(order, testing::ElementsAre(1, 2, 3));
}

TEST(JournalCapTest, TheOldestAreDroppedAndAllAreCounted) {
  Journal journal{3};
  for (const char* endpoint : {"", "token", "token", "jwks", "token"}) {
    Exchange exchange;
    exchange.seq = journal.arrive();
    exchange.endpoint = endpoint;
    journal.add(exchange);
  }
  EXPECT_EQ(journal.size(), 3U);
  EXPECT_EQ(journal.dropped(), 2U);
  EXPECT_EQ(journal.exchanges().front().seq, 3U);
  EXPECT_EQ(journal.count(""), 5U);
  EXPECT_EQ(journal.count("token"), 3U);
  EXPECT_EQ(journal.count("revoke"), 0U);
  EXPECT_EQ(journal.unmatched(), 1U);
  EXPECT_TRUE(journal.wait_for("token", 3, std::chrono::milliseconds{0}));
}

TEST(JournalCapTest, LongExchangesAreFewer) {
  Journal journal;
  for (std::size_t i = 0; i < 200; ++i) {
    Exchange exchange;
    exchange.seq = journal.arrive();
    exchange.headers.add("X-Wide", std::string(1U << 20U, 'x'));
    journal.add(std::move(exchange));
  }
  EXPECT_LE(journal.size(), Journal::kMostBytes >> 20U);
  EXPECT_GE(journal.size(), 60U);
  EXPECT_EQ(journal.latest(), 200U);
  EXPECT_EQ(journal.count(""), 200U);
  journal.clear();
  for (std::size_t i = 0; i < 70; ++i) {
    Exchange exchange;
    exchange.seq = journal.arrive();
    exchange.reply_body = std::string(1U << 20U, 'x');
    journal.add(std::move(exchange));
  }
  EXPECT_GE(journal.size(), 60U) << "what was cleared takes no room";
}

TEST_F(JournalTest, AnUnmatchedRequestSpoilsTheVerdictEvenOnceItIsDropped) {
  start({{"journal_max", 2}});
  get("/favicon.ico");
  for (int i = 0; i < 3; ++i) {
    get("/jwks");
  }
  const auto verdict = issuer_->verdict();
  EXPECT_EQ(verdict.at("as_expected"), false);
  EXPECT_EQ(verdict.at("exchanges"), 4);
  EXPECT_EQ(verdict.at("dropped"), 2);
}

TEST_F(JournalTest, RedactedBodiesTakeNoMoreRoomThanTheyNeed) {
  service_token();
  EXPECT_LE(last().reply_body.capacity(), 2 * last().reply_body.size());
}

TEST_F(JournalTest, SecretsAppearByLineageName) {
  const auto first = login();
  refresh(first);
  const auto exchange = last();
  EXPECT_EQ(exchange.grant, "refresh_token");
  EXPECT_EQ(exchange.client, "app");
  EXPECT_EQ(exchange.client_auth, "none");
  EXPECT_EQ(exchange.form.value_or_empty("refresh_token"), "rt#1");
  const auto body = oidc::parse_json(exchange.reply_body).value();
  EXPECT_EQ(body.at("access_token"), "at#2");
  EXPECT_EQ(body.at("refresh_token"), "rt#2");
  EXPECT_EQ(body.at("id_token"), "id#2");
  EXPECT_EQ(issuer_->ledger().entries().back().parent, "rt#1");
}

TEST_F(JournalTest, NoSecretOfAnyKindIsKeptAnywhere) {
  const auto tokens = login();
  userinfo(tokens.at("access_token"));
  refresh(tokens);
  service_token();
  post("/token", {{"grant_type", "client_credentials"}, {"client_id", "service-post"}, {"client_secret", kSecret}});
  poll(device());
  get("/userinfo?access_token=" + tokens.at("access_token").get<std::string>());
  const auto entries = issuer_->ledger().entries();
  for (const auto& exchange : issuer_->journal().exchanges()) {
    const std::string text = oidc::to_text(to_json(exchange));
    for (const auto& entry : entries) {
      EXPECT_EQ(text.find(entry.value), std::string::npos) << entry.name << " in " << text;
    }
    EXPECT_EQ(text.find(kVerifier), std::string::npos);
  }
}

TEST_F(JournalTest, CredentialsAreShownByWhoseTheyAre) {
  service_token();
  EXPECT_EQ(last().headers.get("Authorization"), "Basic service:secret#1");
  userinfo(login().at("access_token"));
  EXPECT_EQ(last().headers.get("Authorization"), "Bearer at#2");
  userinfo("made-up");
  EXPECT_THAT(last().headers.get("Authorization").value(), testing::MatchesRegex("Bearer fp:[0-9a-f]{8}"));
}

TEST_F(JournalTest, FieldsThatHoldSecretsAreFingerprintsWhateverTheyHold) {
  get("/jwks", {{"DPoP", "made-up"}, {"Cookie", "session=made-up"}, {"Proxy-Authorization", "Basic made-up"}});
  for (const char* name : {"DPoP", "Cookie", "Proxy-Authorization"}) {
    EXPECT_THAT(last().headers.get(name).value(), testing::MatchesRegex("fp:[0-9a-f]{8}")) << name;
  }
}

class SecretNameTest : public JournalTest, public testing::WithParamInterface<const char*> {};

TEST_P(SecretNameTest, ItsValueIsNeverShown) {
  post("/token", {{"grant_type", "client_credentials"}, {GetParam(), "made-up-value"}},
       {{GetParam(), "made-up-value"}});
  get("/jwks?" + oidc::form_encode(GetParam()) + "=made-up-value");
  for (const auto& exchange : issuer_->journal().exchanges()) {
    EXPECT_THAT(oidc::to_text(to_json(exchange)), testing::Not(testing::HasSubstr("made-up-value")));
  }
  EXPECT_THAT(issuer_->journal().exchanges().front().form.value_or_empty(GetParam()),
              testing::MatchesRegex("fp:[0-9a-f]{8}"));
}
INSTANTIATE_TEST_SUITE_P(Parameters, SecretNameTest,
                         testing::Values("token", "access_token", "refresh_token", "id_token", "id_token_hint", "code",
                                         "device_code", "user_code", "code_verifier", "client_secret", "password",
                                         "assertion", "subject_token", "client_assertion", "actor_token", "request",
                                         "Client_Secret", "PASSWORD", "clientSecret", "passwd", "user-passwd", "pwd",
                                         "passphrase", "api_key", "apikey", "x-api-key", "private_key", "credentials",
                                         "dpop", "X-Auth-Token", "registration_access_token"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return "_" + name;
                         });

TEST_F(JournalTest, OtherParametersAreShown) {
  const oidc::Form others{{"grant_type", "client_credentials"},
                          {"token_type_hint", "access_token"},
                          {"subject_token_type", "urn:x"},
                          {"client_assertion_type", "urn:y"},
                          {"code_challenge", kChallenge},
                          {"code_challenge_method", "S256"},
                          {"tenant", "blue"}};
  post("/token", others);
  for (const auto& [name, value] : others) {
    EXPECT_EQ(last().form.value_or_empty(name), value);
  }
}

TEST_F(JournalTest, CredentialsInAnyFieldAreRedacted) {
  const std::string token = login().at("access_token");
  get("/jwks", {{"X-Original", "Bearer made-up"},
                {"X-Proxied", basic("service", kSecret)},
                {"X-Other", token},
                {"X-Session-Token", "made-up"}});
  EXPECT_THAT(last().headers.get("X-Original").value(), testing::MatchesRegex("Bearer fp:[0-9a-f]{8}"));
  EXPECT_EQ(last().headers.get("X-Proxied"), "Basic service:secret#1");
  EXPECT_EQ(last().headers.get("X-Other"), "at#1");
  EXPECT_THAT(last().headers.get("X-Session-Token").value(), testing::MatchesRegex("fp:[0-9a-f]{8}"));
}

TEST_F(JournalTest, AChallengeHoldsNoCredentialsAndIsShown) {
  userinfo("made-up");
  EXPECT_THAT(last().reply_headers.get("WWW-Authenticate").value(), testing::HasSubstr("error=\"invalid_token\""));
}

TEST_F(JournalTest, ASecretIsKnownHoweverItIsEscaped) {
  const std::string token = login().at("access_token");
  std::string escaped;
  std::string twice;
  std::string all;
  for (const char c : token) {
    escaped += c == '.' ? "%2E" : std::string{c};
    twice += c == '.' ? "%252e" : std::string{c};
    all += "%" + std::string{"0123456789ABCDEF"[static_cast<unsigned char>(c) / 16U]} +
           "0123456789ABCDEF"[static_cast<unsigned char>(c) % 16U];
  }
  for (const std::string& spelling : {escaped, twice, all}) {
    get("/userinfo/" + spelling);
    EXPECT_EQ(last().path, "/userinfo/at#1");
    get("/jwks", {{"Referer", "https://app.test/?x=" + spelling}});
    EXPECT_EQ(last().headers.get("Referer"), "https://app.test/?x=at#1");
    get("/jwks?x=" + spelling);
    EXPECT_EQ(last().path, "/jwks?x=at%231");
  }
  get("/userinfo/100%25/%zz%2");
  EXPECT_EQ(last().path, "/userinfo/100%25/%zz%2") << "what holds no secret stays as it was";
}

TEST_F(JournalTest, ASecretInTheWrongPlaceOfAnAuthorizationIsRedacted) {
  post("/token", {{"grant_type", "client_credentials"}}, {{"Authorization", basic(kSecret, "service")}});
  EXPECT_THAT(last().headers.get("Authorization").value(), testing::StartsWith("Basic secret#1:"));
  const std::string token = login().at("access_token");
  get("/userinfo", {{"Authorization", token + " Bearer"}});
  EXPECT_THAT(last().headers.get("Authorization").value(), testing::StartsWith("at#1 "));
}

TEST_F(JournalTest, OfAMebibyteOfParametersTheBeginningIsKept) {
  std::string words;
  while (words.size() < (1U << 20U)) {
    words += "word ";
  }
  post("/token", {{"grant_type", "client_credentials"}, {"scope", words}, {"more", "something"}});
  const std::string kept = last().form.value_or_empty("scope");
  EXPECT_THAT(kept, testing::StartsWith("word word "));
  EXPECT_THAT(kept, testing::EndsWith("... (" + std::to_string(words.size()) + " bytes)"));
  EXPECT_LT(kept.size(), 66'000U);
  EXPECT_EQ(last().form.value_or_empty("grant_type"), "client_credentials");
}

TEST_F(JournalTest, AuthorizationKeepsStateNonceAndChallenge) {
  const std::string value = code();
  const auto exchange = last();
  EXPECT_EQ(exchange.form.value_or_empty("state"), "st-1");
  EXPECT_EQ(exchange.form.value_or_empty("code_challenge"), kChallenge);
  EXPECT_THAT(exchange.reply_headers.get("Location").value(), testing::HasSubstr("code=code#1"));
  redeem(value);
  EXPECT_EQ(last().form.value_or_empty("code"), "code#1");
  EXPECT_THAT(last().form.value_or_empty("code_verifier"), testing::StartsWith("fp:"));
}

TEST_F(JournalTest, TimesAreTheIssuersAndStepsAreNamed) {
  clock_.advance(90s);
  script({{"id", "slow"}, {"do", {{"delay", 2}}}});
  service_token();
  const auto exchange = last();
  EXPECT_EQ(exchange.at, kStart + 90s);
  EXPECT_EQ(exchange.offset, 90s);
  EXPECT_EQ(exchange.delay, 2s);
  EXPECT_THAT(exchange.steps, testing::ElementsAre("slow"));
  EXPECT_EQ(exchange.path, "/token");
  EXPECT_EQ(exchange.endpoint, "token");
}

TEST_F(JournalTest, WaitForWakesWhenTheNthExchangeIsThere) {
  std::jthread asking{[&] {
    get("/jwks");
    service_token();
  }};
  EXPECT_TRUE(issuer_->journal().wait_for("token", 1, 30s));
  EXPECT_FALSE(issuer_->journal().wait_for("token", 2, 0ms));
  EXPECT_TRUE(issuer_->journal().wait_for("", 2, 0ms));
}

}  // namespace
}  // namespace mockserver::test
