"""scripts/mutants: the small faults that it makes are C++, do what they say, and are off unless chosen."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "mutation"))

from operators import Source, apply  # noqa: E402

PRINTING = 'printf("%d %d %d %d\\n", calls, sum(four, two), difference(four, two), is_even(four) ? 1 : 0)'

PROGRAM = f"""\
extern "C" int printf(const char*, ...);

bool between(int value, int low, int high) {{ return value > low && value < high; }}
int sum(int a, int b) {{ return a + b; }}
int difference(int a, int b) {{ return sum(a, 0 - b); }}
constexpr bool is_even(int value) {{ return value % 2 == 0; }}

int main() {{
  int calls = 0;
  int four = 4;
  int two = 2;
  if (between(four, two, 9)) {{
    calls += 1;
  }}
  {PRINTING};
}}
"""


def outputs(directory):
    """What the program prints without a fault, and by the words of each fault what it prints with it."""
    path = directory / "program.cpp"
    path.write_text(PROGRAM)
    numbered = list(enumerate(Source(str(path), ["-std=c++20"]).mutants(), 1))
    switch = ROOT / "scripts" / "mutation" / "switch.hpp"
    changed = directory / "changed.cpp"
    changed.write_bytes(f'#include "{switch}"\n'.encode() + apply(PROGRAM.encode(), numbered))
    subprocess.run(["g++", "-std=c++20", "-w", changed, "-o", directory / "changed"], check=True)

    def run(**environment):
        done = subprocess.run([directory / "changed"], env={**os.environ, **environment}, capture_output=True, text=True)
        return done.stdout.strip()

    seen = directory / "seen"
    usual = run(ASSAY_MUTANTS_SEEN=str(seen))
    return usual, {one.what: run(ASSAY_MUTANT=str(number)) for number, one in numbered}, seen.read_text().split()


def test_each_fault_is_what_it_says_and_off_unless_chosen(tmp_path):
    usual, faults, seen = outputs(tmp_path)
    assert usual == "1 6 2 1"
    assert faults == {
        "return not (value > low && value < high)": "0 6 2 1",
        "without (value > low) in: value > low && value < high": "1 6 2 1",
        "without (value < high) in: value > low && value < high": "1 6 2 1",
        "value >= low": "1 6 2 1",
        "value <= high": "1 6 2 1",
        "a - b": "1 2 6 1",
        "0 + b": "1 6 6 1",
        "if not (between(four, two, 9))": "0 6 2 1",
        "swapped four, two in: between(four, two, 9)": "0 6 2 1",
        "left out: calls += 1": "0 6 2 1",
        "swapped four, two in: sum(four, two)": "1 6 2 1",
        "swapped four, two in: difference(four, two)": "1 6 -2 1",
        f"left out: {PRINTING}": "",
        "if not (is_even(four))": "1 6 2 0",
    }
    assert len(seen) == len(faults)
