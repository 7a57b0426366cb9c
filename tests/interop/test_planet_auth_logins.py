"""planet_auth, unmodified, logs in over https in each of its ways, stores what it got, and renews it by itself."""

import gc
import json
import socket
import sys
import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what it imports
    import planet_auth

SECRET = "s3cr3t:/%é+"
SERVICE = {"client_id": "service-post", "client_secret": SECRET, "scopes": ["api"]}
PERSON = {"client_id": "app", "scopes": ["openid", "offline_access"]}


@pytest.fixture
def auth_of(issuer, tmp_path):
    """planet_auth on its token file, as each start of a program makes it: auth_of(client_type, key=value...)."""

    def make(client_type, **config):
        return planet_auth.Auth.initialize_from_config_dict(
            client_config={"client_type": client_type, "auth_server": issuer.url, **config},
            token_file=tmp_path / "token.json")

    return make


def token_of(auth):
    """The token that planet_auth would send."""
    authenticator = auth.request_authenticator()
    authenticator.pre_request_hook()
    return authenticator._token_body  # pylint: disable=protected-access


def is_good(issuer, token):
    return issuer.get(issuer.discovery()["userinfo_endpoint"], headers={"Authorization": "Bearer " + token}).status_code == 200


def make_old(path):
    """Takes two hours off the stored token, for planet_auth looks at the machine's clock."""
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "access_token": "opaque", "_iat": stored["_iat"] - 7200, "_exp": stored["_exp"] - 7200}))


def renews(issuer, auth_of, path, *arguments, **config):
    """After a restart with an expired token: a new one, which is good, and a rotated refresh token in the file."""
    before = json.loads(path.read_text())
    make_old(path)
    token = token_of(auth_of(*arguments, **config))
    after = json.loads(path.read_text())
    return (is_good(issuer, token) and token not in (before["access_token"], "opaque") and after["access_token"] == token
            and after["refresh_token"] != before["refresh_token"])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_person_logs_in_with_a_browser(issuer, auth_of, root, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER", f"{sys.executable} {root / 'tests' / 'interop' / 'browser.py'} %s &")
    config = {**PERSON, "redirect_uri": f"http://127.0.0.1:{free_port()}/callback"}
    auth = auth_of("oidc_auth_code", **config)
    auth.login(allow_open_browser=True)
    gc.collect()  # it leaves its listener open
    assert is_good(issuer, token_of(auth))
    assert renews(issuer, auth_of, tmp_path / "token.json", "oidc_auth_code", **config)


def test_a_person_logs_in_on_another_device(issuer, auth_of, tmp_path):
    auth = auth_of("oidc_device_code", **PERSON)
    begun = auth.device_login_initiate()
    issuer.control("POST", "/device", {"user_code": begun["user_code"], "decision": "approve"})
    begun["interval"] = 0  # it would wait for that long before its first poll
    auth.device_login_complete(begun)
    assert is_good(issuer, token_of(auth))
    assert renews(issuer, auth_of, tmp_path / "token.json", "oidc_device_code", **PERSON)


def test_a_person_logs_in_with_a_password(issuer, auth_of, tmp_path):
    config = {**PERSON, "username": "user-1", "password": "p4ss:/%ö+ word"}
    auth = auth_of("oidc_resource_owner", **config)
    auth.login()
    assert is_good(issuer, token_of(auth))
    assert renews(issuer, auth_of, tmp_path / "token.json", "oidc_resource_owner", **config)


def test_a_service_logs_in_and_does_so_again_when_its_token_is_old(issuer, auth_of, tmp_path):
    first = token_of(auth_of("oidc_client_credentials_secret", **SERVICE))
    assert first == token_of(auth_of("oidc_client_credentials_secret", **SERVICE))
    make_old(tmp_path / "token.json")
    assert token_of(auth_of("oidc_client_credentials_secret", **SERVICE)) not in (first, "opaque")
    assert [exchange["status"] for exchange in issuer.requests(endpoint="token")] == [200, 200]


def test_an_api_accepts_the_tokens_that_its_validator_accepts(issuer, auth_of):
    token = token_of(auth_of("oidc_client_credentials_secret", **SERVICE))
    validator = planet_auth.AuthClient.from_config(planet_auth.AuthClientConfig.from_dict(
        {"client_type": "oidc_client_validator", "auth_server": issuer.url, "audiences": ["https://api.test"]}))
    claims = validator.validate_access_token_local(token, required_audience="https://api.test")
    assert claims["client_id"] == "service-post"


def test_a_logout_revokes(issuer, auth_of):
    auth = auth_of("oidc_device_code", **PERSON)
    begun = auth.device_login_initiate()
    issuer.control("POST", "/device", {"decision": "approve"})
    begun["interval"] = 0
    auth.device_login_complete(begun)
    token = token_of(auth)
    refresh_token = auth.request_authenticator().credential().refresh_token()
    auth.auth_client().revoke_refresh_token(refresh_token)
    assert not is_good(issuer, token)
