"""Authlib's OAuth2Session, unmodified, through its flows over https."""

import jwt
import pytest
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from clients import PLAIN

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
REDIRECT = "http://127.0.0.1:49152/callback"


def public(issuer, **options):
    return OAuth2Session("app", redirect_uri=REDIRECT, token_endpoint_auth_method="none", code_challenge_method="S256",
                         scope="openid offline_access", token_endpoint=issuer.discovery()["token_endpoint"], **options)


def log_in(issuer, follow):
    client = public(issuer)
    url, state = client.create_authorization_url(issuer.discovery()["authorization_endpoint"], code_verifier=VERIFIER,
                                                 nonce="n-1")
    client.fetch_token(authorization_response=follow(url), state=state, code_verifier=VERIFIER)
    return client


def test_code_with_pkce_then_userinfo(issuer, follow):
    client = log_in(issuer, follow)
    user = client.get(issuer.discovery()["userinfo_endpoint"], timeout=30)
    assert (user.status_code, user.json()["sub"]) == (200, "user-1")
    keys = jwt.PyJWKClient(issuer.discovery()["jwks_uri"])
    id_token = client.token["id_token"]
    claims = jwt.decode(id_token, keys.get_signing_key_from_jwt(id_token).key, algorithms=["RS256"], audience="app",
                        issuer=issuer.url)
    assert claims["nonce"] == "n-1"


def test_it_renews_an_expired_token_by_itself_and_saves_the_rotated_one(issuer, follow):
    saved = []
    token = log_in(issuer, follow).token
    client = public(issuer, token={**token, "expires_at": 1}, update_token=lambda new, **old: saved.append((new, old)))
    assert client.get(issuer.discovery()["userinfo_endpoint"], timeout=30).status_code == 200
    ((new, old),) = saved
    assert old["refresh_token"] == token["refresh_token"] != new["refresh_token"]


def test_a_used_refresh_token_is_an_error_to_it(issuer, follow):
    client = log_in(issuer, follow)
    used = client.token["refresh_token"]
    client.refresh_token(refresh_token=used)
    with pytest.raises(AuthlibBaseError) as raised:
        client.refresh_token(refresh_token=used)
    assert raised.value.error == "invalid_grant"


@pytest.mark.parametrize("client_id, secret, method", [
    ("service", PLAIN, "client_secret_basic"), ("service-post", "s3cr3t:/%é+", "client_secret_post")])
def test_client_credentials(issuer, client_id, secret, method):
    client = OAuth2Session(client_id, secret, token_endpoint_auth_method=method, scope="api")
    token = client.fetch_token(issuer.discovery()["token_endpoint"], grant_type="client_credentials")
    assert (token["token_type"].lower(), token["scope"]) == ("bearer", "api")


def test_password(issuer):
    client = OAuth2Session("service", PLAIN, scope="openid")
    token = client.fetch_token(issuer.discovery()["token_endpoint"], username="user-1", password="p4ss:/%ö+ word")
    assert token["access_token"]


def test_introspection_and_revocation(issuer):
    endpoints = issuer.discovery()
    client = OAuth2Session("service", PLAIN, scope="api")
    token = client.fetch_token(endpoints["token_endpoint"], grant_type="client_credentials")["access_token"]

    def is_active():
        return client.introspect_token(endpoints["introspection_endpoint"], token=token).json()["active"]

    assert is_active()
    assert client.revoke_token(endpoints["revocation_endpoint"], token=token).status_code == 200
    assert not is_active()
