"""`assay mint` and `assay healthcheck`, the commands for one moment."""

import json
import os

import jwt
import pytest

from serving import run


def test_a_token_is_verified_by_the_keys_of_the_served_issuer(cli, server):
    token = cli("mint", "--issuer", server.main.url, "--claims", '{"aud": "me", "tier": "gold"}').stdout.strip()
    key = jwt.PyJWKSet.from_dict(server.main.get(server.main.discovery()["jwks_uri"]).json())[
        jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key.key, algorithms=["RS256"], audience="me", issuer=server.main.url)
    assert claims["tier"] == "gold" and claims["sub"] == "user-1"


def test_the_keys_are_printed_as_well(cli):
    assert json.loads(cli("mint", "--issuer", "https://x.example", "--jwks").stdout)["keys"]


def test_the_keys_are_printed_wherever_the_configuration_has_them(cli, tmp_path):
    config = tmp_path / "issuer.yaml"
    config.write_text("endpoints: {jwks: /jwk.json}\n")
    issuer = ["--issuer", "https://x.example", "--config", str(config), "--jwks"]
    assert json.loads(cli("mint", *issuer).stdout)["keys"]
    config.write_text("endpoints: {jwks: false}\n")
    refused = cli("mint", *issuer)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--jwks" in refused.stderr


def test_a_wrong_token_is_wrong_as_asked(cli):
    token = cli("mint", "--issuer", "https://x.example", "--kind", "id", "--sign", "none").stdout.strip()
    assert token.endswith(".")
    assert jwt.get_unverified_header(token)["alg"] == "none"


def test_the_clock_is_settable(cli):
    token = cli("mint", "--issuer", "https://x.example", "--clock", "2030-01-01T00:00:00Z").stdout.strip()
    assert jwt.decode(token, options={"verify_signature": False})["iat"] == 1893456000


SERVER_FILE = """
defaults: {lifetimes: {access: 60}}
issuers:
  main:
    config: {signing_alg: ES256, clients: [{id: web, redirect_uris: ["http://localhost:3000/callback"]}]}
  other: {clock: "2030-01-01T00:00:00Z"}
"""


def test_an_issuer_of_a_servers_file_is_found_by_its_path(cli, tmp_path):
    config = tmp_path / "server.yaml"
    config.write_text(SERVER_FILE)
    main = ["--issuer", "http://127.0.0.1:18085/main", "--config", str(config)]
    minted = cli("mint", *main, "--client", "web")
    assert minted.returncode == 0, minted.stderr
    key = jwt.PyJWKSet.from_dict(json.loads(cli("mint", *main, "--jwks").stdout)).keys[0]
    claims = jwt.decode(minted.stdout.strip(), key.key, algorithms=["ES256"], options={"verify_aud": False})
    assert claims["exp"] - claims["iat"] == 60
    other = cli("mint", "--issuer", "http://127.0.0.1:18085/other", "--config", str(config)).stdout.strip()
    assert jwt.decode(other, options={"verify_signature": False})["iat"] == 1893456000
    unknown = cli("mint", "--issuer", "http://127.0.0.1:18085/mian", "--config", str(config))
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert 'did you mean "main"?' in unknown.stderr


@pytest.mark.parametrize("arguments", [
    [], ["--issuer", "nonsense"], ["--issuer", "https://x.example", "--claims", "["],
    ["--issuer", "https://x.example", "--claims", "[]"], ["--issuer", "https://x.example", "--sign", "maybe"],
    ["--issuer", "https://x.example", "--client", "nobody"], ["--issuer", "https://x.example", "--clock", "noon"],
    ["--issuer", "https://x.example", "--config", "missing.yaml"],
])
def test_wrong_usage_is_exit_code_2(cli, arguments):
    ended = cli("mint", *arguments)
    assert ended.returncode == 2
    assert ended.stdout == "" and ended.stderr


def test_health_is_asked_for_where_the_environment_says(cli, server):
    port = server.ready["control"].rpartition(":")[2]
    assert cli("healthcheck", env={**os.environ, "ASSAY_CONTROL_PORT": port}).returncode == 0


def test_health_without_a_server_to_ask_is_wrong_usage(assay):
    clean = {name: value for name, value in os.environ.items() if name != "ASSAY_CONTROL_PORT"}
    assert run([assay, "healthcheck"], env=clean).returncode == 2
