#pragma once

#include "control/call.hpp"

/// What the calls do, one function each, grouped by the file that holds them; the table of
/// routes says which call does what.
namespace mockserver::control {

// server.cpp
oidc::HttpResponse list_calls(Call& call);
oidc::HttpResponse health(Call& call);
oidc::HttpResponse list_endpoints(Call& call);
oidc::HttpResponse version(Call& call);
oidc::HttpResponse ca_certificate(Call& call);
oidc::HttpResponse schema(Call& call);

// listener.cpp
oidc::HttpResponse get_listener(Call& call);
oidc::HttpResponse take_listener_down(Call& call);
oidc::HttpResponse bring_listener_up(Call& call);
oidc::HttpResponse script_handshakes(Call& call);

// issuers.cpp
oidc::HttpResponse create_issuer(Call& call);
oidc::HttpResponse list_issuers(Call& call);
oidc::HttpResponse get_issuer(Call& call);
oidc::HttpResponse delete_issuer(Call& call);
oidc::HttpResponse verdict(Call& call);

// snapshots.cpp
oidc::HttpResponse take_snapshot(Call& call);
oidc::HttpResponse restore_snapshot(Call& call);
// reconfigure.cpp
oidc::HttpResponse patch_issuer(Call& call);
oidc::HttpResponse reset_issuer(Call& call);

// registry.cpp
oidc::HttpResponse list_clients(Call& call);
oidc::HttpResponse put_client(Call& call);
oidc::HttpResponse delete_client(Call& call);
oidc::HttpResponse list_users(Call& call);
oidc::HttpResponse put_user(Call& call);
oidc::HttpResponse delete_user(Call& call);
oidc::HttpResponse list_resources(Call& call);
oidc::HttpResponse put_resource(Call& call);
oidc::HttpResponse delete_resource(Call& call);

// steps.cpp
oidc::HttpResponse list_steps(Call& call);
oidc::HttpResponse add_steps(Call& call);
oidc::HttpResponse clear_steps(Call& call);
oidc::HttpResponse delete_step(Call& call);

// clock.cpp
oidc::HttpResponse get_clock(Call& call);
oidc::HttpResponse set_clock(Call& call);
oidc::HttpResponse advance_clock(Call& call);

// requests.cpp
oidc::HttpResponse list_requests(Call& call);
oidc::HttpResponse await_requests(Call& call);

// verify.cpp
oidc::HttpResponse verify(Call& call);

// lineage.cpp
oidc::HttpResponse lineage(Call& call);

// inspector.cpp
oidc::HttpResponse inspector_page(Call& call);
oidc::HttpResponse inspector_script(Call& call);
oidc::HttpResponse inspector_style(Call& call);
oidc::HttpResponse stream_events(Call& call);
oidc::HttpResponse decode_token(Call& call);
oidc::HttpResponse journal_as_scenario(Call& call);

// decisions.cpp
oidc::HttpResponse decide_authorization(Call& call);
oidc::HttpResponse decide_device(Call& call);

// tokens.cpp
oidc::HttpResponse list_tokens(Call& call);
oidc::HttpResponse mint_token(Call& call);
oidc::HttpResponse revoke_token(Call& call);
oidc::HttpResponse expire_token(Call& call);
oidc::HttpResponse mint_session(Call& call);

// keys.cpp
oidc::HttpResponse list_keys(Call& call);
oidc::HttpResponse rotate_keys(Call& call);
oidc::HttpResponse retire_key(Call& call);

}  // namespace mockserver::control
