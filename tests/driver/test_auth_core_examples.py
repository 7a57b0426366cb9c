"""The C++ examples of docs/auth-core.md, built from it by CMake, against a served issuer."""

import os
import re
import subprocess

import pytest

from serving import run

SECRET = "s3cr3t:/%é+"


@pytest.fixture
def example(build_dir, tmp_path):
    """Runs the program of an example."""
    environment = {**os.environ, "HOME": str(tmp_path), "CLIENT_SECRET": SECRET}

    def start(name, *arguments, **options):
        environment_of_run = {**environment, **options.pop("env", {})}
        return run([build_dir / "tests" / "driver" / f"example_{name}", *arguments], env=environment_of_run,
                   cwd=tmp_path, timeout=60, **options)

    return start


def given(tmp_path, text):
    path = tmp_path / "stdin"
    path.write_text(text)
    return path.open()


def test_every_example_is_built(root):
    page = (root / "docs" / "auth-core.md").read_text()
    built = (root / "tests" / "driver" / "CMakeLists.txt").read_text().count("docs/auth-core.md")
    assert len(re.findall(r"^```cpp$", page, re.MULTILINE)) == built


def test_the_device_login_asks_once(serve, build_dir, tmp_path, example):
    issuer = serve().create_issuer(name="real", config={"device": {"interval": 1}})
    program = build_dir / "tests" / "driver" / "example_device_login"
    process = subprocess.Popen([program, issuer.url], env={**os.environ, "HOME": str(tmp_path)}, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    code = process.stderr.readline().split()[-1]
    issuer.control("POST", "/device", {"user_code": code, "decision": "approve"})
    header, problems = process.communicate(timeout=30)
    assert process.returncode == 0, problems
    assert header.startswith("Bearer ")
    again = example("device_login", issuer.url)
    assert (again.stdout, again.stderr) == (header, "")


def test_the_resource_server_accepts_good_tokens_only(serve, tmp_path, example):
    issuer = serve().main

    def token(**changes):
        return issuer.control("POST", "/tokens", {"kind": "access", **changes})["token"]

    good = token(claims={"scope": "api"})
    lines = [good, token(claims={"scope": "openid"}), token(claims={"scope": "api", "aud": "https://other.test"}),
             token(claims={"scope": "api", "exp": 1}), good[:-4] + "AAAA", "nonsense"]
    with given(tmp_path, "\n".join(lines) + "\n") as stdin:
        done = example("resource_server", issuer.url, stdin=stdin)
    assert done.stdout.splitlines() == ["200", "401 scope_not_granted", "401 bad_audience", "401 token_expired",
                                        "401 bad_signature", "401 malformed_token"]


def test_failures_are_told_apart(serve, tmp_path, example):
    issuer = serve().main

    def outcome(url, secret):
        with given(tmp_path, secret + "\n") as stdin:
            done = example("failures", url, stdin=stdin)
        return done.returncode, done.stdout.strip()

    assert outcome(issuer.url, SECRET) == (0, "ready")
    (tmp_path / "my-app" / "sessions.sqlite").unlink()
    assert outcome(issuer.url, "wrong") == (1, "refused: oauth_error invalid_client")
    assert outcome("http://127.0.0.1:1", SECRET) == (1, "the server cannot be reached; try later")
    code, text = outcome("ftp://x", SECRET)
    assert code == 2
    assert "auth_server" in text


def test_a_storage_of_ones_own_gets_the_tokens(serve, example):
    done = example("own_storage", serve().main.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "saved session-7\n1\n"


def test_the_storage_example_says_so_if_there_is_no_secret(build_dir, tmp_path):
    done = run([build_dir / "tests" / "driver" / "example_own_storage", "http://127.0.0.1:1"],
               env={"HOME": str(tmp_path)})
    assert (done.returncode, done.stderr) == (2, "CLIENT_SECRET is not set\n")
