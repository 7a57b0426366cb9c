"""The fixtures and what an issuer can do, against the real program."""

import concurrent.futures
import datetime
import urllib.parse

import pytest
import requests

from plain_client import TIMEOUT_S, endpoint, get_token, is_active, part_of, post, refresh
from pytest_assay import AssayError, AssayServer, AssayTimeout, NotAsScripted
from pytest_assay.clock import seconds_of

UTC = datetime.timezone.utc


def test_the_issuer_fixture_is_scripted_watched_and_correct_again(issuer):
    step = issuer.once(endpoint="token", grant="client_credentials").error("invalid_client")
    assert step.delivered == 0
    assert get_token(issuer).json()["error"] == "invalid_client"
    assert step.delivered == 1
    assert get_token(issuer).status_code == 200
    assert [entry.status for entry in issuer.requests("token")] == [400, 200]


def test_a_step_is_delivered_as_often_as_said(issuer):
    issuer.times(2, endpoint="token").status(429)
    assert [get_token(issuer).status_code for _ in range(3)] == [429, 429, 200]
    issuer.always(endpoint="token").status(503)
    assert [get_token(issuer).status_code for _ in range(2)] == [503, 503]


def test_verbs_work_together_in_do(issuer):
    issuer.once(endpoint="token").do(status=503, retry_after=7)
    reply = get_token(issuer)
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "7")


def test_settings_of_a_step_stand_beside_its_conditions(issuer):
    step = issuer.once(endpoint="token", id="never", optional=True).status(500)
    assert step.id == "never"
    assert (step.state["optional"], step.state["when"]) == (True, {"endpoint": "token"})


def test_raw_steps_and_their_deletion(issuer):
    first, second = issuer.script({"do": {"status": 500}}, {"id": "drop", "do": {"drop": True}})
    assert [step["id"] for step in issuer.steps()] == [first.id, "drop"]
    first.delete()
    second.delete()
    assert issuer.steps() == []
    with pytest.raises(KeyError):
        second.state


def test_a_wrong_condition_is_told_with_the_right_one(issuer_factory):
    issuer = issuer_factory(judge=False)
    with pytest.raises(AssayError, match='unknown key "endpiont".*did you mean "endpoint"') as caught:
        issuer.once(endpiont="token").status(500)
    assert (caught.value.status, caught.value.problem["pointer"]) == (400, "/0/when/endpiont")


def test_issuers_of_one_test_are_strangers(issuer_factory):
    one, other = issuer_factory(), issuer_factory(name="another-name")
    token = get_token(one).json()["access_token"]
    assert is_active(one, token) and not is_active(other, token)
    assert other.url.endswith("/another-name") and other.url != one.url


@pytest.mark.assay(clock="virtual")
def test_time_moves_when_it_is_told_to(issuer):
    token = get_token(issuer).json()["access_token"]
    before = issuer.clock.now
    issuer.clock.advance("59m 59s")
    assert is_active(issuer, token)
    issuer.clock.advance(datetime.timedelta(seconds=1))
    assert not is_active(issuer, token)
    assert issuer.clock.now - before == datetime.timedelta(hours=1)


@pytest.mark.assay(clock="virtual")
def test_a_reply_that_is_held_back_costs_no_time(issuer):
    issuer.once(endpoint="token").delay(3600)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        reply = pool.submit(get_token, issuer)
        issuer.clock.advance("1h", sleepers=1)
        assert reply.result(timeout=TIMEOUT_S).status_code == 200


@pytest.mark.assay(clock="2030-01-01T00:00:00Z")
def test_the_clock_can_be_set(issuer):
    assert issuer.clock.now == datetime.datetime(2030, 1, 1, tzinfo=UTC)
    issuer.clock.set(datetime.datetime(2031, 1, 1, tzinfo=UTC))
    assert issuer.clock.now == datetime.datetime(2031, 1, 1, tzinfo=UTC)
    issuer.clock.set("2032-01-01T00:00:00Z")
    assert issuer.clock.state["epoch_seconds"] == 1956528000
    with pytest.raises(ValueError, match="no time zone"):
        issuer.clock.set(datetime.datetime(2031, 1, 1))


@pytest.mark.parametrize("text, seconds", [("1h", 3600), ("1h30m", 5400), ("1h 30min", 5400), ("2d", 172800),
                                           ("250ms", 0.25), ("1.5s", 1.5), (7, 7), (datetime.timedelta(minutes=1), 60)])
def test_durations(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "h", "1h later", "1 year", "-1s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="is no duration"):
        seconds_of(text)


@pytest.mark.assay(config={"lifetimes": {"access": 60, "refresh": 100}})
class TestMarkers:
    @pytest.mark.assay(clock="virtual")
    def test_a_class_and_its_function_are_both_heard(self, issuer):
        assert get_token(issuer).json()["expires_in"] == 60
        assert issuer.clock.state["mode"] == "virtual"

    @pytest.mark.assay(config={"lifetimes": {"access": 30}})
    def test_the_function_is_heard_before_the_class(self, issuer):
        assert get_token(issuer).json()["expires_in"] == 30


@pytest.mark.assay(script=[{"when": {"endpoint": "token"}, "do": {"status": 500}}], name="marked")
def test_a_marker_gives_script_and_name(issuer):
    assert issuer.name == "marked"
    assert get_token(issuer).status_code == 500


def test_requests_are_chosen_by_their_members(issuer):
    get_token(issuer)
    issuer.once(endpoint="token").status(503)
    get_token(issuer)
    (failed,) = issuer.requests("token", status=503)
    assert failed.grant == "client_credentials" and failed.parameters["client_id"] == "service-post"
    assert failed.header("content-type") == "application/x-www-form-urlencoded"
    assert issuer.requests(since=failed.seq) == []
    assert issuer.requests(status="5xx", form={"client_id": "service-post"}) == [failed]
    assert issuer.requests("token", form={"client_id": "app"}) == []
    assert issuer.requests("token", dropped=True) == []
    with pytest.raises(AssayError, match="parameter statsu"):
        issuer.requests(statsu=503)
    with pytest.raises(AttributeError, match="did you mean 'status'"):
        failed.statsu


def test_the_journal_shows_no_secret(issuer):
    token = get_token(issuer).json()["access_token"]
    journal = issuer.journal()
    assert "at#1" in journal and "secret#1" in journal
    assert token not in journal and issuer.clients["service-post"]["secret"] not in journal


def test_waiting_for_requests(issuer):
    get_token(issuer)
    get_token(issuer)
    assert [entry.endpoint for entry in issuer.wait_for("token", 2)] == ["token", "token"]
    with pytest.raises(AssayTimeout, match=r"fewer than 3 requests \(endpoint=token\) in 0 s\njournal of ") as caught:
        issuer.wait_for("token", 3, timeout=0)
    assert "POST /token" in str(caught.value)
    assert len(issuer.wait_for("token", 2, client="service-post", timeout=0)) == 2


@pytest.mark.assay(judge=False)
def test_expectations(issuer):
    get_token(issuer)
    assert issuer.verify(match={"endpoint": "token"}, count=1)["ok"]
    with pytest.raises(NotAsScripted) as caught:
        issuer.verify(id="a refresh", match={"endpoint": "token", "grant": "refresh_token"})
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("a refresh: 0 requests matched")
    assert "  near miss #2 POST /token: grant is client_credentials, expected refresh_token" in lines
    assert "journal of issuer-" in str(caught.value)
    assert "failed_expectations" in issuer.complaint()


def kids(issuer):
    return [key["kid"] for key in requests.get(endpoint(issuer, "jwks_uri"), timeout=TIMEOUT_S).json()["keys"]]


def test_keys_rotate(issuer):
    before = kids(issuer)
    with_overlap = issuer.rotate_keys()
    assert {*before, with_overlap} <= {*kids(issuer)}
    alone = issuer.rotate_keys(keep_old=False)
    assert part_of(issuer.mint(), 0)["kid"] == alone
    assert with_overlap not in kids(issuer)


def test_tokens_are_minted_right_or_wrong(issuer):
    right = part_of(issuer.mint(kind="id"), 1)
    assert (right["iss"], right["aud"], right["sub"]) == (issuer.url, "app", "user-1")
    wrong = issuer.mint(kind="id", claims={"aud": "other", "exp": None}, sign="none")
    assert part_of(wrong, 1)["aud"] == "other" and "exp" not in part_of(wrong, 1)
    assert part_of(wrong, 0)["alg"] == "none"


@pytest.mark.assay(clock="2030-01-01T00:00:00Z")
def test_a_session_is_a_login_that_happened(issuer):
    hour_ago = issuer.clock.now - datetime.timedelta(hours=1)
    login = issuer.session(client="app", scopes=["openid", "offline_access"], issued_at=hour_ago)
    assert not is_active(issuer, login["access_token"])
    assert refresh(issuer, login["refresh_token"]).status_code == 200


def test_tokens_are_revoked_and_expire(issuer):
    login = issuer.session()
    issuer.expire("at#1")
    assert not is_active(issuer, login["access_token"])
    issuer.revoke(login["refresh_token"])
    assert refresh(issuer, login["refresh_token"]).json()["error"] == "invalid_grant"
    assert {token["name"]: token.get("live") for token in issuer.tokens()}["rt#1"] is False


def authorization_url(issuer):
    return endpoint(issuer, "authorization_endpoint") + "?" + urllib.parse.urlencode({
        "response_type": "code", "client_id": "app", "redirect_uri": "http://127.0.0.1/callback", "scope": "openid",
        "state": "s", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"})


def test_the_user_approves_and_denies(issuer):
    approved = urllib.parse.urlsplit(issuer.approve(authorization_url(issuer)))
    assert dict(urllib.parse.parse_qsl(approved.query)).keys() >= {"code", "state", "iss"}
    denied = urllib.parse.urlsplit(issuer.deny(authorization_url(issuer)))
    assert dict(urllib.parse.parse_qsl(denied.query))["error"] == "access_denied"


@pytest.mark.assay(clock="virtual")
def test_the_user_decides_at_the_device_page(issuer):
    def ask():
        return post(issuer, "device_authorization_endpoint", scope="openid").json()

    def poll(grant):
        issuer.clock.advance(grant.get("interval", 5))
        return post(issuer, "token_endpoint", grant_type="urn:ietf:params:oauth:grant-type:device_code",
                    device_code=grant["device_code"]).json()

    first, second, third = ask(), ask(), ask()
    assert poll(first)["error"] == "authorization_pending"
    issuer.device.approve(first["user_code"])
    assert "access_token" in poll(first)
    issuer.device.deny()
    assert poll(third)["error"] == "access_denied"
    issuer.device.expire(second["user_code"])
    assert poll(second)["error"] == "expired_token"


def test_one_server_serves_the_session(assay_server, issuer):
    assert issuer.url.startswith(assay_server.url + "/")
    assert assay_server.ca_file is None


def test_an_issuer_for_longer_than_a_test_is_judged_by_with(assay_server):
    with assay_server.issuer() as issuer:
        get_token(issuer)
    with pytest.raises(NotAsScripted, match="step step-1"):
        with assay_server.issuer() as issuer:
            issuer.once(endpoint="token").status(500)
    with pytest.raises(ZeroDivisionError):  # what went wrong first is what is told
        with assay_server.issuer() as issuer:
            issuer.once(endpoint="token").status(500)
            1 / 0
    assert requests.get(issuer.discovery_url, timeout=TIMEOUT_S).status_code == 404


def test_over_https_the_ca_file_is_what_clients_trust(assay_binary, tmp_path):
    server = AssayServer(assay_binary, ["--tls", "auto"], tmp_path)
    try:
        with server.issuer() as issuer:
            assert issuer.url.startswith("https://")
            found = requests.get(issuer.discovery_url, timeout=TIMEOUT_S, verify=str(server.ca_file)).json()
            assert found["issuer"] == issuer.url
    finally:
        server.stop()
