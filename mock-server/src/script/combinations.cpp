#include "script/combinations.hpp"

#include <array>
#include <string>
#include <string_view>

#include "verbs/verb.hpp"
#include "world_state.hpp"

namespace mockserver {
namespace {

oidc::Error pointless(std::string_view pointer, const std::string& why) {
  return {oidc::Errc::kBadInput, std::string{pointer} + ": " + why};
}

bool is_json(const oidc::Json& body) {
  return !body.is_string() || oidc::parse_json(body.get<std::string>());
}

std::string in_quotes(std::string_view name) {
  return "\"" + std::string{name} + "\"";
}

/// "token userinfo" has the word "token".
bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto blank = words.find(' ');
    if (words.substr(0, blank) == word) {
      return true;
    }
    words.remove_prefix(blank == std::string_view::npos ? words.size() : blank + 1);
  }
  return false;
}

/// At the endpoint or grant that the step is for, the verb does nothing.
oidc::Status check_place(const When& when, const Verb& verb) {
  const std::string pointer = "/do/" + std::string{verb.name};
  const std::string_view endpoint = !when.grant.empty() ? "token" : std::string_view{when.endpoint};
  if (!verb.endpoints.empty() && !endpoint.empty() && !has_word(verb.endpoints, endpoint)) {
    return pointless(
        pointer, "has no effect at the endpoint " + in_quotes(endpoint) + ", only at " + std::string{verb.endpoints});
  }
  if (!verb.grants.empty() && !when.grant.empty() && !has_word(verb.grants, when.grant)) {
    return pointless(pointer,
                     "has no effect on the grant " + in_quotes(when.grant) + ", only on " + std::string{verb.grants});
  }
  return oidc::Done{};
}

/// Whether, with this value, the verb answers instead of processing.
bool replaces(const Verb& verb, const oidc::Json& value) {
  return verb.replaces || verb.name == "deny" || verb.name == "replay_previous" ||
         (verb.name == "refresh" && value == "reject");
}

/// A verb that needs the request to be processed, beside one that answers instead.
oidc::Status check_replaced(const oidc::Json& action, const Verb& verb) {
  if (!verb.needs_processing) {
    return oidc::Done{};
  }
  for (const Verb* other : verbs()) {
    if (other != &verb && action.contains(other->name) && replaces(*other, action[other->name])) {
      return pointless("/do/" + std::string{verb.name},
                       "has no effect beside " + in_quotes(other->name) + ", which answers instead of processing");
    }
  }
  return oidc::Done{};
}

/// Changes of a document that is empty or none.
oidc::Status check_document(const oidc::Json& action) {
  const auto body = action.find("body");
  for (const char* verb : {"patch", "json_patch", "omit", "duplicate_field", "jwks", "issuer_mismatch", "expires_in",
                           "token_type", "state", "iss", "duplicate_callback"}) {
    if (!action.contains(verb)) {
      continue;
    }
    const std::string pointer = std::string{"/do/"} + verb;
    // An error at the authorization endpoint is a redirect, whatever its body.
    const bool may_redirect = action.contains("error") || action.contains("redirect");
    if (body != action.end() && !is_json(*body) && !may_redirect) {
      return pointless(pointer, "has no effect beside \"body\", which is no JSON");
    }
    const bool empty = action.contains("status") && body == action.end() && !action.contains("error") &&
                       !action.contains("redirect") && !action.contains("rate");
    if (empty) {
      return pointless(pointer, "has no effect beside \"status\", whose reply is empty");
    }
  }
  return oidc::Done{};
}

/// What the server itself says of each message.
oidc::Status check_headers(const oidc::Json& action) {
  oidc::Headers headers;
  const oidc::Json said = action.value("headers", oidc::Json::object());
  for (const auto& [name, value] : said.items()) {
    headers.add(name, "");
  }
  for (const char* framing : {"Content-Length", "Transfer-Encoding"}) {
    if (headers.contains(framing)) {
      return pointless("/do/headers", std::string{framing} + " is the server's to say; see truncate and bad_chunk");
    }
  }
  return oidc::Done{};
}

/// RFC 9110 section 15: replies of these statuses end with their header.
oidc::Status check_status(const oidc::Json& action) {
  const oidc::Json status = action.value("status", oidc::Json{});
  if (status != 204 && status != 304) {
    return oidc::Done{};
  }
  for (const char* verb : {"body", "truncate", "bad_chunk"}) {
    if (action.contains(verb)) {
      return pointless(std::string{"/do/"} + verb, "has no effect beside a status without a body");
    }
  }
  return oidc::Done{};
}

struct Exclusion {
  std::string_view verb;
  std::string_view other;
  std::string_view why;
};
/// The first undoes, or is undone by, the second.
constexpr Exclusion kExclusions[] = {
    {"no_code", "code_and_error", "which needs the code"},
    {"error", "redirect", "which is the whole reply"},
    {"status", "redirect", "which has its own: {to, status}"},
    {"expires_in", "error", "whose reply has no token"},
    {"token_type", "error", "whose reply has no token"},
    {"jwks", "error", "whose reply has no keys"},
    {"issuer_mismatch", "error", "whose reply names no issuer"},
    {"trickle", "drop", "which sends nothing"},
    {"trickle", "empty", "which sends nothing"},
    {"trickle", "hang", "which sends nothing"},
    {"trickle", "restart", "which sends nothing"},
};

oidc::Status check_pairs(const oidc::Json& action) {
  for (const auto& [verb, other, why] : kExclusions) {
    if (action.contains(verb) && action.contains(other)) {
      return pointless("/do/" + std::string{verb},
                       "has no effect beside " + in_quotes(other) + ", " + std::string{why});
    }
  }
  return oidc::Done{};
}

/// What hangs on the values: an unsigned token has no signature to break.
oidc::Status check_values(const oidc::Json& action) {
  const auto says = [&](const char* verb, std::string_view value) {
    const auto found = action.find(verb);
    return found != action.end() && found->is_string() && found->get<std::string>() == value;
  };
  if (says("sign", "none") && says("corrupt", "signature")) {
    return pointless("/do/corrupt", "has no effect beside \"sign\": \"none\", which has no signature");
  }
  if (says("sign", "none") && says("kid", "omit")) {
    return pointless("/do/kid", "has no effect beside \"sign\": \"none\", which names no key");
  }
  if (action.contains("grace") && (says("refresh", "same") || says("refresh", "omit") || says("refresh", "reject"))) {
    return pointless("/do/grace", "has no effect where \"refresh\" uses up no token");
  }
  if (action.contains("trickle") && (says("reset", "before") || says("commit_then_drop", "before_headers"))) {
    return pointless("/do/trickle", "has no effect beside a reset before the reply");
  }
  if (says("checkpoint", Checkpoints::kFirst)) {
    return pointless("/do/checkpoint", "\"first\" is the state that the issuer began with: take another name");
  }
  const auto claims = action.find("claims");
  if (claims != action.end() && claims->contains("userinfo") && claims->size() > 1) {
    return pointless("/do/claims", "no reply has both a token and userinfo: make two steps");
  }
  return oidc::Done{};
}

/// A connection breaks in one way.
oidc::Status check_faults(const oidc::Json& action) {
  std::string_view first;
  for (const char* fault : {"drop", "commit_then_drop", "reset", "empty", "truncate", "bad_chunk", "hang", "restart"}) {
    if (!action.contains(fault)) {
      continue;
    }
    if (!first.empty()) {
      return pointless(std::string{"/do/"} + fault,
                       "has no effect beside " + in_quotes(first) + ", which breaks the connection already");
    }
    first = fault;
  }
  for (const char* replacing : {"error", "status", "body", "redirect", "rate", "deny"}) {
    if (action.contains("commit_then_drop") && action.contains(replacing)) {
      return pointless("/do/commit_then_drop",
                       "has no effect beside " + in_quotes(replacing) + ", which commits nothing");
    }
  }
  return oidc::Done{};
}

oidc::Status check_barrier(const Step& step) {
  const auto barrier = step.action.find("barrier");
  if (barrier != step.action.end() && step.times && *step.times < (*barrier)["count"].get<std::size_t>()) {
    return pointless("/do/barrier/count", "the step takes fewer requests than that; set \"times\"");
  }
  return oidc::Done{};
}

oidc::Status check_when(const Step& step) {
  const When& when = step.when;
  if (!when.grant.empty() && !when.endpoint.empty() && when.endpoint != "token") {
    return pointless("/when/grant", "only requests to the token endpoint have a grant");
  }
  if (!when.after.empty() && when.after == step.id) {
    return pointless("/when/after", "a step cannot come after itself");
  }
  if (when.clock_between && when.clock_between->from.index() == when.clock_between->until.index() &&
      !(when.clock_between->from < when.clock_between->until)) {
    return pointless("/when/clock_between", "ends before it begins");
  }
  return oidc::Done{};
}

}  // namespace

oidc::Status check_combinations(const Step& step) {
  for (const auto& check : {check_when, check_barrier}) {
    if (const auto checked = check(step); !checked) {
      return checked;
    }
  }
  for (const Verb* verb : verbs()) {
    if (!step.action.contains(verb->name)) {
      continue;
    }
    if (const auto checked = check_place(step.when, *verb); !checked) {
      return checked;
    }
    if (const auto checked = check_replaced(step.action, *verb); !checked) {
      return checked;
    }
  }
  for (const auto& check : {check_document, check_headers, check_status, check_pairs, check_values, check_faults}) {
    if (const auto checked = check(step.action); !checked) {
      return checked;
    }
  }
  return oidc::Done{};
}

}  // namespace mockserver
