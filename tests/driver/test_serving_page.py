"""docs/serving.md: its file is one, its commands run."""

import json
import os
import re
import subprocess

import pytest
import requests


@pytest.fixture(scope="module")
def blocks(root):
    return re.findall(r"^```(\w+)\n(.*?)^```$", (root / "docs" / "serving.md").read_text(), re.MULTILINE | re.DOTALL)


def test_its_file_is_good_and_makes_what_it_says(blocks, cli, serve, tmp_path):
    (text,) = [text for language, text in blocks if language == "yaml"]
    file = tmp_path / "server.yaml"
    file.write_text(text)
    assert cli("check", file).returncode == 0
    server = serve("--config", file, "--port", 0, "--control-port", 0)
    assert set(server.ready["issuers"]) == {"main", "flaky"}
    main = server.ready["issuers"]["main"]
    token = requests.post(main + "/token", {"grant_type": "client_credentials"}, auth=("web", "w3b-s3cret"), timeout=10)
    assert token.json()["expires_in"] == 300
    flaky = server.ready["issuers"]["flaky"] + "/token"
    seen = [requests.post(flaky, {"grant_type": "client_credentials", "client_id": "service-post",
                                  "client_secret": "s3cr3t:/%é+"}, timeout=10) for _ in range(3)]
    assert [reply.status_code for reply in seen] == [200, 503, 200]
    assert seen[1].headers["Retry-After"] == "5"


def test_its_commands_print_tokens(blocks, assay):
    (text,) = [text for language, text in blocks if language == "sh"]
    environment = {**os.environ, "PATH": os.pathsep.join([str(assay.parent), os.environ["PATH"]])}
    for command in text.splitlines():
        done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, command + done.stderr
        assert json.loads(done.stdout)["keys"] if "--jwks" in command else done.stdout.count(".") == 2
