"""Debian's oidc-agent, unmodified and without a terminal: its device flow, its store, its refreshes; and all scenarios."""

import os
import pathlib
import re

import pytest
import requests

from serving import run

PASSWORD = "the store's password"
AGENT = {"id": "agent", "auth": "client_secret_basic", "secret": "plain", "grants": ["device_code", "refresh_token"]}


@pytest.fixture
def issuer(make_issuer):
    """Whose user approves at once."""
    return make_issuer(clients=[AGENT], device={"interval": 1, "decision": "approve"}, lifetimes={"access": 3600})


@pytest.fixture
def agent(tmp_path, monkeypatch):
    """Runs programs of the suite: agent("oidc-token", "mock"). The daemon is as it would be after a login."""
    directory = tmp_path / "agent"
    directory.mkdir(mode=0o700)
    environment = {**os.environ, "HOME": str(tmp_path), "OIDC_CONFIG_DIR": str(directory), "STORE_PASSWORD": PASSWORD}

    def start():
        text = run(["oidc-agent"], env=environment).stdout
        environment.update(re.findall(r"^(OIDC\w+)=([^;]+);", text, re.MULTILINE))

    def stop():
        run(["oidc-agent", "-k"], env=environment)

    def agent_program(*command):
        return run(command, env=environment, timeout=60)

    agent_program.restart = lambda: (stop(), start())
    start()
    yield agent_program
    stop()


def generate(agent, issuer, ca_file):
    return agent("oidc-gen", "mock", "--iss", issuer.url, "--client-id", AGENT["id"], "--client-secret", AGENT["secret"],
                 "--scope", "openid offline_access", "--flow", "device", "--cp", ca_file, "--pw-env=STORE_PASSWORD",
                 "--confirm-yes", "--prompt=none", "--manual")


def userinfo(issuer, token):
    return requests.get(issuer.discovery()["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"}, timeout=30)


def token_of(agent, *options):
    done = agent("oidc-token", *options, "mock")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_device_login_gives_tokens_that_are_good(issuer, agent, ca_file):
    done = generate(agent, issuer, ca_file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert userinfo(issuer, token_of(agent)).json()["sub"] == "user-1"


def test_it_stores_what_a_refresh_rotated_and_goes_on_after_a_restart(issuer, agent, ca_file):
    assert generate(agent, issuer, ca_file).returncode == 0
    first = token_of(agent, "--force-new")
    agent.restart()
    added = agent("oidc-add", "--pw-env=STORE_PASSWORD", "mock")
    assert added.returncode == 0, added.stdout + added.stderr
    second = token_of(agent, "--force-new")
    assert first != second
    assert userinfo(issuer, second).status_code == 200
    assert {exchange["status"] for exchange in issuer.requests(endpoint="token")} == {200}


def test_a_device_login_that_the_user_denies_fails(make_issuer, agent, ca_file):
    issuer = make_issuer(clients=[AGENT], device={"interval": 1, "decision": "deny"})
    done = generate(agent, issuer, ca_file)
    assert done.returncode != 0
    assert "denied" in done.stdout + done.stderr


def left_running(directory):
    """Processes whose environment points there, those that are dead and unburied not counted."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if str(directory).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            pass  # it ended meanwhile, or is somebody else's
    return [command for command in found if command]


def test_every_finding_is_adjudicated_and_no_daemon_is_left(judge, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # where a run has its directories
    assert judge("oidc_agent") == []
    assert judge.counts["scenarios judged"] >= 35
    assert left_running(tmp_path / "assay-") == []
