"""What clients, servers and files are called and say is shown, and obeyed by no terminal and no parser."""

import base64
import http.server
import json
import re
import shlex
import sys
import threading
import xml.etree.ElementTree as ET

import pytest

from serving import run

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
ODD = "\x9b31m\u202edrawkcab\x07\ufffe"

SCENARIO = """
title: A client keeps nothing
why: what it keeps has a name
statements: [MINE-1]
client: {flow: client_credentials, scopes: [api]}
steps:
  - {do: get_access_token}
expect:
  - check: nothing-kept
    storage: {exists: false}
    statement: {id: MINE-1, level: MUST, text: It keeps nothing.}
    because: it keeps nothing
"""


def shown(done):
    text = done.stdout + done.stderr
    assert not CONTROL.search(text), repr(CONTROL.search(text)[0])
    return text


def plants(root, *arguments):
    return shlex.join([sys.executable, str(root / "tests" / "driver" / "hostile" / "plants.py"), *arguments])


def test_file_names_of_a_client(cli, root, tmp_path):
    (tmp_path / "own.yaml").write_text(SCENARIO)
    done = cli("run", "own.yaml", "--client", plants(root, "escapes"), "--verbose")
    assert "drawkcab" in shown(done) and "1 fail" in done.stdout


def test_reports_of_a_command_line_with_controls(cli, root, tmp_path):
    (tmp_path / "own.yaml").write_text(SCENARIO)
    odd = ODD.replace("\ufffe", "") + "\x01\ufffe"
    done = cli("run", "own.yaml", "--client", plants(root, "escapes", odd), "--junit", "junit.xml", "--jsonl", "results.jsonl")
    assert "drawkcab" in shown(done)
    assert "drawkcab" in ET.tostring(ET.parse(tmp_path / "junit.xml").getroot(), encoding="unicode")
    assert not CONTROL.search((tmp_path / "junit.xml").read_text())
    lines = (tmp_path / "results.jsonl").read_text()
    assert not CONTROL.search(lines)
    assert odd in json.loads(lines.splitlines()[0])["client"], "JSON says the very same, escaped"


def test_what_an_adapter_says_of_itself_and_why_it_fails(cli, tmp_path):
    (tmp_path / "own.yaml").write_text(SCENARIO)
    (tmp_path / "client.py").write_text(f"import sys\nsys.exit({ODD!r})")
    assert "drawkcab" in shown(cli("run", "own.yaml", "--client", f"{sys.executable} client.py"))


@pytest.mark.parametrize("command", ["check", "run", "explain", "list", "statements"])
def test_names_on_the_command_line(cli, command):
    assert "drawkcab" in shown(cli(command, ODD)).lower()


def test_the_names_in_a_file_that_is_checked(cli, tmp_path):
    (tmp_path / "own.yaml").write_text(SCENARIO + json.dumps(ODD) + ": 1\n")
    done = cli("check", "own.yaml")
    assert done.returncode == 2 and "drawkcab" in shown(done)


class Talkative(http.server.BaseHTTPRequestHandler):
    """A server whose every word is odd."""

    def do_GET(self):
        origin = f"http://127.0.0.1:{self.server.server_port}"
        self.reply(200, {"issuer": origin, "token_endpoint": origin + "/token", "jwks_uri": origin + "/jwks"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(400, {"error": "invalid_client", "error_description": ODD, "error_uri": ODD})

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body, ensure_ascii=False).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def talkative():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Talkative)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def b64(value):
    return base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).rstrip(b"=").decode()


TOKEN = f"{b64({'alg': 'none', ODD: ODD})}.{b64({'sub': ODD})}.eA"


@pytest.fixture(params=[["--json"], []], ids=["json", "text"])
def authctl(request, build_dir, tmp_path):
    program = build_dir / "auth-core" / "authctl" / "authctl"
    return lambda *arguments: run([program, *request.param, *arguments], env={"HOME": str(tmp_path), "CLIENT_SECRET": "s"})


@pytest.mark.parametrize("arguments, code", [
    ([f"--{ODD}"], 2), (["--config", ODD, "token"], 2), (["jwt", "decode", ODD], 1), (["jwt", "decode", TOKEN], 0),
    (["--auth-server", f"http://127.0.0.1:1/{ODD}", "--client-id", ODD, "--client-type", ODD, "token"], 2)])
def test_what_authctl_is_given(authctl, arguments, code):
    done = authctl(*arguments)
    assert done.returncode == code and shown(done)


def test_what_a_server_answers_to_authctl(authctl, talkative):
    done = authctl("--auth-server", talkative, "--client-id", "a", "--client-type", "oidc_client_credentials_secret", "token")
    assert done.returncode == 1 and shown(done)
