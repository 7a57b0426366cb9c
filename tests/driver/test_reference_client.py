"""The reference client is right, and each named fault of it is wrong.

A claim is a function that asserts what the client does. It must hold, and it must not hold for the client with the fault
that the claim names.
"""

import pytest
from client_world import FIRST, SECOND, T0, Claims, World, at_hash, b64
from cryptography.hazmat.primitives.asymmetric import rsa
from reference import faults
from reference.policy import VARIANTS

claim = Claims()


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "active", "")
    return lambda **options: World(tmp_path, **options)


def expired(world):
    world.user.sleep(3601)
    return world


# The token reply


@claim("keep_empty_members")
def an_empty_refresh_token_in_a_reply_is_none(world):
    it = world()
    it.do("login")
    it.issuer.answers["token"] = [it.issuer.token(2, refresh_token="", id_token=""), it.issuer.token(3)]
    expired(it).do("get_access_token")
    expired(it).do("get_access_token")
    assert [request.form["refresh_token"] for request in it.issuer.to("token")[1:]] == ["rt1", "rt1"]


@claim("zero_is_no_lifetime")
def a_lifetime_of_nothing_is_over_at_once(world):
    it = world()
    it.issuer.answers["token"] = [lambda _: it.issuer.token(expires_in=0)]
    assert it.do("login")["access_token"] == "at1"
    assert it.do("get_access_token")["access_token"] == "at2"


@pytest.mark.parametrize(("lifetime", "ends"), [(-5, T0), ("3600", T0 + 3600), (10 ** 20, T0 + 10 ** 10), (1.5, T0 + 1.5),
                                                ("soon", None), (True, None), ([], None), (None, None)])
def test_any_expires_in_is_survived(world, lifetime, ends):
    it = world()
    it.issuer.answers["token"] = [lambda _: it.issuer.token(expires_in=lifetime)]
    assert it.do("login").get("expires_at") == ends
    it.do("get_access_token")


@claim("any_characters")
def a_token_with_a_line_feed_is_refused(world):
    it = world()
    it.issuer.answers["token"] = [lambda _: it.issuer.token(access_token="at\r\nX: y", id_token=None)]
    assert it.refused("login")["kind"] == "protocol"


@pytest.mark.parametrize("body", ["[" * 100000, '"x"', '{"access_token": "x"', '{"access_token": NaN}', "<html>", ""],
                         ids=["deep", "text", "cut short", "not a number", "a page", "nothing"])
def test_a_reply_that_is_no_json_object_is_an_orderly_error(world, body):
    it = world()
    it.issuer.answers["token"] = [body]
    assert it.refused("login")["kind"] == "protocol"


# The refreshed ID token (OpenID Connect Core, section 12.2)


@claim("adopt_another_user")
def a_refreshed_id_token_of_another_user_is_refused(world):
    it = world()
    it.do("login")
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=it.issuer.id_token(sub="user-2", nonce=None))]
    assert expired(it).refused("get_access_token")["reason"] == "sub"
    assert "user-2" not in it.stored.read_text() and "at2" not in it.stored.read_text()


@claim("id_token_at_each_refresh")
def a_refresh_without_an_id_token_is_good(world):
    it = world()
    it.do("login")
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=None)]
    assert expired(it).do("get_access_token")["access_token"] == "at2"


@claim("nonce_at_each_refresh")
def a_refreshed_id_token_needs_no_nonce(world):
    it = world()
    it.do("login")
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=it.issuer.id_token(nonce=None))]
    assert expired(it).do("get_access_token")["access_token"] == "at2"


@pytest.mark.parametrize(("changes", "reason"), [({"nonce": "another"}, "nonce"), ({"aud": "another"}, "aud"),
                                                 ({"iss": "https://another.example"}, "iss"), ({"auth_time": 2}, "claim")])
def test_a_refreshed_id_token_that_differs_is_refused(world, changes, reason):
    it = world()
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=it.issuer.id_token(auth_time=1)),
                                  lambda _: it.issuer.token(id_token=it.issuer.id_token(**changes))]
    it.do("login")
    assert it.refused("refresh")["reason"] == reason


def test_an_outage_of_the_keys_does_not_cost_the_session(world):
    it = world()
    it.do("login")
    it.issuer.answers["jwks"] = [(503, {}, {})]
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=it.issuer.id_token(SECOND, nonce=None))]
    assert expired(it).do("get_access_token")["access_token"] == "at2"
    assert '"rt2"' in it.stored.read_text() and it.user.logged


# Keys


@claim("demand_kid")
def a_token_without_kid_is_good_if_there_is_one_key(world):
    it = world()
    assert it.do("validate", token=it.issuer.id_token(header={"kid": None}), kind="id")["sub"] == "user-1"


def test_a_token_without_kid_is_refused_if_there_are_several_keys(world):
    it = world()
    it.issuer.keys = [FIRST.jwk(), SECOND.jwk(), {"kty": "EC", "crv": "P-256"}]
    assert it.refused("validate", token=it.issuer.id_token(header={"kid": None}), kind="id")["reason"] == "kid"


def test_the_one_key_may_be_replaced_without_a_kid(world):
    it = world()
    it.do("validate", token=it.issuer.id_token(header={"kid": None}))
    it.issuer.keys = [SECOND.jwk(kid="")]
    it.user.sleep(301)
    assert it.do("validate", token=it.issuer.id_token(SECOND, header={"kid": None}))


@claim("keys_for_ever")
def a_withdrawn_key_is_not_trusted_for_ever(world):
    it = world()
    it.do("validate", token=it.issuer.id_token())
    it.issuer.keys = [SECOND.jwk()]
    it.user.sleep(3600)
    assert it.refused("validate", token=it.issuer.id_token())["reason"] == "kid"


def test_old_keys_serve_for_a_day_while_there_are_no_new_ones(world):
    it = world()
    it.do("validate", token=it.issuer.id_token())
    it.issuer.answers["jwks"] = [(500, {}, {})]
    it.user.sleep(2 * 3600)
    it.do("validate", token=it.issuer.id_token())
    it.user.sleep(24 * 3600)
    assert it.refused("validate", token=it.issuer.id_token())["kind"] == "server_error"


@claim("remember_failed_keys")
def a_failed_first_fetch_is_not_remembered(world):
    it = world()
    it.issuer.answers["jwks"] = [(500, {}, {}), {"keys": it.issuer.keys}]
    assert it.refused("validate", token=it.issuer.id_token())["kind"] == "server_error"
    assert it.do("validate", token=it.issuer.id_token())


@claim("demand_key_use")
def a_key_without_use_verifies(world):
    it = world()
    it.issuer.keys = [{name: value for name, value in FIRST.jwk().items() if name not in ("use", "alg")}]
    assert it.do("validate", token=it.issuer.id_token())


@claim("ignore_key_use")
def a_key_for_encryption_does_not_verify(world):
    it = world()
    it.issuer.keys = [FIRST.jwk(use="enc")]
    assert it.refused("validate", token=it.issuer.id_token())["reason"] == "kid"


def short_key():
    numbers = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    return FIRST.jwk(kid="short", n=b64(numbers.n.to_bytes(128, "big")))


@pytest.mark.parametrize("strange", [{"kty": "EC"}, {}, 5, None, "x", FIRST.jwk(n=5), FIRST.jwk(n="*"), short_key(),
                                     FIRST.jwk(e=b64(b"\x02")), FIRST.jwk(key_ops=["sign"]), FIRST.jwk(alg="RS512")])
def test_a_strange_key_does_not_hinder_the_others(world, strange):
    it = world()
    it.issuer.keys = [strange, SECOND.jwk()]
    assert it.do("validate", token=it.issuer.id_token(SECOND))


@pytest.mark.parametrize("document", [{}, {"keys": None}, {"keys": 5}, {"keys": {"n": 1}}, {"keys": "n"}])
def test_a_set_that_is_none_has_no_keys(world, document):
    it = world()
    it.issuer.answers["jwks"] = [document]
    assert it.refused("validate", token=it.issuer.id_token())["reason"] == "kid"


# ID tokens


@claim("ignore_crit")
def an_unknown_extension_is_refused(world):
    it = world()
    assert it.refused("validate", token=it.issuer.id_token(header={"crit": ["b64"], "b64": True}))["reason"] == "crit"


@claim("any_kind_of_jwt")
def an_access_token_is_no_id_token(world):
    it = world()
    token = it.issuer.id_token(header={"typ": "application/at+JWT"})
    assert it.refused("validate", token=token, kind="id")["reason"] == "claim"


@claim("one_audience_only")
def an_audience_may_be_an_array(world):
    it = world()
    assert it.do("validate", token=it.issuer.id_token(aud=["app"]), kind="id")


@claim("trust_all_audiences")
def an_id_token_for_others_too_is_refused(world):
    it = world()
    assert it.refused("validate", token=it.issuer.id_token(aud=["app", "else"], azp="app"), kind="id")["reason"] == "aud"


def test_an_access_token_may_be_for_others_too(world):
    it = world()
    assert it.do("validate", token=it.issuer.id_token(aud=["app", "else"]))


@claim("no_leeway")
def a_token_from_five_seconds_ahead_is_good(world):
    it = world()
    assert it.do("validate", token=it.issuer.id_token(iat=T0 + 5, nbf=T0 + 5), kind="id")


@claim("leeway_backwards")
def a_token_from_five_seconds_ago_is_good(world):
    it = world()
    assert it.do("validate", token=it.issuer.id_token(iat=T0 - 5), kind="id")


@pytest.mark.parametrize(("changes", "reason"), [
    ({"iat": T0 + 60}, "iat"), ({"nbf": T0 + 60}, "nbf"), ({"exp": T0}, "exp"), ({"exp": None}, "exp"), ({"exp": "9"}, "exp"),
    ({"sub": ""}, "sub"), ({"sub": 5}, "sub"), ({"sub": None}, "sub"), ({"azp": "else"}, "azp"), ({"iat": None}, "iat"),
    ({"aud": None}, "aud"), ({"aud": {"app": 1}}, "aud"), ({"nonce": "x"}, "nonce"),
    ({"iss": "https://issuer.example/main/"}, "iss")])
def test_an_id_token_is_refused_for_what_is_wrong_with_it(world, changes, reason):
    it = world()
    it.issuer.nonce = "n"
    assert it.refused("validate", token=it.issuer.id_token(**changes), kind="id", nonce="n")["reason"] == reason


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c.d", "..", 5, b64("{}".encode("utf-16")) + ".e30.",
                                   b64(b"{}x") + ".e30.", b64(b"[" * 9999) + ".e30.",
                                   b64(b'{"alg":"RS256","x":NaN}') + ".e30.AA"],
                         ids=["empty", "one", "two", "four", "dots", "5", "utf-16", "trailer", "deep", "not a number"])
def test_what_is_no_jwt_is_refused_before_any_key_is_asked_for(world, token):
    it = world()
    refused = it.refused("validate", token=token)
    assert refused.get("reason") == "malformed" if token else refused["kind"] == "config"
    assert not it.issuer.requests


@claim("ignore_at_hash")
def an_id_token_for_another_access_token_is_refused(world):
    it = world()
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=it.issuer.id_token(at_hash=at_hash("at9")))]
    assert it.refused("login")["reason"] == "claim"


def test_the_right_at_hash_is_good(world):
    it = world()
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=it.issuer.id_token(at_hash=at_hash("at1")))]
    assert it.do("login")["access_token"] == "at1"


@claim("nonce_if_present")
def an_id_token_without_the_nonce_is_refused(world):
    it = world()
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token=it.issuer.id_token(nonce=None))]
    assert it.refused("login")["reason"] == "nonce"


# The redirect


@claim("last_of_several")
def a_redirect_with_two_codes_is_refused(world):
    it = world()
    it.user.redirect = [("code", "code-2")]
    assert it.refused("login")["kind"] == "protocol"
    assert not it.issuer.to("token")


@pytest.mark.parametrize(("redirect", "told"), [
    ({"iss": "https://issuer.example/main/"}, {"reason": "response_iss"}), ({"iss": None}, {"reason": "response_iss"}),
    ({"state": "another"}, {"reason": "state"}), ({"code": None}, {"kind": "protocol"}),
    ({"error": "access_denied"}, {"kind": "denied"}), ({"error": "odd"}, {"kind": "other", "oauth_error": "odd"}),
    ({"error": "access_denied", "iss": "https://else.example"}, {"reason": "response_iss"})])
def test_a_redirect_that_is_not_good_is_told_by_its_reason(world, redirect, told):
    it = world(redirect_uri="http://127.0.0.1/callback", policy=VARIANTS["pasted"][1])
    it.user.redirect = redirect
    url = it.user.redirect_for(it.do("authorization_url")["url"])
    assert told.items() <= it.refused("callback", url=url).items()
    assert not it.issuer.to("token")


@claim("lose_redirect_query")
def a_redirect_uri_keeps_its_query(world):
    it = world(redirect_uri="http://127.0.0.1:0/callback?from=us")
    it.do("login")
    assert it.user.opened["redirect_uri"].endswith("/callback?from=us")
    assert it.issuer.to("token")[0].form["redirect_uri"] == it.user.opened["redirect_uri"]


@pytest.mark.parametrize("uri", ["https://127.0.0.1/callback", "http://example.com/callback", "http://0.0.0.0:0/callback"])
def test_the_listener_is_on_the_loopback_interface_only(world, uri):
    it = world(redirect_uri=uri)
    assert it.refused("login")["kind"] == "config"


@claim("offline_without_consent")
def offline_access_is_asked_for_with_consent(world):
    it = world()
    it.do("login")
    assert it.user.opened["prompt"] == "consent"


def test_a_state_is_good_for_one_answer(world):
    it = world(redirect_uri="http://127.0.0.1/callback", policy=VARIANTS["pasted"][1])
    url = it.user.redirect_for(it.do("authorization_url")["url"])
    assert it.do("callback", url=url)["access_token"] == "at1"
    assert it.refused("callback", url=url)["reason"] == "state"


def test_each_request_has_its_own_secrets(world):
    it = world()
    seen = []
    for _ in range(2):
        it.do("login")
        seen.append([it.user.opened[name] for name in ("state", "nonce", "code_challenge")])
    assert not set(seen[0]) & set(seen[1])


test_the_client_is_right, test_the_fault_is_wrong = claim.tests()
