#pragma once

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "oidc/result.hpp"

namespace oidc {

/// The failure as another kind: its text is "<original> (<code>)", the original its cause, and what it
/// tells of the server's reply stays (planet_auth AuthException.recast; EXC-006).
inline Error recast(Error error, Errc to) {
  Error out = error;
  out.code = to;
  out.message += " (" + std::string{to_string(error.code)} + ")";
  out.cause = std::make_shared<const Error>(std::move(error));
  return out;
}

/// A result whose failure, if it is one of `listed` or lies below one, is recast; without a list every
/// failure is. Others, and values, pass as they are.
template <typename T>
Result<T> recast(Result<T> result, Errc to, std::initializer_list<Errc> listed = {}) {
  if (result) {
    return result;
  }
  const auto covers = [&result](Errc kind) { return is_kind_of(result.error().code, kind); };
  if (listed.size() != 0 && std::none_of(listed.begin(), listed.end(), covers)) {
    return result;
  }
  return recast(std::move(result).error(), to);
}

}  // namespace oidc
