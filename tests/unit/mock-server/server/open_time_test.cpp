#include "server/open_time.hpp"

#include <gtest/gtest.h>

#include <optional>

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

}  // namespace
}  // namespace mockserver
