"""scripts/conformance, with a build and a program that are made up."""

import os
import shutil

import pytest

from serving import run

CMAKE = """#!/bin/bash
[ "$1" = --build ] || exit 0
mkdir -p "$2/cli"
printf '#!/bin/bash\\necho "judged: ${@: -1}"\\nexit ${CODE:-0}\\n' >"$2/cli/assay"
chmod +x "$2/cli/assay"
"""


@pytest.fixture
def conformance(root, tmp_path):
    """conformance("refresh", CODE="1"): the script run in a tree of its own, in which nothing is built."""
    tree = tmp_path / "tree"
    (tree / "scripts").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for name in ("conformance", "common.sh"):
        shutil.copy2(root / "scripts" / name, tree / "scripts" / name)
    for path, text in ((tree / "scripts" / "setup", "#!/bin/bash\n"), (tmp_path / "bin" / "cmake", CMAKE)):
        path.write_text(text)
        path.chmod(0o755)
    (tree / "build" / "release").mkdir(parents=True)
    environment = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}

    def call(*arguments, cwd=tree, **variables):
        return run([tree / "scripts" / "conformance", *arguments], cwd=cwd, env={**environment, **variables})

    return call


FIRST = "the first build takes about three minutes on two cores"
REPORTS = "reports: out/report.html, out/junit.xml, out/results.jsonl"


def test_the_first_build_is_announced_and_no_other(conformance):
    first = conformance("refresh")
    assert (first.returncode, first.stdout) == (0, "judged: refresh\n"), first.stderr
    said = first.stderr.splitlines()
    assert said[0] == FIRST and said[1].startswith("building release") and said[2:] == [REPORTS]
    assert FIRST not in conformance("refresh").stderr


@pytest.mark.parametrize("code, are_there", [("0", True), ("1", True), ("2", False), ("4", True)])
def test_the_exit_code_is_that_of_the_run_and_reports_are_named_if_there_are_any(conformance, code, are_there):
    done = conformance(CODE=code)
    assert done.returncode == int(code)
    assert (REPORTS in done.stderr.splitlines()) == are_there


def test_from_elsewhere_the_reports_are_named_by_their_whole_path(conformance, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    assert f"reports: {tmp_path}/tree/out/report.html, " in conformance(cwd=tmp_path / "elsewhere").stderr
