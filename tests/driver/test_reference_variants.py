"""The reference client's variants: each chooses what it says that it chooses."""

import json

import pytest
from client_world import T0, World
from reference import faults
from reference.policy import OPERATIONS, VARIANTS

SERVICE = {"flow": "client_credentials", "scopes": ["api"], "client_auth": {"method": "client_secret_basic", "secret": "s&1"}}


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "active", "")
    return lambda **options: World(tmp_path, **options)


def logged_in(world, **options):
    it = world(**options)
    it.do("login")
    return it


def variant(world, name, **options):
    return world(policy=VARIANTS[name][1], **options)


def renewals(it):
    return [request for request in it.issuer.to("token") if request.form["grant_type"] == "refresh_token"]


def test_margin_60_renews_a_minute_ahead_and_no_short_lived_token_at_each_call(world):
    it = logged_in(lambda **options: variant(world, "margin_60"))
    it.user.sleep(3539)
    it.do("get_access_token")
    assert not renewals(it)
    it.user.sleep(1)
    it.issuer.answers["token"] = [lambda _: it.issuer.token(expires_in=30)]
    for _ in range(5):
        it.do("get_access_token")
    assert len(renewals(it)) == 1


@pytest.mark.parametrize(("replies", "status", "refreshed"), [([401, 200], 200, 1), ([401, 401], 401, 1), ([200], 200, 0)])
def test_on_401_renews_once(world, replies, status, refreshed):
    it = logged_in(lambda **options: variant(world, "on_401"))
    it.user.sleep(4000)
    assert it.do("get_access_token")["access_token"] == "at1"
    it.issuer.answers["api"] = [(code, {}, {}) for code in replies]
    assert it.do("request", url="https://api.example/api") == {"status": status}
    assert len(renewals(it)) == refreshed
    sent = [request.headers["Authorization"] for request in it.issuer.to("api")]
    assert sent == ["Bearer at1", "Bearer at2"][:len(replies)]


def test_on_401_takes_what_another_process_got(world):
    it = logged_in(lambda **options: variant(world, "on_401"))
    other = variant(world, "on_401", issuer=it.issuer)
    other.do("refresh")
    it.issuer.answers["api"] = [(401, {}, {}), (200, {}, {})]
    assert it.do("request", url="https://api.example/api") == {"status": 200}
    assert len(renewals(it)) == 1 and it.do("get_access_token")["access_token"] == "at2"


def test_on_request_renews_only_then(world):
    it = logged_in(lambda **options: variant(world, "on_request"))
    it.user.sleep(4000)
    assert it.do("get_access_token")["access_token"] == "at1" and not renewals(it)
    assert it.do("refresh")["access_token"] == "at2"


def test_no_retries_hands_429_to_its_caller(world):
    it = variant(world, "no_retries", **SERVICE)
    it.issuer.answers["token"] = [(429, {"Retry-After": "5"}, {})]
    assert it.refused("get_access_token")["kind"] == "rate_limited"
    assert it.user.slept == [] and len(it.issuer.to("token")) == 1


def test_no_store_writes_nothing(world):
    it = logged_in(lambda **options: variant(world, "no_store"))
    assert it.do("get_access_token")["access_token"] == "at1" and not it.stored.parent.exists()
    it.do("storage_seed", credential={"access_token": "seeded", "_iat": T0, "_exp": T0 + 3600})
    assert it.do("get_access_token")["access_token"] == "seeded"


def test_no_rfc9207_ignores_iss(world):
    it = variant(world, "no_rfc9207")
    it.user.redirect = {"iss": "https://else.example"}
    assert it.do("login")["access_token"] == "at1"


def test_no_id_token_neither_asks_nor_looks(world):
    it = variant(world, "no_id_token")
    it.issuer.answers["token"] = [lambda _: it.issuer.token(id_token="not a token")]
    assert it.do("login")["access_token"] == "at1"
    assert it.user.opened["scope"] == "offline_access" and not {"nonce", "prompt"} & set(it.user.opened)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_says_what_it_is_and_claims_no_products_book(name):
    policy = VARIANTS[name][1]
    hello = json.loads(json.dumps(policy.hello()))
    assert hello["books"] == [] and set(policy.ops()) <= set(OPERATIONS)
    assert hello["policy"]["redirect"] == ("callback" if name == "pasted" else "listener")
    assert ("login" in policy.ops()) == (name not in ("pasted", "client_credentials_only"))
