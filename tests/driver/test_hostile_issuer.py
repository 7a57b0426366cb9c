"""What strangers and web pages do to `assay serve`: they are refused, and nothing of it stays."""

import pathlib
import re
import socket
import urllib.parse

import pytest
import requests

REQUEST = {"response_type": "code", "client_id": "app", "redirect_uri": "http://127.0.0.1:8123/callback", "scope": "openid",
           "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}


def status(server, field):
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+)", text).group(1))


def connect(url):
    address = urllib.parse.urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def received(connection):
    """All that comes until the other side closes."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def eventually(holds, patience=10):
    """Asks the server something harmless until it holds; each question takes its time."""
    for _ in range(1000 * patience):
        if holds():
            return True
    return False


@pytest.mark.parametrize("path, config", [
    ("/authorize", {}), ("/authorize", {"interaction": "form"}), ("/par", {}), ("/logout", {}),
])
def test_requests_of_two_megabytes_leave_nothing_behind(serve, path, config):
    server = serve("--clock", "2030-01-01T00:00:00Z")
    issuer = server.create_issuer(config=config)
    form = {**REQUEST, "nonce": "n" * 1_900_000}
    with requests.Session() as session:
        def ask():
            return session.post(issuer.url + path, data=form, timeout=30, allow_redirects=False)
        refused = ask()
        before = status(server, "VmRSS")
        for _ in range(15):
            ask()
    assert refused.status_code == 413
    assert "invalid_request" in refused.text
    assert status(server, "VmRSS") - before < 16 * 1024  # KiB; they were 28 MB or more


def test_a_client_registers_neither_much_nor_many(serve):
    issuer = serve().create_issuer(config={"registration": True})
    metadata = {"redirect_uris": ["https://a.example/cb"]}
    large = requests.post(issuer.url + "/register", json={**metadata, "client_name": "n" * 1_900_000}, timeout=30)
    assert (large.status_code, large.json()["error"]) == (413, "invalid_client_metadata")
    with requests.Session() as session:
        codes = [session.post(issuer.url + "/register", json=metadata, timeout=30).status_code for _ in range(1001)]
    assert codes == [201] * 1000 + [503]


def test_a_body_in_an_unknown_coding_is_no_second_request(server):
    smuggled = b"GET /main/jwks HTTP/1.1\r\nHost: x\r\n\r\n"
    for coding in (b"identity", b"chunked, gzip", b"gzip, chunked", b"xchunked", b"\x0bchunked"):
        with connect(server.ready["issuer"]) as connection:
            connection.sendall(b"POST /main/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + coding + b"\r\n\r\n" + smuggled)
            replies = received(connection)
        assert replies.startswith(b"HTTP/1.1 400 "), coding
        assert len(re.findall(rb"^HTTP/1.1 \d", replies, re.MULTILINE)) == 1, coding
    assert server.main.requests() == []


def test_waits_cost_no_thread_and_end_with_their_clients(serve):
    server = serve()
    before = status(server, "Threads")
    waiting = [connect(server.ready["control"]) for _ in range(100)]
    for connection in waiting:
        connection.sendall(b"GET /v1/issuers/main/requests/wait?timeout=300 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    # The rush takes threads for as long as it takes to read it; they were 100 for 300 seconds.
    assert eventually(lambda: server.control("GET", "/v1/health").ok and status(server, "Threads") <= before + 10)
    descriptors = pathlib.Path(f"/proc/{server.process.pid}/fd")
    open_then = len(list(descriptors.iterdir()))
    for connection in waiting:
        connection.close()
    assert eventually(lambda: server.control("GET", "/v1/health").ok and len(list(descriptors.iterdir())) <= open_then - 100)


@pytest.mark.parametrize("headers, code", [
    ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ({"Origin": "https://evil.test"}, 403),
    ({"Host": "evil"}, 421),
    ({"Host": "evil.test"}, 421),
    ({"Host": "localhost"}, 200),
    ({}, 200),
])
def test_pages_of_others_do_not_reach_the_control_api(server, headers, code):
    assert requests.get(server.ready["control"] + "/v1/issuers", headers=headers, timeout=30).status_code == code


def test_matching_takes_time_by_the_length_of_a_value_and_no_more(server):
    form = {"grant_type": "client_credentials", "scope": "a" * 60_000}
    requests.post(server.main.url + "/token", data=form, timeout=30)
    told = requests.post(server.ready["control"] + "/v1/issuers/main/verify", timeout=20,  # it took 40 seconds
                         json={"match": {"form": {"scope": {"re": "a.*b"}}}, "count": 0}).json()
    assert told["ok"] is True


def test_what_a_client_sent_is_text_in_a_recorded_scenario(server, cli, tmp_path):
    grant = "x}\nissuer: {lenient: true}\nwhy: {x: x"
    requests.post(server.main.url + "/token", data={"grant_type": grant, "client_id": "app"}, timeout=30)
    recorded = server.control("GET", "/v1/issuers/main/scenario").text
    assert "\nissuer:" not in recorded and recorded.count("\nwhy:") == 1
    (tmp_path / "recorded.yaml").write_text(recorded)
    told = cli("check", tmp_path / "recorded.yaml").stderr
    assert "expected one of: code, device" in told and "unknown key" not in told, told
