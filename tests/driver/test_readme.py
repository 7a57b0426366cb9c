"""The README's commands and examples, as they stand there."""

import json
import os
import re
import subprocess
import sys

import pytest

from serving import run

SECRET = "s3cr3t:/%é+"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_assay", "-p", "no:cacheprovider"]


@pytest.fixture(scope="module")
def blocks(root):
    """[(language, text)] of every fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", (root / "README.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(assay, build_dir, root):
    """Commands find `assay`, and scripts use the build under test."""
    preset = build_dir.name if build_dir.parent == root / "build" else "dev"
    path = os.pathsep.join([str(assay.parent), str(root / ".venv" / "bin"), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "ASSAY_BUILD_DIR": str(build_dir), "ASSAY_PRESET": preset,
            "PYTHONPATH": str(root / "python")}  # as if pip had installed it; tests/plugin does it with pip


# What grows with the library, and how long it took: any number will do. "0 fail" stays "0 fail".
COUNTS = re.compile(r"\b\d+/\d+\b|\b\d+(?:\.\d+)?(?= (?:scenarios|pass|documented|judged|with a|not judged|s real|h|min)\b)")


def matches(expected, printed):
    """Whether the text was printed, "..." standing for anything."""
    def literally(text):
        return r"[\d./]+".join(re.escape(part) for part in COUNTS.split(text))

    pattern = ".*".join(literally(part) for part in expected.split("..."))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def test_only_counts_may_differ_from_the_readme():
    assert matches("75 scenarios: 75 pass, 0 fail, ... as expected", "80 scenarios: 80 pass, 0 fail, 0 warn as expected")
    assert not matches("75 pass, 0 fail", "74 pass, 1 fail")
    assert not matches("virtual: as expected", "virtual: NOT as expected")
    assert not matches("nth rt#2", "nth rt#1")


def sessions(blocks):
    for language, text in blocks:
        if language == "console":
            for command in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                yield command.split("\n", 1)


RUN_ELSEWHERE = {"scripts/test"}  # it is running now


def test_every_command_prints_what_the_readme_says(root, blocks, environment):
    seen = 0
    for command, expected in sessions(blocks):
        command = command.partition("  #")[0].strip()
        if command in RUN_ELSEWHERE:
            continue
        done = run(["bash", "-c", command], cwd=root, env=environment, timeout=600)
        wanted = 1 if "NOT as expected" in expected else 0
        assert done.returncode == wanted, command + "\n" + done.stdout + done.stderr
        assert matches(expected.strip(), done.stdout.strip()), f"$ {command}\n{done.stdout}{done.stderr}"
        seen += 1
    assert seen >= 2


def test_the_pytest_example_passes(blocks, environment, tmp_path):
    (example,) = [text for language, text in blocks if language == "python"]
    (tmp_path / "test_example.py").write_text(example)
    done = run(PYTEST + ["test_example.py"], cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_pytest_example_can_fail(blocks, environment, tmp_path):
    (example,) = [text for language, text in blocks if language == "python"]
    assert "status(503)" in example
    (tmp_path / "test_example.py").write_text(example.replace("status(503)", "status(500)", 1))
    done = run(PYTEST + ["test_example.py"], cwd=tmp_path, env=environment)
    assert done.returncode == 1, done.stdout + done.stderr


def test_the_cpp_example_keeps_its_token_and_renews_it(server, build_dir, tmp_path):
    """Built from the README by CMake; run twice against one issuer."""
    issuer = server.main
    environment = {**os.environ, "HOME": str(tmp_path), "CLIENT_SECRET": SECRET}
    example = build_dir / "tests" / "driver" / "readme_example"

    def call():
        done = subprocess.run([example, issuer.url, issuer.discovery()["userinfo_endpoint"]], env=environment,
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    first = call()
    assert first == call()
    assert len(issuer.requests(endpoint="token")) == 1
    (stored,) = [file for file in tmp_path.rglob("*.json")]
    assert stored.stat().st_mode & 0o777 == 0o600
    assert "access_token" in json.loads(stored.read_text())
    assert SECRET not in first


def test_the_cpp_example_says_so_if_there_is_no_secret(build_dir, tmp_path):
    environment = {"HOME": str(tmp_path)}
    done = run([build_dir / "tests" / "driver" / "readme_example", "http://127.0.0.1:1", "http://127.0.0.1:1"],
               env=environment)
    assert (done.returncode, done.stderr) == (2, "CLIENT_SECRET is not set\n")


def test_every_link_leads_somewhere(root):
    for page in [root / "README.md", root / "CONTRIBUTING.md", *root.glob("*/README.md"), *(root / "docs").rglob("*.md")]:
        if page.parent.name in ("build", "out", ".venv"):
            continue
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(root)}: {target}"


def test_the_help_is_what_the_documentation_says(root, assay):
    written = run([root / "scripts" / "cli-docs", assay]).stdout
    assert written == (root / "docs" / "cli.md").read_text(), "run scripts/cli-docs BINARY > docs/cli.md"


@pytest.mark.parametrize("command", ["serve", "run", "faults", "healthcheck", "list", "check", "explain"])
def test_every_option_tells_its_default(assay, command):
    text = run([assay, command, "--help"]).stdout
    entries = re.split(r"\n  (?=\S)", text.partition("Options:")[2].partition("\n\n")[0])
    for entry in entries:
        name = entry.split()[0] if entry.split() else ""
        if name.startswith("-") and not name.startswith(("-h", "--version")):
            assert "default" in entry.lower() or "=" in entry, entry
