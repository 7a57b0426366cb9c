"""Puts small faults into a folder's code one by one and runs the unit tests that come by them (scripts/mutants)."""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

from operators import Mutant, Source, apply

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "mutants"
TREE = BUILD / "tree"
SWITCH = ROOT / "scripts" / "mutation" / "switch.hpp"
# What tests a layer; the judge's callers are tests of it, too.
PROGRAMS = {
    "oidc": ["oidc"],
    "auth-core": ["auth_core"],
    "mock-server": ["mock_server"],
    "scenarios": ["scenarios", "conformance"],
    "conformance": ["conformance"],
    "cli": ["cli"],
}
SLOW = 120  # seconds after which a run that a fault made endless is ended


class Numbered:
    """The faults of a folder, numbered from 1."""

    def __init__(self) -> None:
        self.of_file: dict[str, list[tuple[int, Mutant]]] = collections.defaultdict(list)
        self.place: dict[int, tuple[str, Mutant]] = {}

    def add(self, file: str, mutant: Mutant) -> None:
        number = len(self.place) + 1
        self.of_file[file].append((number, mutant))
        self.place[number] = (file, mutant)

    def name(self, number: int) -> str:
        file, mutant = self.place[number]
        return f"{file}:{mutant.line}: {mutant.what}"


def put(path: pathlib.Path, data: bytes) -> None:
    """Only what differs is written, so that little is compiled again."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def copied_tree(without: re.Pattern[str]) -> None:
    """The files of this checkout, those not yet committed too, but for those that get faults."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        target = TREE / name
        if (ROOT / name).is_file() and not (without.match(name) and target.is_file()):
            put(target, (ROOT / name).read_bytes())
            target.chmod((ROOT / name).stat().st_mode)


def configure(directory: str, *more: str) -> None:
    subprocess.run(
        ["cmake", "--preset", "dev", "-G", "Ninja", "-B", str(BUILD / directory), "-DASSAY_WERROR=OFF",
         "-DCMAKE_CXX_FLAGS=-w", *more],
        cwd=TREE, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def flags_by_file() -> dict[str, list[str]]:
    """What each source file is compiled with, for clang: by itself, without what a build puts together."""
    configure("alone", "-DASSAY_UNITY=OFF", "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON")
    commands = json.loads((BUILD / "alone" / "compile_commands.json").read_text())
    wanted = re.compile(r"-I\S+|-D\S+|-isystem \S+")
    return {one["file"]: " ".join(wanted.findall(one["command"])).split() for one in commands}


def find_mutants(folder: str, only: str) -> Numbered:
    flags = flags_by_file()
    headers = [f"-I{one}" for one in sorted(pathlib.Path("/usr/lib/llvm-14/lib/clang").glob("14*/include"))[:1]]
    numbered = Numbered()
    for path in sorted((ROOT / folder).rglob("*.cpp")):
        name = str(path.relative_to(ROOT))
        flagged = flags.get(str(TREE / name))
        if flagged is None or not re.search(only, name):
            continue
        for mutant in Source(str(path), ["-std=c++20", *flagged, *headers]).mutants():
            numbered.add(name, mutant)
    return numbered


def write(numbered: Numbered, left_out: set[int]) -> None:
    for file, mutants in numbered.of_file.items():
        data = apply((ROOT / file).read_bytes(), [one for one in mutants if one[0] not in left_out])
        put(TREE / file, f'#include "{SWITCH}"\n#line 1 "{TREE / file}"\n'.encode() + data)


def built(programs: list[str], numbered: Numbered) -> set[int]:
    """Compiles; returns the faults that are no C++ (a fault in a constant, say)."""
    configure("build")
    left_out: set[int] = set()
    while True:
        write(numbered, left_out)
        run = subprocess.run(
            ["cmake", "--build", str(BUILD / "build"), "--target", *[f"unit_{one}" for one in programs], "--", "-k", "0"],
            capture_output=True, text=True,
        )  # fmt: skip
        if run.returncode == 0:
            return left_out
        # A fault in a template of switch.hpp is told by who asked for it.
        places = set(re.findall(rf"{TREE}/(\S+?):(\d+):\d+:\s+(?:error|required from here)", run.stdout))
        wrong = {
            number
            for number, (file, mutant) in numbered.place.items()
            if (file, str(mutant.line)) in places and number not in left_out
        }
        if not wrong:
            sys.stderr.write(run.stdout[-4000:])
            raise SystemExit(3)
        print(f"{len(wrong)} faults are no C++ and left out", file=sys.stderr)
        left_out |= wrong


def program(name: str) -> str:
    return str(next((BUILD / "build").rglob(f"unit_{name}")))


def tests_of(name: str) -> list[str]:
    listed = subprocess.run([program(name), "--gtest_list_tests"], capture_output=True, text=True, check=True).stdout
    tests, suite = [], ""
    for line in listed.splitlines():
        word = line.split("#")[0].rstrip()
        if word.startswith("  "):
            tests.append(suite + word.strip())
        elif word.endswith("."):
            suite = word
    return tests


def ran(name: str, tests: list[str], **environment: str) -> bool:
    """True if they pass."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            return subprocess.run(
                [program(name), "--gtest_filter=" + ":".join(tests), "--gtest_brief=1", "--gtest_fail_fast"],
                env={**os.environ, "TMPDIR": directory, **environment}, timeout=SLOW, cwd=directory,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ).returncode == 0  # fmt: skip
        except subprocess.TimeoutExpired:
            return False


def tests_by_mutant(programs: list[str], pool: concurrent.futures.Executor) -> dict[int, dict[str, list[str]]]:
    """Which tests come by which fault; a test that fails without any is left out, and told."""
    found: dict[int, dict[str, list[str]]] = collections.defaultdict(lambda: collections.defaultdict(list))

    def trace(name: str, test: str) -> tuple[str, str, list[int]]:
        with tempfile.NamedTemporaryFile() as seen:
            if not ran(name, [test], ASSAY_MUTANTS_SEEN=seen.name):
                print(f"fails without a fault: {name} {test}", file=sys.stderr)
                return name, test, []
            return name, test, [int(line) for line in pathlib.Path(seen.name).read_text().split()]

    jobs = [pool.submit(trace, name, test) for name in programs for test in tests_of(name)]
    for job in jobs:
        name, test, numbers = job.result()
        for number in numbers:
            found[number][name].append(test)
    return found


def is_noticed(number: int, tests: dict[str, list[str]]) -> bool:
    return any(not ran(name, some, ASSAY_MUTANT=str(number)) for name, some in tests.items())


def equivalent() -> dict[str, str]:
    """By "file: what", with the reason."""
    known = yaml.safe_load((ROOT / "scripts" / "mutation" / "equivalent.yaml").read_text()) or {}
    return {f"{file}: {what}": why for file, entries in known.items() for what, why in entries.items()}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--only", default="", help="files whose name matches")
    asked = parser.parse_args()
    folder = asked.folder.rstrip("/")
    programs = PROGRAMS[folder.split("/")[0]]
    copied_tree(re.compile(re.escape(folder) + r"/.*\.cpp$"))
    numbered = find_mutants(folder, asked.only)
    left_out = built(programs, numbered)
    known = equivalent()
    tried = [one for one in numbered.place if one not in left_out and _key(numbered, one) not in known]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tests = tests_by_mutant(programs, pool)
        noticed = dict(zip(tried, pool.map(lambda one: is_noticed(one, tests.get(one, {})), tried), strict=True))
    survivors = [one for one in tried if not noticed[one]]
    for one in survivors:
        print(numbered.name(one) + ("" if tests.get(one) else "   (no test comes by)"))
    killed = len(tried) - len(survivors)
    print(f"{folder}: {len(tried)} faults, {killed} noticed ({100 * killed / max(1, len(tried)):.1f} %), "
          f"{len(numbered.place) - len(left_out) - len(tried)} equivalent")  # fmt: skip
    return 1 if survivors else 0


def _key(numbered: Numbered, number: int) -> str:
    file, mutant = numbered.place[number]
    return f"{file}: {mutant.what}"


if __name__ == "__main__":
    sys.exit(main())
