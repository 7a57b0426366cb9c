"""Faults at the socket as an ordinary HTTP client meets them, and a server that is started again."""

import json
import re
import signal
import socket
import ssl
import time

import pytest
import requests

from serving import Served

SERVICE = {"grant_type": "client_credentials"}
SECRET = ("service", "s3cr3t%3A%2F%25%C3%A9%2B")  # form-encoded, as RFC 6749 §2.3.1 asks for


@pytest.fixture
def tls_server(serve, tmp_path):
    server = serve("--tls", "auto")
    (tmp_path / "ca.pem").write_bytes(server.control("GET", "/v1/ca.pem").content)
    server.ca = str(tmp_path / "ca.pem")
    return server


def keys_of(server, **options):
    return requests.get(server.ready["issuer"] + "/jwks", timeout=10, **options)


@pytest.mark.parametrize("fault", [{"reset": "before"}, {"reset": "after_headers"}, {"reset": "mid_body"},
                                   {"empty": True}, {"truncate": True}, {"bad_chunk": True}])
def test_a_broken_reply_is_an_error_and_the_next_one_is_good(server, fault):
    server.main.script({"when": {"endpoint": "jwks"}, "do": fault})
    # urllib3 hides a body that is too short unless it is told not to (its own enforce_content_length).
    with pytest.raises((requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        keys_of(server)
    assert keys_of(server).status_code == 200
    assert server.main.verdict()["as_expected"] is True


def test_a_reply_that_hangs_runs_into_the_clients_timeout(server):
    server.main.script({"when": {"endpoint": "jwks"}, "do": {"hang": True}})
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(server.ready["issuer"] + "/jwks", timeout=0.3)
    assert keys_of(server).status_code == 200


def test_a_listener_that_is_down_refuses_and_comes_back_at_its_port(server):
    assert server.control("POST", "/v1/listener/down").json() == {"up": False}
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        keys_of(server)
    assert server.control("POST", "/v1/listener/up").json() == {"up": True}
    assert keys_of(server).status_code == 200


def test_a_step_takes_the_listener_down_on_the_issuers_clock(server):
    server.main.script({"when": {"endpoint": "jwks"}, "do": {"refuse": {"for": 60}}})
    assert keys_of(server).status_code == 200
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        keys_of(server)
    server.main.control("POST", "/clock/advance", {"seconds": 60, "sleepers": 1})
    while server.control("GET", "/v1/listener").json() != {"up": True}:
        pass
    assert keys_of(server).status_code == 200


@pytest.mark.parametrize("fault, reason", [("expired", "certificate has expired"),
                                           ("wrong_name", "IP address mismatch"),
                                           ("untrusted", "unable to get local issuer|signature failure")])
def test_a_client_that_verifies_refuses_the_certificate(tls_server, fault, reason):
    reply = tls_server.control("POST", "/v1/listener/handshakes", {"fault": fault})
    assert reply.status_code == 204, reply.text
    with pytest.raises(requests.exceptions.SSLError, match=reason):
        keys_of(tls_server, verify=tls_server.ca)
    assert keys_of(tls_server, verify=tls_server.ca).status_code == 200


def test_a_handshake_that_is_aborted_is_no_reply(tls_server):
    tls_server.main.script({"when": {"endpoint": "jwks"}, "do": {"tls": "abort"}})
    assert keys_of(tls_server, verify=tls_server.ca).headers["Connection"] == "close"
    with pytest.raises(requests.exceptions.ConnectionError):
        keys_of(tls_server, verify=tls_server.ca)
    assert keys_of(tls_server, verify=tls_server.ca).status_code == 200


def test_a_swapped_certificate_is_another_good_one(tls_server):
    def certificate():
        host, port = tls_server.ready["issuer"].removeprefix("https://").partition("/")[0].split(":")
        context = ssl.create_default_context(cafile=tls_server.ca)
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            with context.wrap_socket(connection, server_hostname=host) as secure:
                return secure.getpeercert(binary_form=True)

    before = certificate()
    tls_server.control("POST", "/v1/listener/handshakes", {"fault": "swap", "times": "forever"})
    assert certificate() != before
    tls_server.control("POST", "/v1/listener/handshakes", {"fault": "none"})
    assert certificate() == before


def introspect(server, token):
    return server.main.post("introspection_endpoint", {"token": token}, auth=SECRET).json()["active"]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_what_was_issued_outlives_the_server(assay, serve, tmp_path, end):
    state = tmp_path / "state.json"
    first = Served(assay, ["--state", state], tmp_path / "first.log")
    token = first.main.post("token_endpoint", SERVICE, auth=SECRET).json()["access_token"]
    session = first.main.control("POST", "/sessions", {})
    if end == signal.SIGKILL:
        deadline = time.monotonic() + 10
        while "rt#1" not in state.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)  # it is written within a second
    first.process.send_signal(end)
    first.process.wait(timeout=5)
    first.process.stdout.close()
    first.process.stdin.close()
    assert state.stat().st_mode & 0o777 == 0o600
    again = serve("--state", state)
    assert introspect(again, token) is True
    reply = again.main.post("token_endpoint", {"grant_type": "refresh_token", "client_id": "app",
                                               "refresh_token": session["refresh_token"]})
    assert reply.status_code == 200, reply.text
    assert [entry["name"] for entry in again.main.control("GET", "/tokens")["tokens"] if entry["kind"] == "rt"] \
        == ["rt#1", "rt#2"]


def test_a_damaged_state_file_is_bad_input(cli, tmp_path):
    (tmp_path / "state.json").write_text('{"version": 1}')
    result = cli("serve", "--state", tmp_path / "state.json")
    assert result.returncode != 0
    assert "state.json: is damaged, or not a state file" in result.stderr


def test_every_example_of_a_reply_on_its_way_is_taken(root, server):
    text = (root / "docs" / "issuer-scripts.md").read_text()
    section = text.partition("### Its way to the client")[2].partition("\n## ")[0]
    examples = re.findall(r"^(do: .*)$", section, re.MULTILINE)
    assert len(examples) > 8
    for example in examples:
        flow = example.partition("  #")[0].removeprefix("do: ")
        action = json.loads(re.sub(r"(?!true\b|false\b)\b[a-z][\w-]*", r'"\g<0>"', flow))  # from YAML's flow style
        reply = server.control("POST", "/v1/issuers/main/steps", {"times": 9, "do": action})
        assert reply.status_code == 201, example + reply.text
