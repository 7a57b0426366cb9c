#include <atomic>
#include <thread>
#include <vector>

#include "../issuer_fixture.hpp"
#include "stores/pushed_store.hpp"
#include "stores/registration_store.hpp"

namespace mockserver::test {
namespace {

constexpr const char* kUri = "urn:ietf:params:oauth:request_uri:x";

class PushedStoreTest : public testing::Test {
 protected:
  void SetUp() override { store_.add(kUri, {"app", {{"state", "s"}}, kStart + 90s}, kStart); }
  PushedStore store_;
};

TEST_F(PushedStoreTest, IsFoundByItsClientUntilItExpires) {
  EXPECT_TRUE(store_.find(kUri, "app", kStart + 90s - 1ms).has_value());
  EXPECT_FALSE(store_.find(kUri, "app", kStart + 90s).has_value());
  EXPECT_FALSE(store_.find(kUri, "service", kStart).has_value());
  EXPECT_FALSE(store_.find("another", "app", kStart).has_value());
}

TEST_F(PushedStoreTest, OfManyAtOnceOneUsesIt) {
  std::atomic<int> used = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { used += store_.use(kUri) ? 1 : 0; });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(used, 1);
  EXPECT_FALSE(store_.use("another"));
}

TEST_F(PushedStoreTest, ItsStateCanBeSetBack) {
  const auto before = store_.snapshot();
  EXPECT_TRUE(store_.use(kUri));
  store_.restore(before);
  EXPECT_TRUE(store_.use(kUri));
  store_.restore({});
  EXPECT_FALSE(store_.find(kUri, "app", kStart).has_value());
}

TEST(RegistrationStoreTest, ItsStateCanBeSetBack) {
  RegistrationStore store;
  store.put("c", {"token", kStart, {{"client_name", "C"}}});
  const auto before = store.snapshot();
  store.remove("c");
  EXPECT_FALSE(store.find("c").has_value());
  store.restore(before);
  EXPECT_EQ(store.find("c")->token, "token");
}

}  // namespace
}  // namespace mockserver::test
