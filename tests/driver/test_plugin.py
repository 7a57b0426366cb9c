"""The pytest plugin of python/, as somebody else's tests use it."""

import os
import re
import subprocess
import sys

import pytest

from serving import run


@pytest.fixture
def pytest_with_plugin(root, assay, tmp_path):
    """Runs a test file in a directory of its own, with the plugin and nothing of this suite."""
    def start(text):
        (tmp_path / "test_example.py").write_text(text)
        environment = {**os.environ, "PYTHONPATH": str(root / "python"), "ASSAY_BINARY": str(assay)}
        return run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "assay_pytest.plugin",
                    "test_example.py"], cwd=tmp_path, env=environment)
    return start


def test_the_example_of_its_readme_passes(root, pytest_with_plugin):
    (example,) = re.findall(r"^```python\n(.*?)^```$", (root / "python" / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    done = pytest_with_plugin(example)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_an_unused_step_fails_its_test_and_shows_the_journal(pytest_with_plugin):
    done = pytest_with_plugin("""
import urllib.request

def test_a(issuer):
    issuer.step({"status": 503}, endpoint="token")
    urllib.request.urlopen(issuer.discovery)

def test_b(issuer):
    issuer.step({"status": 503}, endpoint="token")
    issuer.judged = False
""")
    assert done.returncode == 1
    assert "step step-1 was not delivered" in done.stdout
    assert "GET /.well-known/openid-configuration" in done.stdout
    assert "2 passed, 1 error" in done.stdout


def test_a_failed_expectation_says_what_came_closest(pytest_with_plugin):
    done = pytest_with_plugin("""
import urllib.request

def test_a(issuer):
    urllib.request.urlopen(issuer.discovery)
    issuer.verify({"endpoint": "discovery", "method": "POST"}, count=1)
""")
    assert done.returncode == 1
    assert "0 requests matched, expected 1" in done.stdout
    assert "method: GET, expected POST" in done.stdout


def test_every_test_has_an_issuer_of_its_own(pytest_with_plugin):
    done = pytest_with_plugin("""
def test_a(issuer, issuer_factory):
    assert issuer.name != issuer_factory().name
    issuer.advance(3600)
    assert issuer.session()["expires_in"] == 3600
    issuer.patch(lifetimes={"access": 5})
    assert issuer.session()["expires_in"] == 5

def test_b(issuer):
    assert issuer.session()["expires_in"] == 3600
""")
    assert done.returncode == 0, done.stdout


def test_the_server_ends_with_the_tests(pytest_with_plugin):
    done = pytest_with_plugin("""
import pathlib

def test_a(assay_server):
    pathlib.Path("pid").write_text(str(assay_server.ready["pid"]))
""")
    assert done.returncode == 0, done.stdout


def test_the_server_of_a_killed_session_ends_too(pytest_with_plugin, tmp_path):
    done = pytest_with_plugin("""
import os
import pathlib

def test_a(assay_server):
    pathlib.Path("pid").write_text(str(assay_server.ready["pid"]))
    os.kill(os.getpid(), 9)
""")
    assert done.returncode == -9
    pid = (tmp_path / "pid").read_text()
    subprocess.run(["timeout", "10", "tail", f"--pid={pid}", "-f", "/dev/null"], check=True)
