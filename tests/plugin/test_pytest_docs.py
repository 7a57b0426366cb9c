"""The examples of docs/pytest.md and python/README.md, as they stand there."""

import os
import re
import sys

import pytest
import requests

from serving import run


MY_CLIENT = """
import requests

tries = 2

def run(issuer):
    form = {"grant_type": "client_credentials", "client_id": "service-post", "client_secret": "s3cr3t:/%é+"}
    for _ in range(tries):
        requests.post(issuer + "/token", data=form, timeout=30)
"""


def blocks_of(page):
    """[(language, text)] of every fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def blocks(root):
    return blocks_of(root / "docs" / "pytest.md")


@pytest.fixture
def run_suite(root, assay_binary, tmp_path):
    def run_blocks(*texts):
        (tmp_path / "test_page.py").write_text("\n\n".join(texts))
        return run([sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "pytest_assay",
                    "-p", "no:cacheprovider"], cwd=tmp_path,
                   env={**os.environ, "PYTHONPATH": str(root / "python"), "ASSAY": str(assay_binary)})

    return run_blocks


def is_about(text, *words):
    return any(word in text for word in words)


def test_the_examples_pass(blocks, run_suite):
    examples = [text for language, text in blocks
                if language == "python" and not is_about(text, "test_that_leaves", "def assay_arguments")]
    done = run_suite(*examples)
    assert done.returncode == 0, done.stdout + done.stderr
    count = sum(text.count("def test_") for text in examples)
    assert count >= 9 and f"{count} passed" in done.stdout


def test_the_table_of_fields_is_what_a_request_has(root, issuer):
    requests.post(issuer.url + "/token", data={"grant_type": "client_credentials"}, timeout=30)
    (exchange,) = issuer.requests()
    table = re.search(r"^\| field \| type \|.*\n.*\n((?:\|.*\n)+)", (root / "docs" / "pytest.md").read_text(), re.MULTILINE)[1]
    told = {}
    for line in table.splitlines():
        names, kind = line.split("|")[1:3]
        told |= {name: kind.split("`")[1] for name in re.findall(r"`(\w+)`", names)}
    assert told == {name: type(value).__name__ for name, value in exchange.items()}


def test_the_methods_of_the_package_are_those_it_names(root, issuer):
    page = (root / "python" / "README.md").read_text()
    named = re.findall(r"`(\w+)`", re.search(r"Methods of an issuer are (.*?); and those of", page, re.DOTALL)[1])
    has = {name for name in dir(issuer) if not name.startswith("_") and callable(getattr(issuer, name))}
    assert set(named) == has - {"call", "verb_given"}


def test_the_failure_is_shown_as_the_page_says(blocks, run_suite):
    (failing,) = [text for language, text in blocks if language == "python" and is_about(text, "test_that_leaves")]
    (expected,) = [text for language, text in blocks if language == "text"]
    done = run_suite(blocks[1][1].partition("def test_")[0], failing)
    assert done.returncode == 1 and "1 passed, 1 error" in done.stdout, done.stdout
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
    assert re.search(pattern, done.stdout), done.stdout


def test_the_arguments_are_those_of_serve(blocks, run_suite):
    (arguments,) = [text for language, text in blocks if language == "python" and is_about(text, "def assay_arguments")]
    check = """
        def test_https(issuer, assay_server):
            assert issuer.url.startswith("https://") and assay_server.ca_file.is_file()
    """
    done = run_suite("import pytest", arguments, check.replace("\n        ", "\n"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_example_of_the_package_passes_and_can_fail(root, run_suite, tmp_path):
    (example,) = [text for language, text in blocks_of(root / "python" / "README.md") if language == "python"]
    (tmp_path / "my_client.py").write_text(MY_CLIENT)
    done = run_suite(example)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "my_client.py").write_text(MY_CLIENT.replace("tries = 2", "tries = 1  "))
    done = run_suite(example)
    assert done.returncode == 1 and "1 failed" in done.stdout, done.stdout + done.stderr


def test_a_scenario_is_run_by_the_settings_of_the_page(blocks, run_suite, root, tmp_path):
    (ini,) = [text for language, text in blocks if language == "ini"]
    (tmp_path / "pytest.ini").write_text(ini)
    reference = str(root / "conformance" / "clients" / "reference.py")
    (tmp_path / "my_adapter.py").write_text("import os, sys\n"
                                            f"os.execv(sys.executable, [sys.executable, {reference!r}])\n")
    scenario = root / "scenarios" / "library" / "refresh" / "rotation-survives-restart.yaml"
    (tmp_path / "test_rotation.assay.yaml").write_text(scenario.read_text())
    done = run_suite()
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr
