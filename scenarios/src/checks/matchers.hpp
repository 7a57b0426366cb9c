#pragma once

#include <functional>
#include <optional>
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
  /// The value behind what a journal shows as "fp:…": matchers see it, reports never.
  std::function<std::optional<std::string>(const std::string& shown)> reveal{};
};

/// True if `actual` (null pointer: absent) is what the matcher says: a literal, `{re: …}` (of the whole text),
/// `{contains: …}`, `{min_length: …, charset: unreserved|base64url}`, `{any: true}`, `{absent: true}`, `{optional:
/// matcher}`, `{same_as: …}`,
/// `{differs_from: …}`. Of an object only the listed members are looked at; an array must match as a whole.
bool matches(const oidc::Json& matcher, const oidc::Json* actual, const MatchContext& context);
/// As above for text that came over the wire: numbers and booleans are compared as text.
bool matches_text(const oidc::Json& matcher, const std::string* actual, const MatchContext& context);

/// The field that the matcher compares with, if nobody sent it: there is nothing to judge by. "" otherwise.
std::string missing_reference(const oidc::Json& matcher, const MatchContext& context);

/// "rt#2", "/^Bearer /", "anything", "absent", "the same as 1.form.state".
std::string describe(const oidc::Json& matcher);

}  // namespace scenarios
