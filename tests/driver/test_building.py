"""docs/building.md and scripts/build-times."""

import json
import os
import re

from serving import run

# Two files, of which the second took longer.
CMAKE = """#!/bin/bash
echo "$@" >>"$LOG"
[ "$1" != --build ] || printf '# ninja log v5\\n0\\t1500\\t0\\ta.o\\tx\\n0\\t2500\\t0\\tb.o\\tx\\n' >"$2/.ninja_log"
"""


def measure(root, tmp_path, *arguments):
    cmake = tmp_path / "cmake"
    cmake.write_text(CMAKE)
    cmake.chmod(0o755)
    env = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "LOG": str(tmp_path / "log"), "TMPDIR": str(tmp_path)}
    return run([root / "scripts" / "build-times", *arguments], env=env)


def test_the_documented_commands_measure_a_build_without_ccache_and_leave_nothing(root, tmp_path):
    page = (root / "docs" / "building.md").read_text()
    commands = re.findall(r"^\$ scripts/build-times *([^#\n]*)", page, re.MULTILINE)
    assert commands
    for arguments in commands:
        done = measure(root, tmp_path, *arguments.split())
        assert done.returncode == 0, done.stderr
        assert "user" in done.stderr
        assert done.stdout.splitlines() == ["   2.5 b.o", "   1.5 a.o"]
    assert "-DCCACHE=" in (tmp_path / "log").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cmake", "log"]


def test_an_unknown_preset_is_told(root, tmp_path):
    done = measure(root, tmp_path, "debug")
    assert done.returncode == 2 and "scripts/build-times [PRESET" in done.stderr


def test_each_preset_is_compiled_by_something(root):
    presets = json.loads((root / "CMakePresets.json").read_text())["configurePresets"]
    page = (root / "docs" / "building.md").read_text()
    told = {name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`([a-z]+)`", row)}
    assert {preset["name"] for preset in presets if not preset.get("hidden")} == told
    lint = (root / "scripts" / "lint").read_text()
    assert "for preset in asan tsan fuzz;" in lint and "compiles release -DASSAY_WERROR=ON" in lint
