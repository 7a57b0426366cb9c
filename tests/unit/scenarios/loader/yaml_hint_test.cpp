#include "loader/yaml_hint.hpp"

#include <gmock/gmock.h>

namespace scenarios {
namespace {

using ::testing::HasSubstr;

/// The only problem of a YAML file, "LINE:COLUMN: sentence".
std::string problem_of(const std::string& text) {
  const Document document = read_yaml(text);
  if (document.problems.size() != 1) {
    return std::to_string(document.problems.size()) + " problems";
  }
  const Problem& problem = document.problems.front();
  return std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column) + ": " + problem.sentence;
}

TEST(YamlHint, OfALineThatBeginsWithATabIsToUseSpaces) {
  for (const char* text : {"a:\n\t- do: login\n", "a:\n  b: 1\n\tc: 2\n", "a:\n  b: 1\n \tc: 2\n"}) {
    EXPECT_THAT(problem_of(text), HasSubstr("begins with a tab, which YAML does not allow: indent with spaces"))
        << text;
  }
}

TEST(YamlHint, OfTooLittleIndentationIsToLookAtIt) {
  constexpr const char* kHint = "(is this line indented like those that it belongs to?)";
  EXPECT_EQ(problem_of("a:\n    b: 1\n  c: 2\n"),
            "3:3: not readable as YAML: end of map not found " + std::string{kHint});
  EXPECT_THAT(problem_of("a:\n  - b\n - c\n"), HasSubstr(kHint));
  EXPECT_THAT(problem_of("a:\n  - b: c\n   d: e\n"), HasSubstr(kHint));
}

TEST(YamlHint, OfTooMuchIndentationIsToLookAtIt) {
  EXPECT_EQ(problem_of("a:\n  b: 1\n   c: 2\n"),
            "3:5: not readable as YAML: illegal map value (is this line indented more than those that it belongs to?)");
}

TEST(YamlHint, OfAColonInTextIsToQuoteTheText) {
  EXPECT_EQ(problem_of("why: once: twice\n"),
            "1:10: not readable as YAML: illegal map value (text with \": \" in it must be in quotes)");
}

TEST(YamlHint, OfTextBehindAQuoteIsNotAboutIndentation) {
  EXPECT_EQ(problem_of("why: \"once\" twice\n"),
            "1:13: not readable as YAML: end of map not found (is there something behind a closing quote or bracket?)");
}

TEST(YamlHint, OfAnythingElseIsNone) {
  EXPECT_EQ(explain_yaml_error("a: [1\n", {2, 1}, "end of sequence flow not found"), "end of sequence flow not found");
  EXPECT_EQ(explain_yaml_error("", {7, 9}, "anything"), "anything");
}

}  // namespace
}  // namespace scenarios
