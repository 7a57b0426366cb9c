"""docs/serving.md: its file is one, its commands run."""

import json
import os
import re
import subprocess
import time
import urllib.parse

import jwt
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


def rows_below(page, title):
    """The cells of the table that has this title in its first column, without backquotes."""
    table = re.search(rf"^\| {title} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", page, re.MULTILINE)[1]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in table.splitlines()]


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "serving.md").read_text()


def test_its_table_of_clients_is_what_an_issuer_has(page, server):
    told = {row[0]: row for row in rows_below(page, "client")}
    made = {client["id"]: client for client in server.control("POST", "/v1/issuers", {}).json()["clients"]}
    assert told.keys() == made.keys()
    every_grant = set().union(*(client["grants"] for client in made.values()))
    for name, (_, method, secret, grants) in told.items():
        assert method.split()[0] == made[name]["auth"]
        assert made[name].get("secret", "") == (secret if "rsa-client.pem" not in secret else "")
        assert set(made[name]["grants"]) == (every_grant if grants == "all" else every_grant - {"client_credentials"})


def test_the_clients_of_its_table_get_tokens(page, server, root):
    issuer = server.create_issuer()
    form = {"grant_type": "client_credentials"}
    secrets = {name: secret for name, _, secret, _ in rows_below(page, "client")}
    token = issuer.post("token_endpoint", {**form, "client_id": "service-post", "client_secret": secrets["service-post"]})
    assert token.ok, token.text
    encoded = urllib.parse.quote_plus(secrets["service"])
    assert issuer.post("token_endpoint", form, auth=("service", encoded)).ok
    as_it_is = issuer.post("token_endpoint", form, auth=("service", secrets["service"].encode()))
    assert as_it_is.status_code in (400, 401), "the page says that it breaks"
    key = (root / "docs" / re.search(r"\((.*rsa-client\.pem)\)", secrets["service-jwt"])[1]).read_text()
    claims = {"iss": "service-jwt", "sub": "service-jwt", "aud": issuer.url, "jti": "1", "exp": int(time.time()) + 60}
    signed = issuer.post("token_endpoint", {
        **form, "client_assertion": jwt.encode(claims, key, "RS256"),
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"})
    assert signed.ok, signed.text


def test_the_user_of_its_table_can_log_in(page, server):
    ((user, password),) = rows_below(page, "user")
    form = {"grant_type": "password", "client_id": "app", "username": user}
    issuer = server.create_issuer()
    assert issuer.post("token_endpoint", {**form, "password": password}).ok
    assert issuer.post("token_endpoint", {**form, "password": password + "x"}).status_code == 400
