"""The C++ examples of docs/mock-server-cpp.md, built from it by CMake: tests that pass, and can fail."""

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
