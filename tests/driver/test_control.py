"""The control API as a test suite in any language uses it: plain HTTP and JSON."""

import pytest

SERVICE = {"grant_type": "client_credentials"}
SECRET = ("service", "s3cr3t%3A%2F%25%C3%A9%2B")  # form-encoded, as RFC 6749 §2.3.1 asks for


def get_token(issuer):
    return issuer.post("token_endpoint", SERVICE, auth=SECRET)


def test_a_scripted_outage_happens_once(server):
    issuer = server.create_issuer(name="outage")
    issuer.script({"id": "outage", "when": {"endpoint": "token"}, "do": {"status": 503}})
    assert issuer.verdict()["as_expected"] is False
    assert issuer.verdict()["undelivered_steps"] == ["outage"]
    assert get_token(issuer).status_code == 503
    assert get_token(issuer).status_code == 200
    assert issuer.verdict()["as_expected"] is True


def test_time_moves_when_it_is_told_to(server):
    issuer = server.create_issuer(clock="2030-01-01T00:00:00Z")
    token = get_token(issuer).json()["access_token"]
    assert introspect(issuer, token)["active"] is True
    issuer.advance(3599)
    assert introspect(issuer, token)["active"] is True
    issuer.advance(1)
    assert introspect(issuer, token)["active"] is False
    assert issuer.control("GET", "/clock")["now"] == "2030-01-01T01:00:00.000Z"


def introspect(issuer, token):
    return issuer.post("introspection_endpoint", {"token": token}, auth=SECRET).json()


def test_the_journal_tells_what_came_without_secrets(server):
    issuer = server.create_issuer(clock="2030-01-01T00:00:00Z")
    token = get_token(issuer).json()["access_token"]
    issuer.advance(10)
    get_token(issuer)
    first, second = issuer.requests(endpoint="token")
    assert (first["grant"], first["client"], first["status"]) == ("client_credentials", "service", 200)
    assert second["seq"] > first["seq"]
    assert second["at"] == "2030-01-01T00:00:10.000Z"
    text = str(issuer.requests())
    assert token not in text and SECRET[1] not in text
    assert "at#1" in text and "at#2" in text
    assert [entry["seq"] for entry in issuer.requests(since=first["seq"], endpoint="token")] == [second["seq"]]


def test_a_wait_returns_as_soon_as_the_request_came(server):
    issuer = server.create_issuer()
    get_token(issuer)
    found = issuer.control("GET", "/requests/wait", endpoint="token", count=1, timeout=5)
    assert [entry["endpoint"] for entry in found["requests"]] == ["token"]


def test_a_wait_for_nothing_times_out(server):
    reply = server.control("GET", "/v1/issuers/main/requests/wait", endpoint="token", count=1, timeout=0)
    assert reply.status_code == 408


def test_issuers_are_strangers_to_each_other(server):
    one, other = server.create_issuer(), server.create_issuer()
    token = get_token(one).json()["access_token"]
    assert introspect(other, token)["active"] is False
    assert other.requests(endpoint="token") == []


def test_a_deleted_issuer_tells_its_verdict_and_is_gone(server):
    issuer = server.create_issuer(name="short-lived", script=[{"do": {"status": 500}}])
    assert issuer.control("DELETE", "")["as_expected"] is False
    assert issuer.get(issuer.url + "/.well-known/openid-configuration").status_code == 404


@pytest.mark.parametrize("body, pointer, suggestion", [
    ({"name": "x", "scrpt": []}, "/scrpt", "script"),
    ({"name": "x", "config": {"lifetimes": {"acess": 1}}}, "/config/lifetimes/acess", "access"),
    ({"name": "x", "script": [{"when": {"endpoint": "tokn"}, "do": {"status": 500}}]},
     "/script/0/when/endpoint", "token"),
    ({"name": 5}, "/name", None),
])
def test_a_problem_names_the_place_and_changes_nothing(server, body, pointer, suggestion):
    reply = server.control("POST", "/v1/issuers", body)
    assert reply.status_code == 400
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json()
    assert problem["pointer"] == pointer
    assert problem.get("suggestion") == suggestion
    names = [issuer["name"] for issuer in server.control("GET", "/v1/issuers").json()["issuers"]]
    assert names == ["main"]


def test_of_several_steps_none_is_added_if_one_is_bad(server):
    reply = server.control("POST", "/v1/issuers/main/steps",
                           [{"do": {"status": 500}}, {"do": {"sttus": 500}}])
    assert reply.status_code == 400
    assert reply.json()["pointer"].startswith("/1/do")
    assert server.main.control("GET", "/steps")["steps"] == []


def test_a_name_is_given_once(server):
    assert server.control("POST", "/v1/issuers", {"name": "main"}).status_code == 409


def test_the_control_api_is_not_on_the_issuers_port(server):
    assert server.main.get(server.ready["issuer"].rsplit("/", 1)[0] + "/v1/issuers").status_code == 404
