#include "sequence.hpp"

#include <gmock/gmock.h>

namespace cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

scenarios::Outcome refreshed_once() {
  mockserver::Exchange exchange;
  exchange.seq = 1;
  exchange.offset = 3000s;
  exchange.endpoint = "token";
  exchange.grant = "refresh_token";
  exchange.method = "POST";
  exchange.form = {{"grant_type", "refresh_token"}, {"refresh_token", "rt#1"}};
  exchange.status = 200;
  exchange.reply_body = R"({"access_token":"at#2","refresh_token":"rt#2"})";
  scenarios::Outcome outcome;
  outcome.exchanges = {exchange};
  outcome.steps = {{.index = 1, .description = "advance 3000 s", .result = {}},
                   {.index = 2,
                    .description = "get_access_token",
                    .at = 3000s,
                    .result = "ok at#2",
                    .first_exchange = 1,
                    .last_exchange = 1}};
  return outcome;
}

TEST(SequenceTest, ShowsEachExchangeBelowItsStep) {
  const std::string drawn = draw_sequence(refreshed_once());
  const auto step = drawn.find("2. get_access_token");
  const auto request = drawn.find("-- POST token refresh_token rt#1 ---");
  const auto reply = drawn.find("--- 200 at#2 rt#2 --");
  ASSERT_NE(request, std::string::npos) << drawn;
  ASSERT_NE(reply, std::string::npos) << drawn;
  EXPECT_LT(step, request);
  EXPECT_LT(request, reply);
  EXPECT_LT(reply, drawn.find("= ok at#2"));
  EXPECT_EQ(drawn.find("POST"), drawn.rfind("POST"));
}

TEST(SequenceTest, TellsVirtualTime) {
  EXPECT_THAT(draw_sequence(refreshed_once()), HasSubstr("+3000 s"));
}

TEST(SequenceTest, TellsWhatWasHeldBackAndLost) {
  auto outcome = refreshed_once();
  outcome.exchanges[0].delay = 1500ms;
  outcome.exchanges[0].dropped = true;
  const std::string drawn = draw_sequence(outcome);
  EXPECT_THAT(drawn, HasSubstr("held back 1.500 s"));
  EXPECT_THAT(drawn, HasSubstr("the reply is lost"));
  EXPECT_THAT(drawn, Not(HasSubstr("at#2 rt#2")));
}

TEST(SequenceTest, KeepsLinesWithinEightyColumns) {
  auto outcome = refreshed_once();
  outcome.exchanges[0].form.set("refresh_token", std::string(200, 'x'));
  const std::string drawn = draw_sequence(outcome);
  for (std::size_t begin = 0, end = 0; (end = drawn.find('\n', begin)) != std::string::npos; begin = end + 1) {
    EXPECT_LE(end - begin, 80U) << drawn.substr(begin, end - begin);
  }
}

}  // namespace
}  // namespace cli
