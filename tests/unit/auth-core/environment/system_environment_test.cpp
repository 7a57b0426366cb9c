#include "authcore/system_environment.hpp"

#include <string>

#include "authcore/client.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::test::FailsWith;

TEST(SystemEnvironment, IsAllThatAClientNeeds) {
  SystemEnvironment system;
  const auto client = make_client({{"client_type", "oidc_client_credentials_secret"},
                                   {"auth_server", "http://127.0.0.1:1"},
                                   {"client_id", "id"},
                                   {"client_secret", "s"}},
                                  system.environment());
  ASSERT_TRUE(client.has_value());
  system.cancel();  // else it would retry, waiting in between
  EXPECT_FALSE((*client)->login({}).has_value());
}

TEST(SystemEnvironment, CancelsWhatWaits) {
  SystemEnvironment system;
  const Environment environment = system.environment();
  EXPECT_FALSE(environment.stop.stop_requested());
  system.cancel();
  EXPECT_TRUE(environment.stop.stop_requested());
  EXPECT_FALSE(environment.clock.sleep_for(std::chrono::hours{1}, environment.stop));
}

TEST(SystemEnvironment, SaysWhoSendsAsItIsTold) {
  SystemEnvironment system{{.http = {}, .log = {}, .sender = {.user_agent = "tool/1", .planet_app = "tool-1"}}};
  EXPECT_EQ(system.environment().sender.user_agent, "tool/1");
  EXPECT_EQ(system.environment().sender.planet_app, "tool-1");
}

TEST(SystemEnvironment, LogsToTheSinkItIsGiven) {
  std::string seen;
  SystemEnvironment system{
      {.http = {}, .log = [&](oidc::LogLevel, std::string_view event, const oidc::Json&) { seen = event; }}};
  system.environment().log.info("hello");
  EXPECT_EQ(seen, "hello");
}

}  // namespace
}  // namespace authcore
