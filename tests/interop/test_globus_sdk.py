"""globus-sdk, unmodified, with the URL of its Auth service set to the issuer's, whose endpoints are where Globus has
them. It wants `resource_server` and `other_tokens` in every token response."""

import time

import globus_sdk
import pytest

from clients import PLAIN

SERVICE = "10f1a2b3-0000-4000-8000-000000000001"
APP = "10f1a2b3-0000-4000-8000-000000000002"
REDIRECT = "http://localhost:49152/callback"
TRANSFER = "urn:globus:auth:scope:transfer.api.globus.org:all"
PATHS = {"token": "/v2/oauth2/token", "authorize": "/v2/oauth2/authorize", "userinfo": "/v2/oauth2/userinfo",
         "revoke": "/v2/oauth2/token/revoke", "introspect": "/v2/oauth2/token/introspect", "jwks": "/jwk.json"}
SERVERS = [{"id": "auth.globus.org", "scopes": ["openid", "profile", "email"]},
           {"id": "transfer.api.globus.org", "scopes": [TRANSFER]}]


@pytest.fixture
def auth(make_issuer, ca_file, monkeypatch):
    """The issuer as Globus Auth."""
    issuer = make_issuer(
        endpoints=PATHS, scopes=["openid", "profile", "email", "offline_access", TRANSFER], resource_servers=SERVERS,
        clients=[{"id": SERVICE, "auth": "client_secret_basic", "secret": PLAIN, "grants": ["client_credentials", "refresh_token"]},
                 {"id": APP, "auth": "none", "redirect_uris": [REDIRECT]}])
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", issuer.url + "/")
    monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", ca_file)
    return issuer


def service():
    return globus_sdk.ConfidentialAppAuthClient(SERVICE, PLAIN)


def log_in(follow):
    client = globus_sdk.NativeAppAuthClient(APP)
    client.oauth2_start_flow(requested_scopes=["openid", "profile", "offline_access", TRANSFER], redirect_uri=REDIRECT,
                             refresh_tokens=True)
    code = follow(client.oauth2_get_authorize_url()).partition("code=")[2].partition("&")[0]
    return client, client.oauth2_exchange_code_for_tokens(code)


def test_discovery_and_keys(auth):
    client = service()
    metadata = client.get_openid_configuration()
    assert metadata["token_endpoint"] == auth.url + PATHS["token"]
    assert client.get_jwk(openid_configuration=metadata, as_pem=False)["keys"]


def test_client_credentials(auth):
    response = service().oauth2_client_credentials_tokens(requested_scopes=["profile", TRANSFER])
    tokens = response.by_resource_server
    assert tokens["transfer.api.globus.org"]["scope"] == TRANSFER
    assert tokens["auth.globus.org"]["scope"] == "profile"
    assert tokens["transfer.api.globus.org"]["access_token"] != tokens["auth.globus.org"]["access_token"]


def test_a_native_app_logs_in_with_pkce(auth, follow):
    _, response = log_in(follow)
    assert set(response.by_resource_server) == {"auth.globus.org", "transfer.api.globus.org"}
    claims = response.decode_id_token()
    assert (claims["sub"], claims["iss"]) == ("user-1", auth.url)
    user = globus_sdk.AuthClient(authorizer=globus_sdk.AccessTokenAuthorizer(response["access_token"])).userinfo()
    assert user["sub"] == "user-1"


def test_it_renews_by_itself_and_hands_the_rotated_token_over(auth, follow):
    client, response = log_in(follow)
    renewed = []
    authorizer = globus_sdk.RefreshTokenAuthorizer(response["refresh_token"], client, access_token=response["access_token"],
                                                   expires_at=int(time.time()) - 1, on_refresh=renewed.append)
    assert globus_sdk.AuthClient(authorizer=authorizer).userinfo()["sub"] == "user-1"
    assert [new["refresh_token"] == response["refresh_token"] for new in renewed] == [False]


def test_introspection_and_revocation(auth, follow):
    client, response = log_in(follow)
    token = response["access_token"]
    assert service().oauth2_token_introspect(token)["active"]
    assert client.oauth2_revoke_token(token).http_status == 200
    assert not service().oauth2_token_introspect(token)["active"]


def test_an_error_is_an_error_to_it(auth):
    auth.script({"when": {"endpoint": "token"}, "do": {"error": "invalid_scope"}})
    with pytest.raises(globus_sdk.AuthAPIError) as raised:
        service().oauth2_client_credentials_tokens(requested_scopes=TRANSFER)
    assert raised.value.http_status == 400
