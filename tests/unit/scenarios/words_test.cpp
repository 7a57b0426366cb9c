#include "scenarios/words.hpp"

#include <gmock/gmock.h>

namespace scenarios {
namespace {

using ::testing::ElementsAre;

struct Case {
  const char* name;
  const char* command;
  std::vector<std::string> words;
};

class WordsTest : public ::testing::TestWithParam<Case> {};

TEST_P(WordsTest, AreSplitAsAShellDoes) {
  const auto words = split_words(GetParam().command);
  ASSERT_TRUE(words) << words.error().message;
  EXPECT_EQ(*words, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(Posix, WordsTest,
                         ::testing::Values(Case{"Plain", "python3 client.py", {"python3", "client.py"}},
                                           Case{"ManySpaces", "  a \t b\n", {"a", "b"}},
                                           Case{"SingleQuotes", "a 'b c' d", {"a", "b c", "d"}},
                                           Case{"DoubleQuotes", R"(a "b c")", {"a", "b c"}},
                                           Case{"QuotesInsideAWord", R"(a=b" "c'd')", {"a=b cd"}},
                                           Case{"EmptyWord", "a '' \"\"", {"a", "", ""}},
                                           Case{"EscapedSpace", R"(a\ b)", {"a b"}},
                                           Case{"BackslashInSingleQuotes", R"('a\b')", {R"(a\b)"}},
                                           Case{"BackslashInDoubleQuotes", R"("a\b\"\\")", {R"(a\b"\)"}},
                                           Case{"OtherQuoteInside", R"('"' "'")", {"\"", "'"}},
                                           Case{"NothingIsExpanded", "$HOME * | ; &", {"$HOME", "*", "|", ";", "&"}}),
                         [](const auto& test) { return std::string{test.param.name}; });

class BrokenWordsTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BrokenWordsTest, AreRefused) {
  const auto words = split_words(GetParam());
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().code, oidc::Errc::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Posix, BrokenWordsTest, ::testing::Values("", "  ", "a 'b", "a \"b", "a\\", "\"\\"));

}  // namespace
}  // namespace scenarios
