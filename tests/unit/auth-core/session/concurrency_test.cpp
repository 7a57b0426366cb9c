#include <thread>
#include <vector>

#include "authcore/auth.hpp"
#include "session_fixture.hpp"

namespace authcore::test {
namespace {

class ConcurrencyTest : public SessionTest {
 protected:
  /// Runs `work` on that many threads at once, each an actor of the clock.
  template <typename Work>
  void together(int count, const Work& work) {
    std::vector<std::unique_ptr<oidc::VirtualClock::Actor>> actors;
    for (int i = 0; i < count; ++i) {
      // Made before any thread starts, or time could jump while only some of them run.
      actors.push_back(std::make_unique<oidc::VirtualClock::Actor>(clock_));
    }
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        work(i);
        actors[static_cast<std::size_t>(i)].reset();
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
};

TEST_F(ConcurrencyTest, ThirtyTwoThreadsAtTheThresholdCauseOneRefresh) {
  judges({"RFR-018", "W-04", "A-04"});
  constexpr int kThreads = 32;
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  client_.delay = seconds{1};
  clock_.advance(seconds{76});

  std::vector<std::string> got(kThreads);
  together(kThreads, [&](int i) { got[static_cast<std::size_t>(i)] = token_of(*session); });
  EXPECT_THAT(got, ::testing::Each("A1"));
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
  EXPECT_EQ(clock_.steady_now(), seconds{77}) << "only the request itself took time";
}

TEST_F(ConcurrencyTest, WaitersShareAFailure) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(server_error());
  client_.delay = milliseconds{100};
  clock_.advance(seconds{100});

  std::vector<std::string> got(8);
  together(8, [&](int i) { got[static_cast<std::size_t>(i)] = token_of(*session); });
  EXPECT_THAT(got, ::testing::Each("error server_error"));
  EXPECT_EQ(client_.shown().size(), 1U);
}

TEST_F(ConcurrencyTest, CallersShareOneLogin) {
  const auto session = relogin();
  client_.will_log_in(tokens("A0", 100));
  client_.delay = seconds{1};
  std::vector<std::string> got(8);
  together(8, [&](int i) { got[static_cast<std::size_t>(i)] = token_of(*session); });
  EXPECT_THAT(got, ::testing::Each("A0"));
  EXPECT_EQ(client_.login_count(), 1);
}

TEST_F(ConcurrencyTest, TwoContextsOnOneStoreCauseOneRefresh) {
  judges({"RFR-019", "W-05", "A-04"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto first = refreshing();
  const auto second = refreshing();
  EXPECT_EQ(token_of(*first), "A0");
  EXPECT_EQ(token_of(*second), "A0");
  client_.will_refresh(tokens("A1", 100, "R1"));
  client_.delay = seconds{1};
  clock_.advance(seconds{76});

  std::vector<std::string> got(2);
  together(2, [&](int i) { got[static_cast<std::size_t>(i)] = token_of(i == 0 ? *first : *second); });
  EXPECT_THAT(got, ::testing::Each("A1"));
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
  EXPECT_EQ(events_.count("credential.reloaded"), 1U);
}

TEST_F(ConcurrencyTest, UpdatesAndReadsMayRace) {
  const auto session = refreshing();
  session->update_credential(credential_of(tokens("A", 100, "R"))).value();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 500; ++round) {
        if (i == 0) {
          session->update_credential(credential_of(tokens("A" + std::to_string(round), 100, "R"))).value();
        } else {
          EXPECT_EQ(token_of(*session).at(0), 'A');
          EXPECT_TRUE(session->is_initialized());
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(token_of(*session), "A499");
}

}  // namespace
}  // namespace authcore::test
