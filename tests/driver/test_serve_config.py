"""`assay serve` told by a file and by the environment, and behind proxies."""

import json
import os
import subprocess

import pytest
import requests

SERVER = """
server: {port: 0, threads: 1}
control: {port: 0}
defaults:
  lifetimes: {access: 77}
issuers:
  alpha:
    clock: "2030-01-01T00:00:00Z"
    script:
      - {id: busy, do: {status: 503}}
  main:
    at_root: true
    config:
      signing_alg: ES256
"""


@pytest.fixture
def write(tmp_path):
    def to(name, text):
        (tmp_path / name).write_text(text)
        return tmp_path / name
    return to


def serve_in(assay, environment, *arguments):
    """A server that has only these ASSAY_ variables: its ready line, once it is told to end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
    done = subprocess.run([assay, "serve", *map(str, arguments)], env={**clean, **environment}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, check=False)
    return done


def test_a_file_makes_a_server_with_its_issuers(serve, write):
    server = serve("--config", write("server.yaml", SERVER))
    origin = server.ready["issuer"]
    assert server.ready["issuers"] == {"alpha": origin + "/alpha", "main": origin}
    assert server.main.discovery()["issuer"] == origin
    assert "ES256" in server.main.discovery()["id_token_signing_alg_values_supported"]
    alpha = server.ready["issuers"]["alpha"] + "/.well-known/openid-configuration"
    assert requests.get(alpha, timeout=10).status_code == 503
    assert requests.get(alpha, timeout=10).json()["issuer"] == origin + "/alpha"
    assert server.control("GET", "/v1/issuers/alpha/clock").json()["now"].startswith("2030-01-01T00:00:00")


def test_defaults_hold_for_issuers_of_the_control_api_too(serve, write):
    server = serve("--config", write("server.yaml", SERVER))
    late = server.create_issuer(name="late")
    session = late.control("POST", "/sessions", {})
    assert session["expires_in"] == 77


@pytest.mark.parametrize("text, told", [
    ("sever: {port: 1}\nissuers: {a: {}}\n", ["server.yaml:1:1:", "sever", 'did you mean "server"?']),
    ("server:\n  prot: 1\n", ["server.yaml:2:3:", 'did you mean "port"?']),
    ("server:\n  port: 70000\n", ["server.yaml:2:9:"]),
    ("issuers:\n  alpha:\n    config: {refrsh: same}\n", ["server.yaml:3:14:", 'did you mean "refresh"?']),
    ("issuers:\n  alpha:\n    script:\n      - do: {sttus: 500}\n", ["server.yaml:4:14:", 'did you mean "status"?']),
    ("issuers:\n  alpha:\n    clock: noon\n", ["server.yaml:3:12:", "not a clock"]),
    ("issuers:\n  a: {at_root: true}\n  b: {at_root: true}\n", ["server.yaml:3:16:", '"a"']),
    ("defaults:\n  clients: [{id: a}, {id: a}]\n", ["server.yaml:2:27:", "another client"]),
    ("issuers:\n  alpha:\n    script:\n      - do: {barrier: {n: 3}}\n", ["server.yaml:4:24:", 'write "n"']),
    ("defaults:\n  resource_servers: [{id: a, scopes: [api, apii]}]\n", ["server.yaml:2:44:", '"apii" is not among']),
    ("server: {external_url: \"https://x.example/path\"}\n", ["server.yaml:1:24:"]),
])
@pytest.mark.parametrize("command", [["serve", "--config"], ["check"]])
def test_what_is_wrong_is_told_by_its_place(cli, write, text, told, command):
    ended = cli(*command, write("server.yaml", text))
    assert ended.returncode == 2
    for part in told:
        assert part in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize("option, value", [("--clock", "noon"), ("--issuer", "a/b")])
def test_what_is_wrong_with_an_option_is_told_by_its_name(cli, option, value):
    ended = cli("serve", option, value)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"{option}: ")


def test_every_problem_is_told_at_once(cli, write):
    ended = cli("check", write("server.yaml", "server: {prot: 1, hots: x}\nissuers: {}\n"))
    assert ended.stderr.count("server.yaml:") == 3, ended.stderr


def test_check_knows_configurations_from_scenarios(cli, write):
    good = cli("check", write("server.yaml", SERVER), write("issuer.json", '{"refresh": "same"}'))
    assert good.returncode == 0, good.stderr
    assert "2 configurations, 0 scenarios" in good.stdout
    scenario = cli("check", write("scenario.yaml", "title: x\nissuers: {}\n"))
    assert scenario.returncode == 2


def test_options_go_before_the_environment_and_that_before_the_file(assay, write):
    file = write("server.yaml", "server: {external_url: \"https://file.example\"}\n")
    environment = {"ASSAY_CONFIG": str(file)}
    assert json.loads(serve_in(assay, environment).stdout)["issuer"] == "https://file.example/main"
    environment["ASSAY_EXTERNAL_URL"] = "https://environment.example"
    assert json.loads(serve_in(assay, environment).stdout)["issuer"] == "https://environment.example/main"
    told = serve_in(assay, environment, "--external-url", "HTTPS://Option.example:443/")
    assert json.loads(told.stdout)["issuer"] == "https://option.example/main"


def test_a_bad_variable_is_wrong_usage(assay):
    assert serve_in(assay, {"ASSAY_PORT": "many"}).returncode == 2
    missing = serve_in(assay, {"ASSAY_CONFIG": "/nowhere/missing.yaml"})
    assert missing.returncode == 2
    assert "missing.yaml" in missing.stderr
    assert serve_in(assay, {}, "--external-url", "https://x.example/path").returncode == 2


def test_a_control_api_for_everybody_needs_a_token(assay):
    refused = serve_in(assay, {"ASSAY_CONTROL_HOST": "0.0.0.0"})
    assert refused.returncode == 2
    assert "token" in refused.stderr and refused.stdout == ""
    assert serve_in(assay, {"ASSAY_CONTROL_HOST": "0.0.0.0", "ASSAY_CONTROL_TOKEN": "t0ken"}).returncode == 0


def test_the_control_token_is_asked_for(serve, write):
    server = serve("--control-token-file", write("token", "t0ken\n"))
    call = server.ready["control"] + "/v1/issuers"
    assert requests.get(call, timeout=10).status_code == 401
    assert requests.get(call, headers={"Authorization": "Bearer t0ken"}, timeout=10).status_code == 200
    assert requests.get(server.ready["control"] + "/v1/health", timeout=10).status_code == 200


def test_the_control_token_is_on_no_command_line(assay):
    for told in (["--control-token", "t0ken"], ["--control-token=t0ken"]):
        refused = serve_in(assay, {"ASSAY_CONTROL_TOKEN": "t0ken"}, *told)
        assert refused.returncode == 2
        assert "--control-token-file" in refused.stderr and refused.stdout == ""


@pytest.mark.parametrize("text", ["", "\n", " \nt0ken"])
def test_a_file_without_a_control_token_opens_nothing(assay, write, text):
    refused = serve_in(assay, {"ASSAY_CONTROL_TOKEN_FILE": str(write("token", text))})
    assert refused.returncode == 2
    assert "token: no token" in refused.stderr and refused.stdout == ""
    missing = serve_in(assay, {"ASSAY_CONTROL_TOKEN": "t0ken"}, "--control-token-file", "/nowhere/token")
    assert missing.returncode == 2
    assert "/nowhere/token" in missing.stderr


def test_trusted_fields_name_the_issuer(serve):
    server = serve("--trust-forwarded")
    fields = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "[2001:db8::1]", "X-Forwarded-Port": "8443"}
    seen = requests.get(server.ready["discovery"], headers=fields, timeout=10).json()
    assert seen["issuer"] == "https://[2001:db8::1]:8443/main"
    assert seen["token_endpoint"].startswith("https://[2001:db8::1]:8443/main/")
    assert requests.get(server.ready["discovery"], timeout=10).json()["issuer"] == server.ready["issuer"]


def test_untrusted_fields_name_nobody(server):
    fields = {"Forwarded": "host=evil.example", "X-Forwarded-Host": "evil.example"}
    seen = requests.get(server.ready["discovery"], headers=fields, timeout=10).json()
    assert seen["issuer"] == server.ready["issuer"]


def test_an_unused_segment_becomes_an_issuer(serve):
    server = serve("--auto-issuers")
    origin = server.ready["issuer"].rpartition("/")[0]
    seen = requests.get(origin + "/fresh/.well-known/openid-configuration", timeout=10).json()
    assert seen["issuer"] == origin + "/fresh"
    assert requests.get(origin + "/favicon.ico", timeout=10).status_code == 404
    verdict = server.control("DELETE", "/v1/issuers/fresh").json()
    assert verdict["as_expected"] is True and verdict["exchanges"] == 1


def test_without_being_told_to_a_segment_stays_unused(server):
    origin = server.ready["issuer"].rpartition("/")[0]
    assert requests.get(origin + "/fresh/jwks", timeout=10).status_code == 404
