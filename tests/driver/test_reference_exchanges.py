"""The reference client's requests: HTTP, client authentication, polling, what else an issuer offers."""

import time

import jwt
import pytest
from client_world import FIRST, ISSUER, T0, Claims, Issuer, World
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from reference import faults, signing, wire

claim = Claims()
SERVICE = {"flow": "client_credentials", "scopes": ["api"], "client_auth": {"method": "client_secret_basic", "secret": "s&1"}}


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "active", "")
    return lambda **options: World(tmp_path, **options)


# HTTP


@claim("negative_retry_after")
def a_negative_retry_after_asks_for_nothing(world):
    it = world(**SERVICE)
    it.issuer.answers["token"] = [(429, {"Retry-After": "-5"}, {}), it.issuer.token(1, id_token=None)]
    assert it.do("get_access_token")["access_token"] == "at1"
    assert it.user.slept == [1]


@pytest.mark.parametrize(("retry_after", "waits"), [
    ("7", 7), ("0", 0), ("7.5", None), ("soon", None), 
    ("Tue, 01 Jan 2030 00:00:09 GMT", 9), ("Tuesday, 01-Jan-30 00:00:09 GMT", 9), ("Tue Jan  1 00:00:09 2030", 9),
    ("Mon, 31 Dec 2029 23:00:00 GMT", None), ("Tue, 99 Jan 2030 00:00:09 GMT", None)])
def test_retry_after_is_read_as_it_is_meant(world, monkeypatch, retry_after, waits):
    it = world(**SERVICE)
    reply = wire.Reply(429, {"Retry-After": retry_after}, b"")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "JST-9")
        time.tzset()
        assert it.client.wire.retry_after(reply) == waits
    time.tzset()


@claim("follow_redirects")
def a_redirect_gets_no_token_and_no_secret(world):
    it = world(**SERVICE)
    away = (307, {"Location": "https://else.example/api"}, {})
    it.issuer.answers |= {"token": [it.issuer.token(1, id_token=None)], "api": [away, {}]}
    assert it.do("request", url="https://api.example/api")["status"] == 307
    it.issuer.answers["token"] = [away, {}]
    assert it.refused("refresh")["http_status"] == 307
    assert not [request for request in it.issuer.requests if "else.example" in request.url]


@claim("lose_endpoint_query")
def an_endpoint_keeps_its_query(world):
    it = world()
    for name in ("authorization_endpoint", "token_endpoint"):
        it.issuer.metadata[name] += "?tenant=1"
    it.do("login")
    assert it.user.opened["tenant"] == "1" and it.user.url.count("?") == 1
    assert it.issuer.to("token")[0].url.endswith("/token?tenant=1")


@claim("cleartext_endpoint")
def an_endpoint_without_tls_gets_nothing(world):
    it = world(**SERVICE)
    it.issuer.metadata["token_endpoint"] = "http://issuer.example/main/token"
    assert it.refused("get_access_token")["kind"] == "protocol"
    assert not it.issuer.to("token")


@claim("strip_issuer_slash")
def an_issuer_is_compared_character_for_character(world):
    it = world(**SERVICE)
    it.issuer.metadata["issuer"] = ISSUER + "/"
    assert it.refused("get_access_token")["kind"] == "protocol"


def test_an_issuer_may_end_in_a_slash(world):
    it = world(issuer=Issuer(ISSUER + "/"), **SERVICE)
    it.issuer.answers["token"] = [it.issuer.token(1, id_token=None)]
    it.do("get_access_token")
    assert it.issuer.requests[0].url == ISSUER + "/.well-known/openid-configuration"


@pytest.mark.parametrize("url", ["", 5, None, "token", "ftp://issuer.example/token", "https://[/token",
                                 "https://issuer.example:x/token"])
def test_an_endpoint_that_is_no_url_is_an_orderly_error(world, url):
    it = world(**SERVICE)
    it.issuer.metadata["token_endpoint"] = url
    assert it.refused("get_access_token")["kind"] in ("config", "protocol")


# Client authentication


@claim("two_auth_methods")
def a_secret_goes_in_one_place(world):
    it = world(**SERVICE)
    it.issuer.answers["token"] = [it.issuer.token(1, id_token=None)]
    it.do("get_access_token")
    (request,) = it.issuer.to("token")
    assert request.headers["Authorization"] == "Basic YXBwOnMlMjYx" and not {"client_id", "client_secret"} & set(request.form)


@claim("no_client_id")
def a_public_client_names_itself(world):
    it = world()
    it.do("login")
    assert it.issuer.to("token")[0].form["client_id"] == "app"


def test_a_secret_may_go_in_the_body(world):
    it = world(**{**SERVICE, "client_auth": {"method": "client_secret_post", "secret": "s&1"}})
    it.issuer.answers["token"] = [it.issuer.token(1, id_token=None)]
    it.do("get_access_token")
    (request,) = it.issuer.to("token")
    assert request.form["client_secret"] == "s&1" and request.form["client_id"] == "app"
    assert "Authorization" not in request.headers


def assertions(it, key):
    """The claims of the client's assertions, each verified with the public half of its key by somebody else's code."""
    expected = {"algorithms": ["RS256", "ES256"], "audience": it.issuer.metadata["token_endpoint"],
                "options": {"verify_iat": False}}
    return [jwt.decode(request.form["client_assertion"], key.public_key(), **expected)
            for request in it.issuer.to("token")]


def pem_of(key, form=serialization.PrivateFormat.PKCS8):
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def key_client(world, key=FIRST.private):
    it = world(**{**SERVICE, "client_auth": {"method": "private_key_jwt", "private_key": pem_of(key)}})
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=None, refresh_token=None)]
    return it


@claim("reuse_assertion")
@claim("assertion_without_jti")
def each_request_has_its_own_assertion(world):
    it = key_client(world)
    it.do("get_access_token")
    it.do("refresh")
    first, second = assertions(it, FIRST.private)
    assert first["jti"] != second["jti"]
    assert (first["iss"], first["sub"], first["iat"], first["exp"]) == ("app", "app", T0, T0 + 60)


def test_an_assertion_may_be_signed_on_a_curve(world):
    key = ec.generate_private_key(ec.SECP256R1())
    it = key_client(world, key)
    it.do("get_access_token")
    assert assertions(it, key)[0]["sub"] == "app"


@pytest.mark.parametrize("pem", ["", "no key", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----", None,
                                 pem_of(ec.generate_private_key(ec.SECP384R1())),
                                 pem_of(FIRST.private, serialization.PrivateFormat.TraditionalOpenSSL)],
                         ids=["empty", "text", "not a key", "none", "another curve", "another form"])
def test_a_key_that_cannot_be_used_is_a_matter_of_configuration(pem):
    with pytest.raises(signing.ClientError) as refused:
        signing.load(pem)
    assert refused.value.fields["kind"] == "config"


# Password


def password_client(world):
    it = world(flow="password", username="user-1", password="p&1")
    it.issuer.answers["token"] = [lambda _: it.issuer.token()]
    return it


def test_a_password_logs_in_once_and_is_thrown_away(world):
    it = password_client(world)
    it.do("ensure_ready")
    it.do("get_access_token")
    (request,) = it.issuer.to("token")
    sent = {"grant_type": "password", "username": "user-1", "password": "p&1"}
    assert sent.items() <= request.form.items()
    assert it.refused("login")["kind"] == "reauth_required" and len(it.issuer.to("token")) == 1


# Device flow

DEVICE = {"device_code": "d", "user_code": "U", "verification_uri": "https://i", "expires_in": 60}


@claim("any_200_ends_polling")
def authorization_pending_may_come_with_200(world):
    it = world(flow="device")
    it.issuer.answers["device_authorization"] = [DEVICE]
    it.issuer.answers["token"] = [{"error": "authorization_pending"}, {"error": "slow_down"}, lambda _: it.issuer.token()]
    assert it.do("login")["access_token"] == "at3"
    assert it.user.slept == [5, 5, 10]
    assert it.user.shown == ["Visit https://i and enter U"]


@pytest.mark.parametrize(("interval", "first"), [(0, 1), (-1, 1), ("5", 5), (10 ** 12, 60), (None, 5), (True, 5), (2.5, 2.5)])
def test_an_odd_interval_is_survived(world, interval, first):
    it = world(flow="device")
    it.issuer.answers["device_authorization"] = [{**DEVICE, "interval": interval}]
    it.issuer.answers["token"] = [{"error": "access_denied"}]
    assert it.refused("login")["kind"] in ("denied", "expired")
    assert it.user.slept == [first]


# Userinfo, introspection, revocation, logout


def logged_in(world, **options):
    it = world(**options)
    it.do("login")
    return it


@claim("ignore_userinfo_sub")
def the_claims_of_another_user_are_refused(world):
    it = logged_in(world)
    it.issuer.answers["userinfo"] = [{"sub": "user-1", "name": "A"}, {"sub": "user-2"}, {"name": "A"}]
    assert it.do("userinfo")["name"] == "A"
    assert [it.refused("userinfo")["reason"] for _ in range(2)] == ["sub", "sub"]


@pytest.mark.parametrize(("changes", "reason"),
                         [({}, None), ({"iss": "https://else.example"}, "iss"), ({"aud": "else"}, "aud")])
def test_signed_userinfo_is_verified(world, changes, reason):
    it = logged_in(world)
    signed = it.issuer.id_token(exp=None, iat=None, **changes)
    it.issuer.answers["userinfo"] = [(200, {"Content-Type": "application/jwt"}, signed)]
    if reason:
        assert it.refused("userinfo")["reason"] == reason
    else:
        assert it.do("userinfo")["sub"] == "user-1"


@claim("active_or_not")
def a_token_is_good_only_if_it_is_called_active(world):
    it = world(**SERVICE)
    it.issuer.answers["introspection"] = [{"active": True, "x": 1}, {"active": False}, {"active": "true"}, {}]
    assert it.do("introspect", token="at9") == {"active": True, "x": 1}
    assert [it.refused("introspect", token="at9")["kind"] for _ in range(3)] == ["validation"] * 3
    request = it.issuer.to("introspection")[0]
    assert request.form == {"token": "at9", "token_type_hint": "access_token"}
    assert request.headers["Authorization"].startswith("Basic ")


@claim("revoked_in_any_case")
def a_refused_revocation_is_told_and_nothing_is_forgotten(world):
    it = logged_in(world)
    it.issuer.answers["revocation"] = [(503, {}, {}), (400, {}, {"error": "unsupported_token_type"})]
    assert [it.refused("revoke")["http_status"] for _ in range(2)] == [503, 400]
    assert it.do("get_access_token")["access_token"] == "at1"


@claim("use_after_revoke")
def a_revoked_token_is_not_used_again(world):
    it = logged_in(world)
    it.issuer.answers["revocation"] = [(200, {"Content-Type": "text/plain"}, "fine")]
    it.do("revoke")
    assert it.issuer.to("revocation")[0].form == {"token": "rt1", "token_type_hint": "refresh_token", "client_id": "app"}
    assert it.refused("get_access_token")["kind"] == "no_credentials"
    assert not it.stored.exists()


def test_a_revoked_access_token_is_renewed(world):
    it = logged_in(world)
    it.issuer.answers["revocation"] = [(200, {}, {})]
    it.do("revoke", token="at1")
    assert it.issuer.to("revocation")[0].form["token_type_hint"] == "access_token"
    assert it.do("get_access_token")["access_token"] == "at2" and "at1" not in it.stored.read_text()


def test_logout_removes_a_file_that_cannot_be_read(world):
    it = logged_in(world)
    it.stored.write_text("{")
    again = world(issuer=it.issuer)
    again.do("logout")
    assert not it.stored.exists()


def test_revoking_a_token_of_somebody_else_ends_no_session(world):
    it = logged_in(world)
    it.issuer.answers["revocation"] = [(200, {}, {})]
    it.do("revoke", token="at9")
    assert it.do("get_access_token")["access_token"] == "at1"


@claim("forget_nothing")
def logout_forgets_even_if_the_issuer_is_down(world):
    it = logged_in(world)
    it.issuer.answers["revocation"] = [(500, {}, {})]
    url = it.do("logout")["url"]
    assert url.startswith(ISSUER + "/end_session?id_token_hint=") and "client_id=app" in url
    assert len(it.issuer.to("revocation")) == 1
    assert not it.stored.exists() and it.refused("get_access_token")["kind"] == "no_credentials"


def test_logout_needs_no_such_endpoint(world):
    it = world()
    del it.issuer.metadata["end_session_endpoint"], it.issuer.metadata["revocation_endpoint"]
    it.do("login")
    assert it.do("logout") == {} and not it.stored.exists()


test_the_client_is_right, test_the_fault_is_wrong = claim.tests()
