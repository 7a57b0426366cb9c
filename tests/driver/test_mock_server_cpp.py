"""The C++ examples of docs/mock-server-cpp.md, built from it by CMake, and a test that fails."""

import re

import pytest

from serving import run

EXAMPLES = ["example_issuer_test", "example_served_issuer_test"]


def test_every_example_is_built(root):
    page = (root / "docs" / "mock-server-cpp.md").read_text()
    assert len(re.findall(r"^```cpp$", page, re.MULTILINE)) == len(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_passes(name, build_dir):
    done = run([build_dir / "tests" / "driver" / name])
    assert done.returncode == 0, done.stdout
    assert "[  PASSED  ] 1 test." in done.stdout


def test_a_test_that_fails_shows_the_journal(build_dir):
    done = run([build_dir / "tests" / "driver" / "failing_issuer_test"])
    assert done.returncode == 1, done.stdout
    assert ("journal of the issuer:\n#1 +0.000s POST /token grant_type=client_credentials client_id=service-post "
            "client_secret=secret#1 -> 503  [step-1]\n") in done.stdout
