"""Faults of the reference client that scenarios name: what it does right, each of them does wrong."""

import pytest
from client_world import T0, Claims, World
from reference import faults
from reference.policy import VARIANTS

claim = Claims()
SERVICE = {"flow": "client_credentials", "scopes": ["api"], "client_auth": {"method": "client_secret_post", "secret": "s1"}}
DEVICE = {"device_code": "d", "user_code": "U", "verification_uri": "https://i", "expires_in": 60, "interval": 7}


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "active", "")
    return lambda **options: World(tmp_path, **options)


def service(world, **reply):
    it = world(**SERVICE)
    it.issuer.answers["token"] = [lambda _: it.issuer.token(**{"id_token": None, "refresh_token": None, **reply})]
    return it


@claim("same_verifier_again")
@claim("same_nonce_again")
def each_login_has_its_own_secrets(world):
    it = world()
    seen = []
    for _ in range(2):
        it.do("login")
        seen.append(it.user.opened)
    assert all(seen[0][name] != seen[1][name] for name in ("state", "nonce", "code_challenge"))


@claim("password_every_call")
def one_login_by_password_is_enough(world):
    it = world(flow="password", username="user-1", password="p1")
    it.do("ensure_ready")
    it.do("get_access_token")
    assert len(it.issuer.to("token")) == 1


def device(world, *answers):
    it = world(flow="device")
    it.issuer.answers |= {"device_authorization": [DEVICE], "token": [*answers, lambda _: it.issuer.token()]}
    return it


@claim("five_seconds_always")
@claim("slow_down_ends_login")
def the_interval_is_kept_and_slows_down(world):
    it = device(world, (400, {}, {"error": "authorization_pending"}), (400, {}, {"error": "slow_down"}))
    it.do("login")
    assert it.user.slept == [7, 7, 12]


@claim("any_error_is_pending")
def another_error_ends_the_polling(world):
    it = device(world, (400, {}, {"error": "invalid_client"}))
    assert it.refused("login")["oauth_error"] == "invalid_client"


@claim("polled_page_is_a_token")
def a_page_between_two_polls_is_no_token(world):
    it = device(world, (502, {"Content-Type": "text/html"}, "<p>bad gateway</p>"))
    assert it.do("login")["access_token"] == "at2"


@claim("wider_scope_in_refresh")
def a_refresh_asks_for_no_scope(world):
    it = world()
    it.do("login")
    it.do("refresh")
    assert "scope" not in it.issuer.to("token")[-1].form


@claim("token_in_errors")
def an_error_does_not_name_the_token(world):
    it = world()
    it.do("login")
    it.issuer.answers["token"] = [(400, {}, {"error": "invalid_grant"})]
    assert "rt1" not in it.refused("refresh")["message"]


@claim("follow_jku")
def a_token_does_not_say_where_its_keys_are(world):
    it = world()
    it.do("validate", token=it.issuer.id_token(header={"jku": "https://evil.example/evil"}, aud="app", nonce=None))
    assert not it.issuer.to("evil")


@claim("skip_nbf")
def a_token_for_later_is_refused(world):
    it = world()
    assert it.refused("validate", token=it.issuer.id_token(nbf=T0 + 60))["reason"] == "nbf"


@claim("accept_anything")
def what_is_no_token_is_refused(world):
    assert world().refused("validate", token="nothing")["reason"] == "malformed"


@claim("both_ways")
@claim("password_grant_type")
@claim("log_form")
def client_credentials_are_asked_for_in_one_way(world):
    it = service(world)
    it.do("get_access_token")
    (request,) = it.issuer.to("token")
    assert request.form == {"grant_type": "client_credentials", "scope": "api", "client_id": "app", "client_secret": "s1"}
    assert "Authorization" not in request.headers and not it.user.logged


@claim("token_twice")
def a_token_goes_in_the_header_alone(world):
    it = service(world)
    it.do("request", url="https://api.example/api")
    (request,) = it.issuer.to("api")
    assert request.headers["Authorization"] == "Bearer at1" and request.url == "https://api.example/api"


@claim("assume_an_hour")
def a_short_lifetime_is_believed(world):
    it = service(world, expires_in=60)
    it.do("get_access_token")
    it.user.sleep(61)
    assert it.do("get_access_token")["access_token"] == "at2"


@claim("missing_lifetime_is_none")
def a_token_without_lifetime_is_used_again(world):
    it = service(world, expires_in=None)
    assert [it.do("get_access_token")["access_token"] for _ in range(2)] == ["at1", "at1"]


@claim("crash_on_text_lifetime")
def a_lifetime_may_be_a_text(world):
    assert service(world, expires_in="3600").do("get_access_token")["expires_at"] == T0 + 3600


@claim("give_up_after_outage")
@claim("retry_storm")
def an_outage_ends_and_is_not_hammered(world):
    it = service(world)
    it.issuer.answers["token"][:0] = [(500, {}, {})]
    assert it.refused("get_access_token")["kind"] == "server_error"
    it.user.sleep(60)
    assert it.do("get_access_token")["access_token"] == "at2"


@claim("any_token_type")
def a_token_of_another_type_is_not_used(world):
    assert service(world, token_type="mac").refused("get_access_token")["kind"] == "protocol"


@claim("page_is_a_token")
def a_page_is_no_token(world):
    it = service(world)
    it.issuer.answers["token"] = [(200, {"Content-Type": "text/html"}, "<p>hello</p>")]
    assert it.refused("get_access_token")["kind"] == "protocol"


@claim("retry_refused_client")
def a_refused_client_does_not_ask_again(world):
    it = service(world)
    it.issuer.answers["token"] = [(401, {}, {"error": "invalid_client"})]
    assert it.refused("get_access_token")["oauth_error"] == "invalid_client"
    assert len(it.issuer.to("token")) == 1


@claim("loop_on_401")
def a_second_401_is_told(world):
    it = world(policy=VARIANTS["on_401"][1], **SERVICE)
    it.issuer.answers |= {"token": [lambda _: it.issuer.token(id_token=None, refresh_token=None)], "api": [(401, {}, {})]}
    assert it.do("request", url="https://api.example/api") == {"status": 401}
    assert len(it.issuer.to("token")) == 2


test_the_client_is_right, test_the_fault_is_wrong = claim.tests()
