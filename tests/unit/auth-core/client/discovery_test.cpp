#include "client/discovery.hpp"

#include <thread>

#include "client_world.hpp"
#include "judges.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using testing::HasSubstr;

class DiscoveryTest : public test::ClientWorld {
 protected:
  void answer_changed(const std::string& name, const Json& value) {
    Json changed = test::metadata();
    changed[name] = value;
    answer_json(200, changed);
  }

  ClientConfig config_ = [] {
    ClientConfig config;
    config.auth_server = test::kServer;
    return config;
  }();
  HttpPolicy policy_{environment()};
  Discovery discovery_{config_, policy_, environment()};
};

TEST_F(DiscoveryTest, FetchesOnceAndNotBeforeItIsNeeded) {
  judges({"DISC-002", "DISC-003", "DISC-004", "DISC-005"});
  EXPECT_EQ(http_.count(), 0U);
  answer_metadata();
  EXPECT_EQ(discovery_.endpoint("token_endpoint").value(), test::kServer + "/token");
  clock_.advance(24h - 1ms);
  EXPECT_EQ(discovery_.issuer().value(), test::kServer);
  EXPECT_EQ(http_.count(), 1U);
  EXPECT_EQ(http_.request(0).url, test::kServer + "/.well-known/openid-configuration");
}

TEST_F(DiscoveryTest, NamesTheUrlThatHasNoMetadata) {
  http_.answer(oidc::HttpResponse{404, {{"Content-Type", "text/html"}}, "<html>"});
  EXPECT_THAT(discovery_.document(),
              FailsWith(Errc::kServer, HasSubstr("HTTP 404 (" + test::kServer + "/.well-known/openid-configuration)")));
}

TEST_F(DiscoveryTest, FetchesAgainWhatIsADayOld) {
  judges({"DISC-004", "W-53"});
  answer_metadata();
  ASSERT_THAT(discovery_.document(), IsOk());
  clock_.advance(24h);
  answer_changed("token_endpoint", test::kServer + "/moved");
  EXPECT_EQ(discovery_.endpoint("token_endpoint").value(), test::kServer + "/moved");
}

TEST_F(DiscoveryTest, KeepsAnOldDocumentThatCannotBeRenewedAndTriesFiveMinutesLater) {
  judges({"W-53"});
  answer_metadata();
  ASSERT_THAT(discovery_.document(), IsOk());
  clock_.advance(24h);
  answer_json(500, Json::object());
  EXPECT_EQ(discovery_.endpoint("token_endpoint").value(), test::kServer + "/token");
  clock_.advance(5min - 1ms);
  EXPECT_THAT(discovery_.document(), IsOk());
  EXPECT_EQ(http_.count(), 2U);
  clock_.advance(1ms);
  answer_changed("issuer", "https://evil.test");
  EXPECT_EQ(discovery_.issuer().value(), test::kServer);
  EXPECT_EQ(http_.count(), 3U);
}

TEST_F(DiscoveryTest, DoesNotDoubleATrailingSlashAndComparesItExactly) {
  judges({"DISC-002", "A-20"});
  config_.auth_server = test::kServer + "/";
  answer_metadata();
  EXPECT_THAT(discovery_.document(), FailsWith(Errc::kIssuerMismatch, HasSubstr("auth_server has a trailing slash")));
  EXPECT_EQ(http_.request(0).url, test::kServer + "/.well-known/openid-configuration");
  answer_changed("issuer", test::kServer + "/");
  EXPECT_THAT(discovery_.document(), IsOk());
}

TEST_F(DiscoveryTest, NamesASlashThatAuthServerLacks) {
  answer_changed("issuer", test::kServer + "/");
  EXPECT_THAT(discovery_.document(), FailsWith(Errc::kIssuerMismatch, HasSubstr("lacks the trailing slash")));
}

TEST_F(DiscoveryTest, TriesNoOtherPlace) {
  judges({"DISC-002"});
  answer_json(404, Json::object());
  EXPECT_THAT(discovery_.document(), FailsWith(Errc::kServer));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(DiscoveryTest, DoesNotKeepAFailure) {
  judges({"DISC-003"});
  answer_json(500, Json::object());
  EXPECT_THAT(discovery_.document(), FailsWith(Errc::kServerError));
  answer_metadata();
  EXPECT_THAT(discovery_.document(), IsOk());
}

TEST_F(DiscoveryTest, RefusesTheMetadataOfAnotherIssuer) {
  judges({"DISC-008", "W-07"});
  answer_changed("issuer", "https://evil.test");
  EXPECT_THAT(discovery_.endpoint("token_endpoint"),
              FailsWith(Errc::kIssuerMismatch, testing::Not(HasSubstr("slash"))));
}

TEST_F(DiscoveryTest, NeedsAnIssuerInTheMetadata) {
  judges({"DISC-007", "W-13"});
  answer_changed("issuer", 7);
  EXPECT_THAT(discovery_.document(), FailsWith(Errc::kMalformedResponse));
}

TEST_F(DiscoveryTest, BelievesAConfiguredIssuerInstead) {
  judges({"CFG-006", "DISC-008"});
  config_.issuer = "https://issuer.test";
  EXPECT_EQ(discovery_.issuer().value(), "https://issuer.test");
  EXPECT_EQ(http_.count(), 0U);
  answer_metadata();
  EXPECT_THAT(discovery_.endpoint("token_endpoint"), IsOk());
}

TEST_F(DiscoveryTest, TakesAConfiguredEndpointWithoutAsking) {
  judges({"CFG-007"});
  config_.endpoints["token_endpoint"] = "https://other.test/token";
  EXPECT_EQ(discovery_.endpoint("token_endpoint").value(), "https://other.test/token");
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(DiscoveryTest, NamesTheEndpointThatIsMissing) {
  judges({"DISC-007"});
  answer_changed("device_authorization_endpoint", nullptr);
  EXPECT_THAT(discovery_.endpoint("device_authorization_endpoint"),
              FailsWith(Errc::kUnsupportedByServer, HasSubstr("device_authorization_endpoint")));
}

TEST_F(DiscoveryTest, RefusesAnEndpointInClear) {
  answer_changed("token_endpoint", "http://as.test/token");
  EXPECT_THAT(discovery_.endpoint("token_endpoint"), FailsWith(Errc::kMalformedResponse, HasSubstr("token_endpoint")));
}

TEST_F(DiscoveryTest, RefusesAnEndpointOfAWrongType) {
  answer_changed("token_endpoint", 7);
  EXPECT_THAT(discovery_.endpoint("token_endpoint"), FailsWith(Errc::kMalformedResponse));
}

TEST_F(DiscoveryTest, KnowsThePromiseOfAnIssuerOnlyFromFetchedMetadata) {
  EXPECT_FALSE(discovery_.promises_response_issuer());
  answer_changed("authorization_response_iss_parameter_supported", true);
  ASSERT_THAT(discovery_.document(), IsOk());
  EXPECT_TRUE(discovery_.promises_response_issuer());
}

TEST_F(DiscoveryTest, SharesOneFetchBetweenThreads) {
  http_.answer_with([&](const oidc::HttpRequest&) {
    clock_.sleep_for(5s);
    return oidc::test::json_reply(200, test::metadata());
  });
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const oidc::VirtualClock::Actor actor{clock_};
      EXPECT_THAT(discovery_.document(), IsOk());
    });
  }
  const oidc::WaitScope waiting{clock_};
  threads.clear();
  EXPECT_EQ(http_.count(), 1U);
}

}  // namespace
}  // namespace authcore
