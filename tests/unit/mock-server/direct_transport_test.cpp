#include "mockserver/direct_transport.hpp"

#include <memory>
#include <thread>

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class DirectTransportTest : public testing::Test {
 protected:
  void once(const oidc::Json& action) { issuer_->script().add(parse_step({{"do", action}}, ++steps_).value()); }
  oidc::Result<oidc::HttpResponse> ask(const std::string& method = "GET") {
    return transport_.send({method, "https://issuer.test/alpha/jwks", {}, ""});
  }
  /// Time waits for the second thread from before it starts until it has its answer, and no longer.
  void ask_twice_at_once() {
    auto second = std::make_unique<oidc::VirtualClock::Actor>(clock_);
    std::thread other{[&] {
      EXPECT_TRUE(ask());
      second.reset();
    }};
    EXPECT_TRUE(ask());
    const oidc::WaitScope waiting{clock_};
    other.join();
  }

  oidc::VirtualClock clock_{kStart};
  oidc::VirtualClock::Actor actor_{clock_};
  Issuers issuers_{"https://issuer.test"};
  std::shared_ptr<Issuer> issuer_ =
      issuers_.create("alpha", parse_issuer_config(oidc::Json::object()).value(), clock_).value();
  DirectTransport transport_{issuers_, clock_};
  std::size_t steps_ = 0;
};

TEST_F(DirectTransportTest, NobodyAnswersAtAnotherOrigin) {
  EXPECT_EQ(transport_.send({"GET", "https://other.test/alpha/jwks", {}, ""}).error().code, oidc::Errc::kConnectFailed);
}

TEST_F(DirectTransportTest, WhatIsSentToASecondOriginIsStrayAlsoWhileTheServerIsDown) {
  transport_.answer_also_at("https://second.test");
  issuers_.on_stray([&](const auto& request) { return issuer_->refuse_stray(request); });
  once({{"refuse", {{"for", 5}}}});
  EXPECT_TRUE(ask());
  EXPECT_EQ(transport_.send({"GET", "https://second.test/alpha/jwks", {}, ""}).value().status, 404);
  EXPECT_EQ(issuer_->journal().exchanges().back().path, "https://second.test/alpha/jwks");
  EXPECT_EQ(transport_.send({"GET", "https://third.test/", {}, ""}).error().code, oidc::Errc::kConnectFailed);
}

TEST_F(DirectTransportTest, SleepsADelayOnTheClock) {
  once({{"delay", 3600}});
  EXPECT_EQ(ask().value().status, 200);
  EXPECT_EQ(clock_.now(), kStart + 1h);
}

TEST_F(DirectTransportTest, ATrickledReplyTakesThePausesBetweenItsPieces) {
  once({{"trickle", {{"bytes", 1'000'000}, {"every", 3600}}}});
  EXPECT_EQ(ask().value().status, 200);
  EXPECT_EQ(clock_.now(), kStart) << "one piece has no pause";
  once({{"status", 204}, {"headers", {{"Date", "x"}}}, {"trickle", {{"bytes", 10}, {"every", 1}}}});
  EXPECT_EQ(ask().value().status, 204);
  // "HTTP/1.1 204 No Content", "Date: x" and an empty line, each with CRLF: 25 + 9 + 2 bytes.
  EXPECT_EQ(clock_.now(), kStart + 3s);
}

struct LostCase {
  const char* name;
  oidc::Json action;
  oidc::Errc code;
};
class LostReplyTest : public DirectTransportTest, public testing::WithParamInterface<LostCase> {};

TEST_P(LostReplyTest, MayHaveHadItsEffect) {
  once(GetParam().action);
  const auto lost = ask();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, GetParam().code);
  EXPECT_FALSE(lost.error().definite);
  EXPECT_TRUE(ask()) << "once only";
}
const LostCase kLost[] = {
    {"Drop", {{"drop", true}}, oidc::Errc::kNetwork},
    {"CommitThenDrop", {{"commit_then_drop", "mid_body"}}, oidc::Errc::kNetwork},
    {"Reset", {{"reset", "before"}}, oidc::Errc::kNetwork},
    {"ResetAfterHeaders", {{"reset", "after_headers"}}, oidc::Errc::kNetwork},
    {"Empty", {{"empty", true}}, oidc::Errc::kNetwork},
    {"Truncate", {{"truncate", true}}, oidc::Errc::kNetwork},
    {"BadChunk", {{"bad_chunk", true}}, oidc::Errc::kNetwork},
    {"Hang", {{"hang", true}}, oidc::Errc::kTimeout},
};
INSTANTIATE_TEST_SUITE_P(Faults, LostReplyTest, testing::ValuesIn(kLost),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(DirectTransportTest, AHangingReplyCostsTheClientsPatience) {
  once({{"hang", true}});
  EXPECT_FALSE(ask());
  EXPECT_EQ(clock_.now(), kStart + 30s);
}

TEST_F(DirectTransportTest, RefusesConnectionsForAWhileAfterTheReply) {
  once({{"refuse", {{"for", 5}}}});
  EXPECT_TRUE(ask());
  EXPECT_EQ(ask().error().code, oidc::Errc::kConnectFailed);
  EXPECT_EQ(issuer_->journal().size(), 1U);
  clock_.sleep_for(5s - 1ms);
  EXPECT_FALSE(ask());
  clock_.sleep_for(1ms);
  EXPECT_TRUE(ask());
}

TEST_F(DirectTransportTest, OneHandshakeGoesWrong) {
  const std::pair<const char*, oidc::Errc> cases[] = {{"abort", oidc::Errc::kConnectFailed},
                                                      {"expired", oidc::Errc::kTls},
                                                      {"wrong_name", oidc::Errc::kTls},
                                                      {"untrusted", oidc::Errc::kTls}};
  for (const auto& [fault, code] : cases) {
    once({{"tls", fault}});
    EXPECT_TRUE(ask()) << fault;
    EXPECT_EQ(ask().error().code, code) << fault;
    EXPECT_TRUE(ask()) << fault;
  }
  once({{"tls", "swap"}});
  EXPECT_TRUE(ask());
  EXPECT_TRUE(ask()) << "a good certificate, only another";
}

TEST_F(DirectTransportTest, ABarrierLetsTogetherGoWhatCameTogether) {
  issuer_->script().add(parse_step({{"times", 2}, {"do", {{"barrier", {{"count", 2}, {"timeout", 60}}}}}}, 1).value());
  ask_twice_at_once();
  EXPECT_EQ(issuer_->script().states().at(0).delivered, 2U);
  EXPECT_EQ(clock_.now(), kStart);
}

TEST_F(DirectTransportTest, SerializedRepliesWaitForEachOther) {
  issuer_->script().add(parse_step({{"times", 2}, {"do", {{"serialize", true}, {"delay", 3600}}}}, 1).value());
  ask_twice_at_once();
  EXPECT_EQ(clock_.now(), kStart + 2h);
}

TEST_F(DirectTransportTest, ABarrierThatIsNotReachedWasNotDelivered) {
  issuer_->script().add(parse_step({{"times", 2}, {"do", {{"barrier", {{"count", 2}, {"timeout", 60}}}}}}, 1).value());
  EXPECT_TRUE(ask());
  EXPECT_TRUE(ask());
  EXPECT_EQ(clock_.now(), kStart + 120s);
  EXPECT_EQ(issuer_->script().states().at(0).delivered, 0U);
  EXPECT_FALSE(issuer_->verdict().at("as_expected"));
}

}  // namespace
}  // namespace mockserver::test
