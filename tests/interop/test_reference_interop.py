"""The reference client over pipes, on the system's clock, at a served issuer: what it says is understood elsewhere."""

import os
import pathlib
import sys
import time

import pytest
import requests

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "driver"))

from pipes import Piped  # noqa: E402

SECRET = "s3cr3t:/%é+"
PASSWORD = "p4ss:/%ö+ word"  # of user-1, as each issuer begins
CLIENTS = [
    {"id": "app", "auth": "none", "redirect_uris": ["http://127.0.0.1/callback"],
     "grants": ["authorization_code", "refresh_token", "password"]},
    {"id": "basic", "auth": "client_secret_basic", "secret": SECRET, "grants": ["client_credentials"]},
    {"id": "post", "auth": "client_secret_post", "secret": SECRET, "grants": ["client_credentials"]},
]


@pytest.fixture
def client(make_issuer, root, tmp_path):
    """Starts the client, configured for an issuer: client(flow="password")."""
    started, issuer = [], make_issuer(clients=CLIENTS)

    def start(*arguments, **config):
        started.append(Piped(root / "conformance" / "clients" / "reference.py", *(arguments or ("--variant", "real_clock")),
                             env=dict(os.environ)))
        started[-1].now = time.time()  # the issuer's clock; what is not on the system's follows it
        config = {"issuer": issuer.url, "client_id": "app", "client_auth": {"method": "none"}, "flow": "code",
                  "scopes": ["openid", "offline_access"], "redirect_uri": "http://127.0.0.1:0/callback",
                  "storage_dir": str(tmp_path / "store"), **config}
        assert started[-1].call("configure", **config) == {"ok": {}}
        return started[-1]

    start.issuer = issuer
    yield start
    for one in started:
        assert one.end() == 0, one.output


def ok(it, op, **fields):
    reply = it.call(op, **fields)
    assert "ok" in reply, reply
    return reply["ok"]


def test_a_user_logs_in_and_out(client):
    it = client()
    first = ok(it, "login")["access_token"]
    assert ok(it, "userinfo")["sub"] == "user-1" and ok(it, "request") == {"status": 200}
    second = ok(it, "refresh")["access_token"]
    assert second != first and ok(it, "get_access_token")["access_token"] == second
    url = ok(it, "logout")["url"]
    assert requests.get(url, timeout=10).ok
    assert it.call("get_access_token")["err"]["kind"] == "no_credentials"


def test_a_login_by_a_pasted_address(client, follow):
    it = client("--variant", "pasted", redirect_uri="http://127.0.0.1:49152/callback")
    redirect = follow(ok(it, "authorization_url")["url"])
    assert ok(it, "callback", url=redirect)["access_token"]


def test_a_revoked_session_is_over(client):
    it = client()
    token = ok(it, "login")["access_token"]
    ok(it, "revoke")
    assert it.call("get_access_token")["err"]["kind"] == "no_credentials"
    url = client.issuer.discovery()["userinfo_endpoint"]
    assert requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code == 401


def test_a_password_logs_in(client):
    it = client(flow="password", username="user-1", password=PASSWORD)
    assert ok(it, "login")["access_token"]


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_secret_of_odd_characters_authenticates(client, method):
    it = client(flow="client_credentials", client_id=method.rpartition("_")[2], scopes=["api"],
                client_auth={"method": method, "secret": SECRET})
    token = ok(it, "get_access_token")["access_token"]
    assert ok(it, "introspect", token=token)["active"] is True
    assert it.call("introspect", token="unknown")["err"]["kind"] == "validation"


def test_a_key_pair_authenticates_anew_each_time(client, tls_server, root):
    key = (root / "mock-server" / "keys" / "rsa-client.pem").read_text()
    issuer = tls_server.create_issuer()  # with the clients that every issuer begins with
    it = client(flow="client_credentials", client_id="service-jwt", scopes=["api"], issuer=issuer.url,
                client_auth={"method": "private_key_jwt", "private_key": key})
    token = ok(it, "get_access_token")["access_token"]
    assert ok(it, "refresh")["access_token"] != token
    assert ok(it, "introspect", token=token)["client_id"] == "service-jwt"
