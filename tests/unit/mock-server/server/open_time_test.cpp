#include "server/open_time.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include "mockserver/server.hpp"
#include "raw_client.hpp"

namespace mockserver {
namespace {

using namespace std::chrono_literals;

TEST(OpenTime, PassesWhileAtLeastOneExchangeIsOpen) {
  oidc::VirtualClock clock{oidc::TimePoint{}};
  OpenTime time{clock};
  clock.advance(10s);
  EXPECT_EQ(time.total(), 0s);
  std::optional<OpenTime::Span> one{time};
  clock.advance(1s);
  EXPECT_EQ(time.total(), 1s) << "it is open still";
  std::optional<OpenTime::Span> other{time};
  clock.advance(2s);
  one.reset();
  clock.advance(4s);
  other.reset();
  clock.advance(8s);
  EXPECT_EQ(time.total(), 7s) << "together, not added up";
}

bool within_seconds(const std::function<bool()>& condition) {
  const oidc::SystemClock clock;
  for (const auto deadline = clock.steady_now() + 30s; clock.steady_now() < deadline; std::this_thread::yield()) {
    if (condition()) {
      return true;
    }
  }
  return false;
}

TEST(OpenTime, OfAServerPassesWhileItAnswersAndNotBetween) {
  std::atomic<Server*> running = nullptr;
  std::atomic<bool> passed = false;
  const auto server =
      Server::start({}, [&](const oidc::HttpRequest&) {
        passed = within_seconds([&] { return running.load()->open_time() >= 2ms; });
        return ServedReply{.reply = {.response = {.status = 200, .headers = {}, .body = ""}, .delivery = {}}};
      }).value();
  running = server.get();
  const testing_support::RawClient idle{server->port()};
  testing_support::RawClient client{server->port()};
  EXPECT_EQ(server->open_time(), 0ms);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(passed);
  const oidc::SystemClock clock;
  const auto stands_still = [&] {
    const auto before = server->open_time();
    const auto later = clock.steady_now() + 5ms;
    return within_seconds([&] { return clock.steady_now() >= later; }) && server->open_time() == before;
  };
  EXPECT_TRUE(within_seconds(stands_still)) << "connections alone are no exchanges";
}

}  // namespace
}  // namespace mockserver
