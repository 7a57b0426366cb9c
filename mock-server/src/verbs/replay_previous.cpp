#include "reply.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace replay_previous {

/// The tokens that came in one reply with the refresh token of this name: those of the same parent.
oidc::Json tokens_beside(const Ledger& ledger, const Ledger::Entry& refresh) {
  oidc::Json tokens = {{"token_type", "Bearer"}, {"refresh_token", refresh.value}};
  for (const auto& entry : ledger.entries()) {
    if (entry.parent == refresh.parent && (entry.kind == "at" || entry.kind == "id")) {
      tokens[entry.kind == "at" ? "access_token" : "id_token"] = entry.value;
    }
  }
  return tokens;
}

bool before(const oidc::Json&, Call& call) {
  const auto known = call.world.ledger.find(call.form.value_or_empty("refresh_token"));
  call.replaced = known && known->kind == "rt";
  return call.replaced;
}

// As a cache between client and issuer would.
bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  const auto known = call.world.ledger.find(call.form.value_or_empty("refresh_token"));
  if (!known || known->kind != "rt") {
    return false;
  }
  oidc::Json tokens = tokens_beside(call.world.ledger, *known);
  tokens["expires_in"] = lifetimes_of(call.world.config, call.client.get()).access.count();
  reply = json_reply(200, tokens);
  return tokens.contains("access_token");
}

}  // namespace replay_previous
}  // namespace

extern const Verb kReplayPreviousVerb{.name = "replay_previous",
                                      .needs_processing = true,
                                      .endpoints = "token",
                                      .grants = "refresh_token",
                                      .before = &replay_previous::before,
                                      .after = &replay_previous::after};

}  // namespace mockserver
