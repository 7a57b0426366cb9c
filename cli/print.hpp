#pragma once

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "oidc/clean_text.hpp"

namespace cli {

/// As fmt::print, of what may hold the words of clients, servers and files: the terminal obeys none of it.
template <class... Values>
void print(fmt::format_string<Values...> format, Values&&... values) {
  oidc::say(stdout, fmt::format(format, std::forward<Values>(values)...));
}
/// As above, on stderr.
template <class... Values>
void print_error(fmt::format_string<Values...> format, Values&&... values) {
  oidc::say(stderr, fmt::format(format, std::forward<Values>(values)...));
}

}  // namespace cli
