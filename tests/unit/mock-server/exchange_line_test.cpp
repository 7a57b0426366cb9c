#include "mockserver/exchange_line.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mockserver {
namespace {

using namespace std::chrono_literals;

Exchange refresh() {
  Exchange exchange;
  exchange.seq = 2;
  exchange.offset = 1500ms;
  exchange.method = "POST";
  exchange.path = "/token";
  exchange.form = {{"grant_type", "refresh_token"}, {"refresh_token", "rt#1"}};
  exchange.status = 400;
  exchange.reply_body = R"({"error":"invalid_grant"})";
  return exchange;
}

TEST(ExchangeLine, SaysWhatWasAskedAndReplied) {
  EXPECT_EQ(to_line(refresh()),
            "#2 +1.500s POST /token grant_type=refresh_token refresh_token=rt#1 -> 400 {\"error\":\"invalid_grant\"}");
}

TEST(ExchangeLine, NamesTheStepsAndWhatWasLost) {
  Exchange exchange = refresh();
  exchange.dropped = true;
  exchange.steps = {"step-1", "late"};
  EXPECT_THAT(to_line(exchange), testing::EndsWith(" -> dropped  [step-1, late]"));
}

TEST(ExchangeLine, ShowsAQueryOnce) {
  Exchange exchange = refresh();
  exchange.method = "GET";
  exchange.path = "/authorize?state=x";
  exchange.form = {{"state", "x"}};
  EXPECT_THAT(to_line(exchange), testing::HasSubstr("GET /authorize?state=x -> 400"));
}

TEST(ExchangeLine, StaysALine) {
  Exchange exchange = refresh();
  exchange.reply_body = "\x1b[31ma\nb" + std::string(10'000, 'x');
  const std::string line = to_line(exchange);
  EXPECT_THAT(line, testing::HasSubstr(" -> 400 \uFFFD[31ma bxxx"));
  EXPECT_LT(line.size(), 300U);
}

TEST(ExchangeLines, AreTheLatest) {
  EXPECT_EQ(to_lines({}), "no request came\n");
  EXPECT_EQ(to_lines({refresh()}), to_line(refresh()) + "\n");
  std::vector<Exchange> many(52, refresh());
  many.back().seq = 60;
  const std::string text = to_lines(many);
  EXPECT_THAT(text, testing::StartsWith("(2 earlier ones left out)\n#2 "));
  EXPECT_EQ(std::ranges::count(text, '\n'), 51);
  EXPECT_THAT(text, testing::HasSubstr("\n#60 "));
}

}  // namespace
}  // namespace mockserver
