#include "scenarios/words.hpp"

#include <cstddef>

namespace scenarios {
namespace {

constexpr std::string_view kSpace = " \t\n";

/// Reads one word that starts at `position` and leaves `position` behind it.
oidc::Result<std::string> read_word(std::string_view text, std::size_t& position) {
  std::string word;
  char quote = '\0';
  for (; position < text.size(); ++position) {
    const char c = text[position];
    if (quote == '\0' && kSpace.find(c) != std::string_view::npos) {
      break;
    }
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (++position == text.size()) {
        return oidc::Error{oidc::Errc::kInvalidArgument, "the command ends with a backslash"};
      }
      const char next = text[position];
      // Between double quotes a backslash is only special before these two.
      if (quote == '"' && next != '"' && next != '\\') {
        word += '\\';
      }
      word += next;
    } else {
      word += c;
    }
  }
  if (quote != '\0') {
    return oidc::Error{oidc::Errc::kInvalidArgument, std::string{"the command has an open "} + quote + " quote"};
  }
  return word;
}

}  // namespace

oidc::Result<std::vector<std::string>> split_words(std::string_view command) {
  std::vector<std::string> words;
  for (std::size_t position = command.find_first_not_of(kSpace); position < command.size();
       position = command.find_first_not_of(kSpace, position)) {
    auto word = read_word(command, position);
    if (!word) {
      return std::move(word).error();
    }
    words.push_back(*std::move(word));
  }
  if (words.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the command is empty"};
  }
  return words;
}

}  // namespace scenarios
