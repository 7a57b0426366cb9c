"""Files exchanged both ways with the real planet_auth: what one library saves, the other one uses."""

import json
import time
import warnings

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from serving import run

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what it imports
    import planet_auth

NOW = 1_893_456_000  # 2030-01-01T00:00:00Z
TOKEN = jwt.encode({"iss": "https://as.test", "iat": NOW - 100, "exp": NOW + 3500}, "k" * 32, algorithm="HS256")


@pytest.fixture
def auth_core(build_dir):
    """auth-core's answer to a command of auth_core_files."""

    def ask(*command, stdin=None):
        done = run([build_dir / "tests" / "interop" / "auth_core_files", *command],
                   **({"stdin": None, "input": json.dumps(stdin)} if stdin is not None else {}))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


# Credentials. Each row: the class, how it takes its file, auth-core's name of the kind, a way to make data.

OIDC = {
    "JWT": {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer", "refresh_token": "r"},
    "opaque": {"access_token": "opaque", "expires_in": 600, "token_type": "Bearer", "id_token": "i", "scope": "a b"},
    "opaque without a lifetime": {"access_token": "opaque", "token_type": "Bearer"},
    "refresh token only": {"refresh_token": "r"},
    "members that nobody knows": {"access_token": "opaque", "expires_in": 1, "Größe": {"nested": [1, None, "é"]}, "zero": 0},
    "a null": {"access_token": "opaque", "id_token": None, "expires_in": 600},
}


class Oidc:
    kind = "oidc"

    @staticmethod
    def of(path, data=None):
        return planet_auth.FileBackedOidcCredential(data=data and dict(data), credential_file=path)

    @staticmethod
    def seen(credential):
        return {"access_token": credential.access_token(), "refresh_token": credential.refresh_token(),
                "id_token": credential.id_token(), "issued_at": credential.issued_time(),
                "expires_at": credential.expiry_time(), "expired": credential.is_expired(NOW)}


class ApiKey:
    kind = "api_key"

    @staticmethod
    def of(path, data=None):
        data = data or {}
        return planet_auth.FileBackedApiKey(data.get("api_key"), data.get("bearer_token_prefix"), api_key_file=path)

    @staticmethod
    def seen(credential):
        return {"api_key": credential.api_key(), "prefix": credential.bearer_token_prefix(), "expires_at": None,
                "expired": credential.is_expired(NOW)}


class Legacy:
    kind = "planet_legacy"

    @staticmethod
    def of(path, data=None):
        data = data or {}
        return planet_auth.FileBackedPlanetLegacyApiKey(data.get("key"), data.get("jwt"), api_key_file=path)

    @staticmethod
    def seen(credential):
        return {"api_key": credential.legacy_api_key(), "legacy_jwt": credential.legacy_jwt(), "expires_at": None,
                "expired": credential.is_expired(NOW)}


CREDENTIALS = [
    *(pytest.param(Oidc, data, id=f"oidc, {name}") for name, data in OIDC.items()),
    pytest.param(ApiKey, {"api_key": "k", "bearer_token_prefix": "Bearer"}, id="static key"),
    pytest.param(ApiKey, {"api_key": "k", "bearer_token_prefix": "api-key"}, id="static key with a prefix of its own"),
    pytest.param(Legacy, {"key": "k", "jwt": TOKEN}, id="legacy"),
    pytest.param(Legacy, {"key": "k"}, id="legacy without JWT"),
]


@pytest.fixture
def at_now(monkeypatch):
    """planet_auth's clock."""
    monkeypatch.setattr(time, "time", lambda: float(NOW))


@pytest.mark.parametrize("kind, data", CREDENTIALS)
def test_auth_core_reads_a_credential_of_theirs(kind, data, auth_core, tmp_path, at_now):
    credential = kind.of(tmp_path / "token.json", data)
    credential.save()
    answer = auth_core("load", kind.kind, tmp_path / "token.json", NOW)
    seen = kind.seen(credential)
    assert {name: answer[name] for name in seen} == seen


@pytest.mark.parametrize("kind, data", CREDENTIALS)
def test_they_read_a_credential_of_ours(kind, data, auth_core, tmp_path, at_now):
    assert auth_core("save", kind.kind, tmp_path / "token.json", NOW, stdin=data) == {}
    credential = kind.of(tmp_path / "token.json")
    credential.load()
    credential.check()
    answer = auth_core("load", kind.kind, tmp_path / "token.json", NOW)
    seen = kind.seen(credential)
    assert {name: answer[name] for name in seen} == seen


@pytest.mark.parametrize("kind, data", CREDENTIALS)
def test_both_write_the_same_file(kind, data, auth_core, tmp_path, at_now):
    kind.of(tmp_path / "theirs.json", data).save()
    auth_core("save", kind.kind, tmp_path / "ours.json", NOW, stdin=data)
    assert (tmp_path / "ours.json").read_text() == (tmp_path / "theirs.json").read_text()
    assert (tmp_path / "ours.json").stat().st_mode == (tmp_path / "theirs.json").stat().st_mode


@pytest.mark.parametrize("kind, data", [(Oidc, {"token_type": "Bearer"}), (ApiKey, {"api_key": "k"}), (Legacy, {"jwt": "j"})])
def test_what_is_no_credential_to_them_is_none_to_us(kind, data, auth_core, tmp_path):
    (tmp_path / "token.json").write_text(json.dumps(data))
    with pytest.raises((planet_auth.AuthException, TypeError)):  # one of their exceptions misspells an argument (W-27)
        kind.of(tmp_path / "token.json").load()
    assert auth_core("load", kind.kind, tmp_path / "token.json", NOW)["error"] == "invalid_argument"


# Configurations.

OIDC_KEYS = {"auth_server": "https://as.test", "client_id": "id", "scopes": ["planet", "offline_access"],
             "audiences": ["https://api.test"], "organization": "org", "project_id": "p", "issuer": "https://as.test/",
             "token_endpoint": "https://as.test/token", "jwks_endpoint": "https://as.test/keys"}
REDIRECT = {"redirect_uri": "http://localhost:8080/cb", "local_redirect_uri": "http://localhost:8080/local"}
PERSON = {"username": "u", "password": "p"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
WAYS = {"": {}, "_secret": {"client_secret": "s"}, "_pubkey": {"client_privkey": PEM}}
FLOWS = {"oidc_auth_code": REDIRECT, "oidc_device_code": {}, "oidc_resource_owner": PERSON, "oidc_client_credentials": {}}

CONFIGS = {
    **{flow + way: {**OIDC_KEYS, **keys, **more} for flow, keys in FLOWS.items() for way, more in WAYS.items()},
    "oidc_client_validator": {key: OIDC_KEYS[key] for key in ("auth_server", "audiences", "issuer", "jwks_endpoint")},
    "planet_legacy": {"legacy_auth_endpoint": "https://as.test/login", "api_key": "k"},
    "static_apikey": {"api_key": "k", "bearer_token_prefix": "Bearer"},
    "none": {},
}
del CONFIGS["oidc_client_credentials"]  # there are no public ones
KINDS = {"static_apikey": "api_key", "planet_legacy": "planet_legacy", "none": "none"}


def save_config(path, config):
    theirs = planet_auth.AuthClientConfig.from_dict(config)
    theirs.set_path(path)
    theirs.save()
    return theirs


@pytest.mark.parametrize("client_type", CONFIGS)
def test_auth_core_takes_a_configuration_of_theirs(client_type, auth_core, tmp_path):
    save_config(tmp_path / "config.json", {"client_type": client_type, **CONFIGS[client_type]})
    assert auth_core("config", tmp_path / "config.json") == {"client_type": client_type,
                                                            "credential_kind": KINDS.get(client_type, "oidc")}


@pytest.mark.parametrize("client_type", CONFIGS)
def test_they_take_a_configuration_of_ours(client_type, auth_core, tmp_path):
    config = {"client_type": client_type, **CONFIGS[client_type]}
    assert auth_core("keep", tmp_path / "config.json", stdin=config) == {}
    theirs = planet_auth.AuthClientConfig.from_file(tmp_path / "config.json")
    planet_auth.AuthClient.from_config(theirs)
    assert theirs.meta()["client_type"] == client_type
    kept = {key: value for key, value in config.items() if key not in PERSON}  # theirs have other names in files
    assert {key: theirs.data().get(key) for key in kept} == kept


def test_both_know_the_same_client_types(auth_core):
    theirs = {config.meta()["client_type"] for config in planet_auth.AuthClientConfig._get_config_types()}  # pylint: disable=W0212
    assert {info["name"] for info in auth_core("types")} == theirs == set(CONFIGS)


def variants():
    """Each configuration without one of its keys."""
    for client_type, config in CONFIGS.items():
        for key in config:
            yield pytest.param({"client_type": client_type, **{k: v for k, v in config.items() if k != key}},
                               id=f"{client_type} without {key}")


@pytest.mark.parametrize("config", list(variants()))
def test_both_ask_for_the_same_keys(config, auth_core, tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    try:
        planet_auth.AuthClient.from_config(planet_auth.AuthClientConfig.from_file(path))
        theirs = "accepted"
    except planet_auth.AuthException:
        theirs = "config"
    assert auth_core("config", path).get("error", "accepted") == theirs


def test_a_client_type_that_they_do_not_know_is_unknown_to_us(auth_core, tmp_path):
    (tmp_path / "config.json").write_text('{"client_type": "oidc_carrier_pigeon"}')
    with pytest.raises(planet_auth.AuthException):
        planet_auth.AuthClientConfig.from_file(tmp_path / "config.json")
    assert auth_core("config", tmp_path / "config.json")["error"] == "config"


# In use, at a real issuer.

@pytest.fixture
def issuer(server):
    """An issuer on the machine's clock, which is planet_auth's too."""
    return server.create_issuer(config={"scopes": ["openid", "offline_access", "api"]})


def app_config(issuer, path, **more):
    config = {"client_type": "oidc_device_code", "auth_server": issuer.url, "client_id": "app", **more}
    save_config(path, config)
    return planet_auth.Auth.initialize_from_config_dict(client_config=config, token_file=path.parent / "token.json")


def header_of(auth):
    """What planet_auth would send."""
    authenticator = auth.request_authenticator()
    authenticator.pre_request_hook()
    return f"{authenticator._token_prefix} {authenticator._token_body}"  # pylint: disable=protected-access


def is_good(issuer, header):
    return issuer.get(issuer.discovery()["userinfo_endpoint"], headers={"Authorization": header}).status_code == 200


def log_in(issuer, path, issued_at):
    """A login that planet_auth has saved."""
    response = issuer.control("POST", "/sessions", {"issued_at": issued_at})
    Oidc.of(path, response).save()
    return response


def test_a_session_goes_back_and_forth(issuer, auth_core, tmp_path):
    """Each library renews what the other one saved; neither presents a used refresh token."""
    theirs = app_config(issuer, tmp_path / "config.json")
    log_in(issuer, tmp_path / "token.json", int(time.time()) - 7200)

    ours = auth_core("header", tmp_path / "config.json", tmp_path / "token.json", int(time.time()))["header"]
    assert is_good(issuer, ours)
    assert header_of(theirs) == ours

    issuer.advance(7200)  # and the stored times go back as far, for planet_auth looks at the machine's clock
    stored = json.loads((tmp_path / "token.json").read_text())
    (tmp_path / "token.json").write_text(json.dumps({**stored, "access_token": "opaque", "_exp": stored["_exp"] - 7200,
                                                     "_iat": stored["_iat"] - 7200}))
    renewed = header_of(app_config(issuer, tmp_path / "config.json"))
    assert renewed != ours and is_good(issuer, renewed)
    assert auth_core("header", tmp_path / "config.json", tmp_path / "token.json", int(time.time()))["header"] == renewed
    assert [exchange["status"] for exchange in issuer.requests(endpoint="token")] == [200, 200]


def test_both_log_in_as_a_service_in_the_same_words(issuer, auth_core, tmp_path):
    config = {"client_type": "oidc_client_credentials_secret", "auth_server": issuer.url, "client_id": "service-post",
              "client_secret": "s3cr3t:/%é+", "scopes": ["api"]}
    save_config(tmp_path / "config.json", config)
    theirs = planet_auth.Auth.initialize_from_config_dict(client_config=config, token_file=tmp_path / "theirs.json")
    assert header_of(theirs).startswith("Bearer ey")
    ours = auth_core("header", tmp_path / "config.json", tmp_path / "ours.json", int(time.time()))
    assert ours["header"].startswith("Bearer ey")
    first, second = issuer.requests(endpoint="token")
    assert sorted(first["form"]) == sorted(second["form"])
    assert (first["status"], second["status"]) == (200, 200)
