// Tokens and sessions.

#include <algorithm>

#include "control/actions.hpp"
#include "control/timestamp.hpp"

namespace mockserver::control {
namespace {

oidc::HttpResponse done_or_problem(const oidc::Status& status, const std::string& pointer) {
  if (!status) {
    return problem_reply(to_problem(status.error(), pointer));
  }
  return {.status = 204, .headers = {}, .body = ""};
}

}  // namespace

oidc::HttpResponse list_tokens(Call& call) {
  const auto live = call.issuer->live_tokens();
  oidc::Json tokens = oidc::Json::array();
  for (const Ledger::Entry& entry : call.issuer->ledger().entries()) {
    if (entry.kind == "secret" || entry.kind == "session" || entry.kind == "page") {
      continue;  // a client's or a browser's, not a token
    }
    oidc::Json token = {{"name", entry.name},
                        {"kind", entry.kind},
                        {"parent", entry.parent},
                        {"issued_at", oidc::format_iso8601(entry.issued_at)}};
    if (entry.kind == "at" || entry.kind == "rt") {  // the others have no life of their own at the issuer
      token["live"] = std::ranges::find(live, entry.name) != live.end();
    }
    tokens.push_back(std::move(token));
  }
  return json_reply(200, {{"tokens", std::move(tokens)}});
}

oidc::HttpResponse mint_token(Call& call) {
  const auto spec = parse_token_spec(call.body);
  if (!spec) {
    return problem_reply(to_problem(spec.error()));
  }
  const auto token = call.issuer->mint_token(*spec);
  if (!token) {
    return problem_reply(to_problem(token.error()));
  }
  return json_reply(201, {{"token", *token}});
}

oidc::HttpResponse revoke_token(Call& call) {
  return done_or_problem(call.issuer->revoke(call.body.at("token").get<std::string>()), "/token");
}

oidc::HttpResponse expire_token(Call& call) {
  return done_or_problem(call.issuer->expire(call.body.at("token").get<std::string>()), "/token");
}

oidc::HttpResponse mint_session(Call& call) {
  SessionSpec spec;
  spec.client = call.body.value("client", spec.client);
  spec.sub = call.body.value("sub", spec.sub);
  spec.scopes = call.body.value("scopes", spec.scopes);
  spec.issued_at = call.issuer->clock().now();
  if (call.body.contains("issued_at")) {
    const auto time = read_time(call.body["issued_at"]);
    if (!time) {
      return problem_reply({.detail = "not a time", .pointer = "/issued_at", .expected = std::string{kTimeForms}});
    }
    spec.issued_at = *time;
  }
  const auto session = call.issuer->mint_session(spec);
  if (!session) {
    return problem_reply(to_problem(session.error()));
  }
  return json_reply(201, *session);
}

}  // namespace mockserver::control
