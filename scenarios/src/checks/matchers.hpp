#pragma once

#include <string>
#include <vector>

#include "mockserver/journal.hpp"
#include "oidc/json.hpp"

namespace scenarios {

/// What a matcher can refer to: `{same_as: "1.form.redirect_uri"}` is that field of the first request
/// that has it, the one being judged left out.
struct MatchContext {
  const std::vector<mockserver::Exchange>& exchanges;
  std::size_t judged = 0;  ///< `seq` of the request being judged; 0: none
};

/// True if `actual` (null pointer: absent) is what the matcher says: a literal, `{re: …}` (found
/// anywhere in the text), `{any: true}`, `{absent: true}`, `{same_as: …}`. Of an object only the
/// listed members are looked at; an array must match as a whole.
bool matches(const oidc::Json& matcher, const oidc::Json* actual, const MatchContext& context);
/// As above for text that came over the wire: numbers and booleans are compared as text.
bool matches_text(const oidc::Json& matcher, const std::string* actual, const MatchContext& context);

/// "rt#2", "/^Bearer /", "anything", "absent", "the same as 1.form.state".
std::string describe(const oidc::Json& matcher);

}  // namespace scenarios
