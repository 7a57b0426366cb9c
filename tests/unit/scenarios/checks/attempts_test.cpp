#include "hand_made_run.hpp"

/// Clients that find out by trial how to authenticate: what the issuer refused for not knowing who asks is no progress.
namespace scenarios {
namespace {

/// Each refresh is tried with Basic first, which the issuer refuses: at 0, 20 and 21 s; the second one is scripted to
/// fail.
class ProbingRun : public ChecksTest {
 protected:
  ProbingRun() {
    evidence_.exchanges.clear();
    add("discovery", "", 0, {});
    attempt(0, "rt#1");
    refresh(0, "rt#1");
    attempt(20, "rt#2");
    refresh(20, "rt#2");
    evidence_.exchanges.back().status = 401;
    evidence_.exchanges.back().reply_body = R"({"error":"invalid_client"})";
    evidence_.exchanges.back().steps = {"refused"};
    attempt(21, "rt#2");
    refresh(21, "rt#2");
    evidence_.records = {
        {1, "renew", {}, {}, "ok", 1, 3}, {2, "renew", {}, {}, "err", 4, 5}, {3, "renew", {}, {}, "", 6, 6}};
  }

  void refresh(int seconds, const char* token) {
    add("token", "refresh_token", seconds, {{"refresh_token", token}, {"client_secret", "secret#1"}});
    evidence_.exchanges.back().client_auth = "client_secret_post";
  }
  void attempt(int seconds, const char* token) {
    add("token", "refresh_token", seconds, {{"refresh_token", token}, {"client_secret", ""}});
    auto& exchange = evidence_.exchanges.back();
    exchange.headers.add("Authorization", "Basic app:secret#1");
    exchange.client_auth = "client_secret_basic";
    exchange.status = 401;
    exchange.reply_body = R"({"error":"invalid_client"})";
  }
};

struct ProbingCase {
  const char* name;
  const char* body;
  Answer answer;
};
class ProbingTest : public ProbingRun, public ::testing::WithParamInterface<ProbingCase> {};

TEST_P(ProbingTest, IsJudgedByWhatItAskedFor) {
  const Judgement judgement = judge_requests(oidc::Json::parse(GetParam().body), evidence_);
  EXPECT_EQ(word(judgement.answer), word(GetParam().answer)) << judgement.observed;
}

constexpr ProbingCase kProbing[] = {
    {"Count", R"({"to":"token","count":3})", Answer::kKept},
    {"CountDuring", R"({"to":"token","during":1,"count":1})", Answer::kKept},
    {"WithTheAttempts", R"({"to":"token","unrecognised":true,"count":6})", Answer::kKept},
    {"AskedForInSo", R"({"to":"token","unrecognised":false,"count":3})", Answer::kKept},
    {"ByStatus", R"({"to":"token","status":401,"count":4})", Answer::kKept},
    {"Nth", R"({"to":"token","nth":2,"form":{"refresh_token":"rt#2"}})", Answer::kKept},
    {"NthIsTheScripted", R"({"to":"token","nth":2,"form":{"refresh_token":"rt#1"}})", Answer::kBroken},
    {"Gaps", R"({"to":"token","gaps":{"2":20,"3":1}})", Answer::kKept},
    {"Headers", R"({"to":"token","headers":{"Authorization":{"absent":true}}})", Answer::kKept},
    {"HeadersOfTheAttempts", R"({"to":"token","unrecognised":true,"headers":{"Authorization":{"absent":true}}})",
     Answer::kBroken},
    {"ByTheWayToAuthenticate", R"({"to":"token","auth":"client_secret_post","unrecognised":true,"count":3})",
     Answer::kKept},
    {"ByTheWayOfTheAttempts", R"({"to":"token","auth":"client_secret_basic","count":0})", Answer::kKept},
    {"OneWayEach", R"({"to":"token","unrecognised":true,"authentications":1})", Answer::kKept},
    {"TwoWaysEach", R"({"to":"token","authentications":2})", Answer::kBroken},
    {"WaysOfNone", R"({"to":"jwks","authentications":1})", Answer::kNoEvidence},
    {"WaysOfTheNth", R"({"to":"token","nth":3,"authentications":"<=1"})", Answer::kKept},
    {"NothingButAnAttempt", R"({"to":"token","during":3,"form":{"refresh_token":"rt#2"}})", Answer::kNoEvidence},
    {"FewEnoughAfterAnAttempt", R"({"to":"token","during":3,"count":"<=2"})", Answer::kKept},
};
INSTANTIATE_TEST_SUITE_P(Attempts, ProbingTest, ::testing::ValuesIn(kProbing),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(ProbingRun, TheOrderIsThatOfWhatWasAskedFor) {
  EXPECT_EQ(word(judge_order(oidc::Json::parse(R"(["discovery","token","token","token"])"), evidence_).answer), "kept");
}

TEST_F(ProbingRun, TwoWaysInOneRequestAreSeenWhereverTheyAre) {
  evidence_.exchanges.back().headers.add("Authorization", "Basic app:secret#1");
  EXPECT_EQ(word(judge_requests(oidc::Json::parse(R"({"to":"token","authentications":1})"), evidence_).answer),
            "broken");
}

}  // namespace
}  // namespace scenarios
