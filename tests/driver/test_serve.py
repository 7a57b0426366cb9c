"""How `assay serve` starts and ends."""

import json
import os
import signal
import socket
import subprocess

import pytest
import requests


def test_ready_line_names_every_url(server):
    ready = server.ready
    assert ready["pid"] == server.process.pid
    assert ready["discovery"] == ready["issuer"] + "/.well-known/openid-configuration"
    assert ready["issuer"].endswith("/main")
    assert requests.get(ready["discovery"], timeout=10).json()["issuer"] == ready["issuer"]
    assert requests.get(ready["control"] + "/v1/health", timeout=10).status_code == 200
    assert "ca_pem_url" not in ready


def test_ends_when_stdin_closes(server):
    server.process.stdin.close()
    assert server.process.wait(timeout=5) == 0


def test_says_why_it_ends_at_once_without_stdin(assay):
    done = subprocess.run([assay, "serve"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0
    assert "--no-stdin" in done.stderr


def test_what_is_written_to_stdin_is_ignored(server):
    server.process.stdin.write("hello\n")
    server.process.stdin.flush()
    assert server.control("GET", "/v1/health").ok


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_on_a_signal(server, number):
    os.kill(server.process.pid, number)
    assert server.process.wait(timeout=5) == 0


def test_as_a_service_it_outlives_its_stdin(assay):
    with subprocess.Popen([assay, "serve", "--no-stdin"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True) as process:
        ready = json.loads(process.stdout.readline())
        assert requests.get(ready["discovery"], timeout=10).status_code == 200
        process.terminate()
        assert process.wait(timeout=5) == 0


def test_ends_in_the_middle_of_a_long_poll(serve):
    server = serve()
    waiting = socket.create_connection(server.ready["control"].removeprefix("http://").split(":"), timeout=10)
    waiting.sendall(b"GET /v1/issuers/main/requests/wait?count=5&timeout=300 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    server.process.stdin.close()
    assert server.process.wait(timeout=5) == 0
    waiting.close()


@pytest.mark.parametrize("option", ["--port", "--control-port"])
def test_a_port_in_use_is_the_machines_refusal(cli, option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = cli("serve", option, port)
    assert ended.returncode == 3
    assert str(port) in ended.stderr
    assert ended.stdout == ""


def test_a_certificate_that_does_not_load_is_named(cli, tmp_path):
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    ended = cli("serve", "--cert", bad, "--key", bad)
    assert ended.returncode == 3
    assert "bad.pem" in ended.stderr


@pytest.mark.parametrize("name, config, told", [
    ("config.json", '{"lifetimes": {"acess": 5}}', ["config.json:1:16:", "acess", "did you mean \"access\"?"]),
    ("config.json", '{"refresh": 5}', ["config.json:1:13:"]),
    ("config.json", '{"refresh": "rotate", "refresh": "same"}', ["config.json:1:23:", "refresh"]),
    ("config.json", "{", ["config.json:1:2:"]),
    ("config.yaml", "signing_alg: ES256\nlifetimes:\n  acess: 5\n", ["config.yaml:3:3:", "did you mean \"access\"?"]),
    ("config.yaml", "device: {interval: no}\n", ["config.yaml:1:20:"]),
])
def test_a_bad_configuration_is_told_by_its_place(cli, tmp_path, name, config, told):
    file = tmp_path / name
    file.write_text(config)
    ended = cli("serve", "--config", file)
    assert ended.returncode == 2
    for part in told:
        assert part in ended.stderr
    assert ended.stdout == ""


def test_a_missing_configuration_is_named(cli):
    ended = cli("serve", "--config", "missing.json")
    assert ended.returncode == 2
    assert "missing.json" in ended.stderr


def test_configuration_and_name_make_the_first_issuer(serve, tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("lifetimes: {access: 5}\nsigning_alg: ES256\n")
    server = serve("--config", file, "--issuer", "alpha")
    assert server.ready["issuer"].endswith("/alpha")
    names = [issuer["name"] for issuer in server.control("GET", "/v1/issuers").json()["issuers"]]
    assert names == ["alpha"]


@pytest.mark.parametrize("arguments", [
    ["--tls", "maybe"], ["--port", "70000"], ["--port", "many"], ["--cert", "x.pem"], ["--bogus"], ["extra"],
    ["--issuer", "a/b"], ["--clock", "noon"],
])
def test_wrong_usage_is_exit_code_2(cli, arguments):
    ended = cli("serve", *arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr
