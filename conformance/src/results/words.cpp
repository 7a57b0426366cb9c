#include "results/words.hpp"

#include <initializer_list>

#include "report/verdict_words.hpp"

namespace conformance {
namespace {

using scenarios::BookKind;
using scenarios::Level;
using scenarios::Transport;

/// The value that has this word.
template <typename Value>
std::optional<Value> value_of(std::string_view word, std::initializer_list<Value> values) {
  for (const Value value : values) {
    if (to_string(value) == word) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(BookKind kind) {
  switch (kind) {
    case BookKind::kSpecification:
      return "specification";
    case BookKind::kPractice:
      return "practice";
    case BookKind::kProduct:
      return "product";
  }
  return "specification";
}

std::optional<BookKind> kind_of(std::string_view word) {
  return value_of(word, {BookKind::kSpecification, BookKind::kPractice, BookKind::kProduct});
}

std::optional<Level> level_of(std::string_view word) {
  return value_of(word, {Level::kMust, Level::kShould, Level::kPractice, Level::kDocumented, Level::kCompat});
}

std::optional<Transport> transport_of(std::string_view word) {
  return value_of(word, {Transport::kDirect, Transport::kHttp, Transport::kHttps});
}

std::optional<scenarios::Verdict> verdict_of(std::string_view word) {
  for (const VerdictLegend& entry : kLegend) {
    if (to_string(entry.verdict) == word) {
      return entry.verdict;
    }
  }
  return std::nullopt;
}

}  // namespace conformance
