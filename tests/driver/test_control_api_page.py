"""docs/control-api.md: every command that it shows is answered as it says."""

import json
import os
import re
import shlex
import subprocess

import requests

# What a command of the page cannot have here: TLS, a key of this name, a browser's URL, a person's code, requests that
# nobody sends.
ANSWERS = {"/v1/ca.pem": 404, "/listener/handshakes": 409, "keys/n6u1": 404, "app&...": 400, "BCDF-GHJK": 404,
           "/requests/wait": 408}


def commands(text):
    """Each curl command, its comment left out; one may go over several lines."""
    for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        command = ""
        for line in block.splitlines():
            command += re.sub(r"(^|\s{2,})#.*", "", line) + "\n"
            try:
                shlex.split(command)
            except ValueError:
                continue  # a quote is open
            if command.strip():
                yield command.strip()
            command = ""


def test_every_command_is_answered(root, server):
    text = (root / "docs" / "control-api.md").read_text()
    control = server.ready["control"]
    alpha = control + "/v1/issuers/alpha"
    environment = {**os.environ, "C": control, "A": alpha}
    creation = next(command for command in commands(text) if '"name": "alpha"' in command)

    def run(command):
        # Nothing is sent meanwhile that a wait could wait for.
        command = command.replace("timeout=5", "timeout=0").replace('"sleepers": 1', '"sleepers": 0')
        command = re.sub(r" > \S+", "", command)
        quiet = command.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1)
        return int(subprocess.run(["bash", "-c", quiet], env=environment, capture_output=True, text=True, timeout=60,
                                  check=True).stdout)

    seen = 0
    for command in commands(text):
        if "/device " in command:
            url = requests.get(alpha, timeout=10).json()["issuer"] + "/device_authorization"
            assert requests.post(url, {"client_id": "app"}, timeout=10).ok
        expected = next((status for part, status in ANSWERS.items() if part in command), None)
        status = run(command)
        assert status == expected if expected else status in (200, 201, 204), f"{status}: {command}"
        if command.endswith("-X DELETE $A"):
            assert run(creation) == 201
        seen += 1
    assert seen > 45


def test_every_call_of_the_program_is_on_the_page(root, server):
    text = (root / "docs" / "control-api.md").read_text()
    for call in server.control("GET", "/v1").json()["calls"]:
        path = call["path"].replace("/v1/issuers/{issuer}", "$A").replace("/v1", "$C/v1")
        assert path.partition("{")[0].rstrip("/") in text, call["path"]


def test_the_verdict_has_the_members_that_the_page_shows(root, server):
    text = (root / "docs" / "control-api.md").read_text()
    for name in json.loads(requests.get(server.ready["control"] + "/v1/issuers/main/verdict", timeout=10).text):
        assert f'"{name}"' in text
