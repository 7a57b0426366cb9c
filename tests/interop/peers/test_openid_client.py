"""Node's openid-client, unmodified, through its flows over https. It checks more of a server than most clients do."""

import json
import os
import pathlib

import pytest

from serving import run

FLOWS = pathlib.Path(__file__).parent / "openid_client" / "flows.mjs"


@pytest.fixture
def real(tls_server):
    """The default clients, with their secrets full of special characters: openid-client encodes them."""
    return tls_server.create_issuer(config={"device": {"interval": 1}})


@pytest.fixture
def node(real, ca_file):
    def flow(name, *arguments):
        done = run(["node", FLOWS, name, real.url, *arguments], env={**os.environ, "NODE_EXTRA_CA_CERTS": ca_file}, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return flow


def test_code_with_pkce_then_userinfo(node):
    done = node("code")
    assert 3500 < done.pop("expires_in") <= 3600  # what is left of it
    assert done == {"sub": "user-1", "token_type": "bearer"}


def test_refresh_with_rotation_and_reuse(node):
    assert node("refresh") == {"rotated": True, "again": "invalid_grant"}


def test_device_polled_until_the_user_decides(node, real):
    assert node("device", real.server.ready["control"] + real.control_path) == {"sub": "user-1"}
    polls = [exchange["status"] for exchange in real.requests(endpoint="token")]
    assert polls[:1] == [400] and polls[-1] == 200  # pending at first


def test_client_credentials_then_introspection_and_revocation(node):
    assert node("client_credentials") == {"scope": "api", "active": [True, False]}


def test_client_credentials_with_a_signed_assertion(node, root):
    pem = (root / "mock-server" / "keys" / "rsa-client.pem").read_text()
    assert node("private_key_jwt", "".join(pem.splitlines()[1:-1])) == {"scope": "api"}


@pytest.mark.parametrize("endpoint, wrong, code", [
    ("authorize", {"patch": {"iss": "https://other.test"}}, "OAUTH_INVALID_RESPONSE"),
    ("token", {"claims": {"id": {"nonce": "other"}}}, "OAUTH_JWT_CLAIM_COMPARISON_FAILED"),
    ("token", {"claims": {"id": {"aud": "other"}}}, "OAUTH_JWT_CLAIM_COMPARISON_FAILED"),
    ("token", {"body": "<html>", "status": 200}, "OAUTH_PARSE_ERROR"),
])
def test_it_refuses_an_issuer_that_is_wrong_on_purpose(node, real, endpoint, wrong, code):
    real.script({"when": {"endpoint": endpoint}, "do": wrong})
    assert node("refused") == {"code": code}
    assert real.verdict()["undelivered_steps"] == []
