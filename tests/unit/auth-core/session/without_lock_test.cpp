#include "session_fixture.hpp"

namespace authcore::test {
namespace {

class WithoutLockTest : public SessionTest {
 protected:
  WithoutLockTest() { seed(credential_of(tokens("A0", 100, "R0"))); }
};

TEST_F(WithoutLockTest, DoesNotRefreshWithoutALockThatStorageCouldHaveGiven) {
  const auto session = refreshing();
  storage_->fail("lock", Errc::kStorage);
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0") << "it is good for some seconds still";
  clock_.advance(seconds{30});
  EXPECT_THAT(session->access_token(), FailsWith(Errc::kStorage, ::testing::HasSubstr("others could do so")));
  EXPECT_THAT(client_.shown(), IsEmpty());
  EXPECT_EQ(events_.count("storage.lock_unavailable"), 2U) << "it is told each time";
}

TEST_F(WithoutLockTest, RefreshesWithoutALockIfThatIsAllowed) {
  RefreshPolicy policy;
  policy.refresh_without_lock = true;
  const auto session = make_refreshing_authenticator(client_, environment_, {storage_, kKey}, policy);
  storage_->fail("lock", Errc::kStorage);
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_EQ(events_.count("storage.lock_unavailable"), 1U);
}

TEST_F(WithoutLockTest, LogsInWithoutALockRatherThanRefreshing) {
  const auto session = relogin();
  storage_->fail("lock", Errc::kStorage);
  client_.will_log_in(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

}  // namespace
}  // namespace authcore::test
