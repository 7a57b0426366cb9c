"""requests-oauthlib, unmodified, through its flows over https."""

import oauthlib.oauth2
import pytest
from oauthlib.oauth2.rfc8628.clients import DeviceClient
from requests_oauthlib import OAuth2Session

from clients import PLAIN

REDIRECT = "http://localhost:49152/callback"


def public(**options):
    return OAuth2Session("app", redirect_uri=REDIRECT, scope=["openid", "offline_access"], pkce="S256", **options)


def log_in(issuer, follow):
    client = public()
    endpoints = issuer.discovery()
    url, _ = client.authorization_url(endpoints["authorization_endpoint"])
    client.fetch_token(endpoints["token_endpoint"], authorization_response=follow(url).replace("http://", "https://"),
                       include_client_id=True)  # of the redirect URI it wants https, also for loopback
    return client


def test_code_with_pkce_then_userinfo(issuer, follow):
    client = log_in(issuer, follow)
    assert client.get(issuer.discovery()["userinfo_endpoint"], timeout=30).json()["sub"] == "user-1"


def test_it_renews_an_expired_token_by_itself_and_saves_the_rotated_one(issuer, follow):
    saved = []
    endpoints = issuer.discovery()
    token = log_in(issuer, follow).token
    client = public(token={**token, "expires_at": 1}, auto_refresh_url=endpoints["token_endpoint"],
                    auto_refresh_kwargs={"client_id": "app"}, token_updater=saved.append)
    assert client.get(endpoints["userinfo_endpoint"], timeout=30).status_code == 200
    (new,) = saved
    assert new["refresh_token"] != token["refresh_token"]


def test_client_credentials(issuer):
    client = OAuth2Session(client=oauthlib.oauth2.BackendApplicationClient("service", scope=["api"]))
    token = client.fetch_token(issuer.discovery()["token_endpoint"], client_secret=PLAIN)
    assert token["scope"] == ["api"]


def test_password(issuer):
    client = OAuth2Session(client=oauthlib.oauth2.LegacyApplicationClient("service", scope=["openid"]))
    token = client.fetch_token(issuer.discovery()["token_endpoint"], username="user-1", password="p4ss:/%ö+ word",
                               client_secret=PLAIN)
    assert token["access_token"]


def test_device(make_issuer):
    issuer = make_issuer(device={"interval": 1})
    endpoints = issuer.discovery()
    client = OAuth2Session(client=DeviceClient("app", scope=["openid"]))
    device = client.post(endpoints["device_authorization_endpoint"], data={"client_id": "app", "scope": "openid"},
                         withhold_token=True, timeout=30).json()

    def poll():
        return client.fetch_token(endpoints["token_endpoint"], device_code=device["device_code"], include_client_id=True)

    with pytest.raises(oauthlib.oauth2.OAuth2Error) as pending:
        poll()
    assert pending.value.error == "authorization_pending"
    issuer.control("POST", "/device", {"user_code": device["user_code"], "decision": "approve"})
    issuer.advance(device["interval"])
    assert poll()["access_token"]


def test_a_denial_is_an_error_to_it(issuer, follow):
    issuer.script({"when": {"endpoint": "authorize"}, "do": {"error": "access_denied"}})
    with pytest.raises(oauthlib.oauth2.AccessDeniedError):
        log_in(issuer, follow)
