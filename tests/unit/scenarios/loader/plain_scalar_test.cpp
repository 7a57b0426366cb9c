#include "loader/plain_scalar.hpp"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* json;  ///< "" if it must be quoted
};

class PlainScalarTest : public ::testing::TestWithParam<Case> {};

TEST_P(PlainScalarTest, IsResolvedOrRefused) {
  const PlainScalar scalar = resolve_plain(GetParam().text);
  EXPECT_EQ(scalar.problem.empty() ? oidc::to_text(scalar.value) : "", GetParam().json) << scalar.problem;
}

constexpr Case kCases[] = {
    {"True", "true", "true"},
    {"False", "false", "false"},
    {"CapitalTrue", "True", ""},
    {"Yes", "yes", ""},
    {"No", "no", ""},
    {"On", "on", ""},
    {"Off", "OFF", ""},
    {"LetterY", "y", ""},
    {"LetterN", "N", ""},
    {"Integer", "3000", "3000"},
    {"Negative", "-3000", "-3000"},
    {"Zero", "0", "0"},
    {"Octal", "0600", ""},
    {"NewOctal", "0o600", ""},
    {"Hex", "0x1F", ""},
    {"TooLarge", "99999999999999999999", ""},
    {"Decimal", "0.5", "0.5"},
    {"Exponent", "1e3", ""},
    {"Underscores", "1_000", ""},
    {"Infinity", ".inf", ""},
    {"Sexagesimal", "1:30", ""},
    {"Date", "2030-01-01", ""},
    {"Timestamp", "2030-01-01T00:00:00Z", ""},
    {"Tilde", "~", ""},
    {"Equals", "=", ""},
    {"Text", "rt#1", "\"rt#1\""},
    {"Sentence", "no request is sent", "\"no request is sent\""},
    {"Version", "1.2.3", "\"1.2.3\""},
};
INSTANTIATE_TEST_SUITE_P(Yaml, PlainScalarTest, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(PlainScalarLengthTest, IsNoReasonToCrash) {
  const std::string long_text(200'000, '1');
  const std::string problem = resolve_plain(long_text).problem;
  EXPECT_NE(problem, "");
  EXPECT_LT(problem.size(), 200U);
  EXPECT_EQ(resolve_plain(long_text + "a").value, long_text + "a");
}

}  // namespace
}  // namespace scenarios
