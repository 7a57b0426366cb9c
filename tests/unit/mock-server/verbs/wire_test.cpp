// The verbs that say what happens to a reply on its way.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class WireVerbsTest : public IssuerTest {
 protected:
  void once(const oidc::Json& action) { script({{"do", action}}); }
  Delivery delivered(const oidc::Json& action) {
    once(action);
    return service_token().delivery;
  }
  bool was_delivered() { return issuer_->script().states().back().delivered == 1; }
  static std::string refused(const oidc::Json& step) {
    const auto parsed = parse_step(step, 1);
    return parsed ? "" : parsed.error().message;
  }
};

struct VerbCase {
  const char* name;
  oidc::Json action;
  Fault fault;
};
class FaultVerbTest : public WireVerbsTest, public testing::WithParamInterface<VerbCase> {};

TEST_P(FaultVerbTest, LosesTheReplyOfARequestThatWasProcessed) {
  const auto tokens = login();
  once(GetParam().action);
  const auto reply = refresh(tokens);
  EXPECT_EQ(reply.delivery.fault, GetParam().fault);
  EXPECT_TRUE(was_delivered());
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant") << "the lost reply had rotated the token";
}
const VerbCase kVerbs[] = {
    {"ResetBefore", {{"reset", "before"}}, Fault::kReset},
    {"ResetAfterHeaders", {{"reset", "after_headers"}}, Fault::kResetAfterHeaders},
    {"ResetMidBody", {{"reset", "mid_body"}}, Fault::kResetMidBody},
    {"CommitThenDropBeforeHeaders", {{"commit_then_drop", "before_headers"}}, Fault::kReset},
    {"CommitThenDropAfterHeaders", {{"commit_then_drop", "after_headers"}}, Fault::kResetAfterHeaders},
    {"CommitThenDropMidBody", {{"commit_then_drop", "mid_body"}}, Fault::kResetMidBody},
    {"Empty", {{"empty", true}}, Fault::kEmpty},
    {"Truncate", {{"truncate", true}}, Fault::kTruncate},
    {"BadChunk", {{"bad_chunk", true}}, Fault::kBadChunk},
    {"Hang", {{"hang", true}}, Fault::kHang},
};
INSTANTIATE_TEST_SUITE_P(Verbs, FaultVerbTest, testing::ValuesIn(kVerbs),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(WireVerbsTest, AResetBesideAStatusKeepsTheRequestFromHavingAnEffect) {
  const auto tokens = login();
  once({{"status", 503}, {"reset", "before"}});
  EXPECT_EQ(refresh(tokens).delivery.fault, Fault::kReset);
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(WireVerbsTest, ABodyThatIsNotThereCannotBreakOff) {
  for (const oidc::Json& action : {oidc::Json{{"truncate", true}}, {{"bad_chunk", true}}, {{"reset", "mid_body"}}}) {
    oidc::Json step = action;
    step["status"] = 503;
    EXPECT_EQ(delivered(step).fault, Fault::kNone) << action;
    EXPECT_FALSE(was_delivered()) << action;
  }
}

TEST_F(WireVerbsTest, TrickleRefuseAndDelayAreLeftToTheCaller) {
  const auto delivery =
      delivered({{"trickle", {{"bytes", 7}, {"every", 0.25}}}, {"refuse", {{"for", 2.5}}}, {"delay", 1}});
  EXPECT_EQ(delivery.trickle.bytes, 7U);
  EXPECT_EQ(delivery.trickle.every, 250ms);
  EXPECT_EQ(delivery.refuse, 2500ms);
  EXPECT_EQ(delivery.delay, 1s);
  EXPECT_EQ(clock_.now(), kStart);
}

TEST_F(WireVerbsTest, JitterIsDrawnFromTheSeed) {
  const auto draws = [this](std::uint64_t seed) {
    start({{"seed", seed}});
    script({{"times", "forever"}, {"do", {{"delay", 10}, {"jitter", 5}}}});
    std::vector<oidc::Duration> delays;
    for (int i = 0; i < 20; ++i) {
      delays.push_back(get("/jwks").delivery.delay);
    }
    return delays;
  };
  const auto delays = draws(7);
  EXPECT_THAT(delays, testing::Each(testing::AllOf(testing::Ge(10s), testing::Le(15s))));
  EXPECT_NE(*std::min_element(delays.begin(), delays.end()), *std::max_element(delays.begin(), delays.end()));
  EXPECT_EQ(delays, draws(7));
  EXPECT_NE(delays, draws(8));
}

TEST_F(WireVerbsTest, TlsNamesTheFaultOfTheNextHandshake) {
  const std::pair<const char*, TlsFault> cases[] = {{"abort", TlsFault::kAbort},
                                                    {"expired", TlsFault::kExpired},
                                                    {"wrong_name", TlsFault::kWrongName},
                                                    {"untrusted", TlsFault::kUntrusted},
                                                    {"swap", TlsFault::kSwap}};
  for (const auto& [name, fault] : cases) {
    EXPECT_EQ(delivered({{"tls", name}}).tls, fault) << name;
    EXPECT_TRUE(was_delivered());
  }
}

TEST_F(WireVerbsTest, PlainHttpHasNoHandshakeToGoWrong) {
  Issuer plain{parse_issuer_config(oidc::Json::object()).value(), "http://issuer.test/alpha", clock_};
  plain.script().add(parse_step({{"do", {{"tls", "abort"}}}}, 1).value());
  EXPECT_EQ(plain.handle({"GET", "http://issuer.test/alpha/jwks", {}, ""}).delivery.tls, TlsFault::kNone);
  EXPECT_EQ(plain.script().states().at(0).delivered, 0U);
}

TEST_F(WireVerbsTest, RequestsOfOneStepShareItsBarrier) {
  script({{"times", 2}, {"do", {{"barrier", {{"count", 2}}}}}});
  const auto first = service_token().delivery.barrier;
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(service_token().delivery.barrier, first);
  EXPECT_EQ(service_token().delivery.barrier, nullptr);
}

TEST_F(WireVerbsTest, SerializeGivesEachReplyItsTurn) {
  script({{"times", 2}, {"do", {{"serialize", true}}}});
  const auto first = service_token().delivery.turn;
  const auto second = service_token().delivery.turn;
  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_NE(first, second);
}

TEST_F(WireVerbsTest, WhatCanNotGoTogetherIsRefused) {
  EXPECT_EQ(refused({{"do", {{"drop", true}, {"hang", true}}}}),
            "/do/hang: has no effect beside \"drop\", which breaks the connection already");
  EXPECT_THAT(refused({{"do", {{"status", 503}, {"commit_then_drop", "mid_body"}}}}),
              testing::StartsWith("/do/commit_then_drop: has no effect beside \"status\", "));
  EXPECT_EQ(refused({{"do", {{"barrier", {{"count", 2}}}}}}),
            "/do/barrier/count: the step takes fewer requests than that; set \"times\"");
  EXPECT_EQ(refused({{"times", 2}, {"do", {{"barrier", {{"count", 2}}}}}}), "");
}

}  // namespace
}  // namespace mockserver::test
