#include "stores/assertion_store.hpp"

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

TEST(AssertionStoreTest, AnIdIsGoodOnceUntilItExpires) {
  AssertionStore store;
  EXPECT_TRUE(store.use("a", kStart + 60s, kStart));
  EXPECT_FALSE(store.use("a", kStart + 60s, kStart));
  EXPECT_FALSE(store.is_fresh("a", kStart + 60s - 1ms));
  EXPECT_FALSE(store.use("a", kStart + 90s, kStart + 60s - 1ms));
  EXPECT_TRUE(store.is_fresh("a", kStart + 60s));
  EXPECT_TRUE(store.use("a", kStart + 90s, kStart + 60s));
  EXPECT_FALSE(store.use("a", kStart + 120s, kStart + 89s)) << "the second use counts as the first did";
}

// Ids that have expired are swept now and then: whatever the size of the store, they count as never seen.
TEST(AssertionStoreTest, AnIdHasASecondLifeAmongHoweverManyOthers) {
  for (const int others : {0, 1, 2, 3, 4, 6, 7, 8, 99}) {
    AssertionStore store;
    for (int i = 0; i < others; ++i) {
      store.use("other " + std::to_string(i), kStart + 3600s, kStart);
    }
    EXPECT_TRUE(store.use("a", kStart + 60s, kStart)) << others;
    EXPECT_FALSE(store.use("a", kStart + 90s, kStart + 60s - 1ms)) << others;
    EXPECT_TRUE(store.use("a", kStart + 120s, kStart + 60s)) << others;
    EXPECT_FALSE(store.use("a", kStart + 150s, kStart + 119s)) << others << ": the second use counts as the first did";
  }
}

TEST(AssertionStoreTest, ExpiredIdsDoNotPileUp) {
  AssertionStore store;
  for (int i = 0; i < 10'000; ++i) {
    const auto now = kStart + i * 1s;
    EXPECT_TRUE(store.use(std::to_string(i), now + 10s, now));
  }
  EXPECT_LT(store.snapshot().used.size(), 40U);
}

}  // namespace
}  // namespace mockserver::test
