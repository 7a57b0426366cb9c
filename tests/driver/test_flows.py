"""An outside client, nothing but plain HTTP, through whole flows at a served issuer."""

import base64
import hashlib
import urllib.parse

import pytest

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
REDIRECT = "http://127.0.0.1:49152/callback"


def challenge(verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorize(issuer, **changes):
    """Parameters of the redirect that the browser would follow."""
    parameters = {"response_type": "code", "client_id": "app", "redirect_uri": REDIRECT, "state": "s1",
                  "scope": "openid offline_access", "nonce": "n1", "code_challenge": challenge(VERIFIER),
                  "code_challenge_method": "S256", **changes}
    reply = issuer.get(issuer.discovery()["authorization_endpoint"], params=parameters)
    assert reply.status_code in (302, 303), reply.text
    target = reply.headers["Location"]
    assert target.startswith(REDIRECT + "?")
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))


def exchange(issuer, code, **changes):
    return issuer.post("token_endpoint", {"grant_type": "authorization_code", "client_id": "app", "code": code,
                                          "redirect_uri": REDIRECT, "code_verifier": VERIFIER, **changes})


def refresh(issuer, token):
    return issuer.post("token_endpoint", {"grant_type": "refresh_token", "client_id": "app", "refresh_token": token})


def test_code_with_pkce_then_userinfo(server):
    issuer = server.main
    redirect = authorize(issuer)
    assert redirect["state"] == "s1"
    assert redirect["iss"] == issuer.url
    reply = exchange(issuer, redirect["code"])
    assert reply.headers["Cache-Control"] == "no-store"
    tokens = reply.json()
    assert tokens["token_type"].lower() == "bearer"
    assert tokens["expires_in"] == 3600
    assert {"access_token", "refresh_token", "id_token"} <= tokens.keys()
    userinfo = issuer.get(issuer.discovery()["userinfo_endpoint"],
                          headers={"Authorization": "Bearer " + tokens["access_token"]})
    assert userinfo.json()["sub"] == "user-1"


@pytest.mark.parametrize("changes", [
    {"code_verifier": "wrong" * 10}, {"redirect_uri": REDIRECT + "/other"}, {"code": "made-up"},
    {"client_id": "service"},
])
def test_a_code_is_bound_to_what_it_was_asked_for(server, changes):
    code = authorize(server.main)["code"]
    reply = exchange(server.main, **{"code": code, **changes})
    assert reply.status_code in (400, 401)
    assert reply.json()["error"] in ("invalid_grant", "invalid_client")


def test_a_code_used_twice_revokes_what_it_gave(server):
    code = authorize(server.main)["code"]
    first = exchange(server.main, code).json()
    again = exchange(server.main, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert refresh(server.main, first["refresh_token"]).json()["error"] == "invalid_grant"


def test_reuse_of_a_rotated_refresh_token_revokes_the_family(server):
    first = exchange(server.main, authorize(server.main)["code"]).json()["refresh_token"]
    second = refresh(server.main, first).json()["refresh_token"]
    assert second != first
    assert refresh(server.main, first).json()["error"] == "invalid_grant"
    assert refresh(server.main, second).json()["error"] == "invalid_grant"


def begin_device(issuer):
    reply = issuer.post("device_authorization_endpoint", {"client_id": "app", "scope": "openid offline_access"})
    assert reply.status_code == 200, reply.text
    return reply.json()


def poll(issuer, device):
    return issuer.post("token_endpoint", {"grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                                          "client_id": "app", "device_code": device["device_code"]})


def test_device_flow_from_pending_over_slow_down_to_tokens(server):
    issuer = server.main
    device = begin_device(issuer)
    assert device["interval"] == 5
    assert poll(issuer, device).json()["error"] == "authorization_pending"
    assert poll(issuer, device).json()["error"] == "slow_down"  # no time has passed
    issuer.advance(9)
    assert poll(issuer, device).json()["error"] == "slow_down"  # the interval is 10 s by now, and remembered
    issuer.advance(15)
    assert poll(issuer, device).json()["error"] == "authorization_pending"
    issuer.control("POST", "/device", {"user_code": device["user_code"], "decision": "approve"})
    issuer.advance(15)
    assert "access_token" in poll(issuer, device).json()
    issuer.advance(15)
    assert poll(issuer, device).json()["error"] == "invalid_grant"


def test_device_flow_denied(server):
    device = begin_device(server.main)
    server.main.control("POST", "/device", {"user_code": device["user_code"], "decision": "deny"})
    assert poll(server.main, device).json()["error"] == "access_denied"


def test_device_flow_expired(server):
    device = begin_device(server.main)
    server.main.advance(device["expires_in"])
    assert poll(server.main, device).json()["error"] == "expired_token"


def test_client_credentials_want_the_form_encoded_secret(server):
    form = {"grant_type": "client_credentials"}
    encoded = server.main.post("token_endpoint", form, auth=("service", "s3cr3t%3A%2F%25%C3%A9%2B"))
    assert encoded.status_code == 200
    raw = server.main.post("token_endpoint", form, auth=("service", "s3cr3t:/%é+".encode()))
    assert raw.status_code in (400, 401)  # "%é" is no escape


def test_a_wrong_secret_is_challenged(server):
    reply = server.main.post("token_endpoint", {"grant_type": "client_credentials"}, auth=("service", "wrong"))
    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")
    assert reply.headers["WWW-Authenticate"].startswith("Basic")


def test_the_user_may_say_no_through_the_control_api(server):
    issuer = server.create_issuer(config={"interaction": "api"})
    url = issuer.discovery()["authorization_endpoint"] + "?" + urllib.parse.urlencode(
        {"response_type": "code", "client_id": "app", "redirect_uri": REDIRECT, "state": "s1", "scope": "openid",
         "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"})
    decided = issuer.control("POST", "/authorize", {"url": url, "decision": "deny"})
    assert "error=access_denied" in decided["redirect_to"]
