"""scripts/check_features.py must notice claims that no passing test holds up."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = """<testsuite>
  <testcase classname="Suite" name="Passes" status="run"/>
  <testcase classname="Suite" name="Fails" status="run"><failure/></testcase>
  <testcase classname="tests.test_x" name="test_with[parameter]"/>
  <testcase classname="All/Suite" name="With/Parameter" status="run"/>
</testsuite>"""


def check(tmp_path, *rows):
    (tmp_path / "a_test.cpp").touch()
    (tmp_path / "table.md").write_text("| # | Feature | Ours | Test |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
    (tmp_path / "results.xml").write_text(RESULTS)
    return subprocess.run([sys.executable, ROOT / "scripts/check_features.py", tmp_path / "table.md", tmp_path / "results.xml"],
                          capture_output=True, text=True, check=False)


def test_a_claim_with_a_passing_test_holds(tmp_path):
    done = check(tmp_path, "| 1 | Discovery | Y | [Suite.Passes](a_test.cpp) |", "| 2 | Grants | Y | [test_with](a_test.cpp) |")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_table_may_leave_out_what_varies(tmp_path):
    names = ["All/Suite.With/Parameter", "All/Suite.With", "Suite.With"]
    rows = [f"| {number} | Faults | Y | [{name}](a_test.cpp) |" for number, name in enumerate(names, 1)]
    assert check(tmp_path, *rows).returncode == 0


def test_a_row_that_is_not_claimed_needs_no_test(tmp_path):
    assert check(tmp_path, "| 29 | CIBA | - | |").returncode == 0


def test_a_failing_a_missing_and_no_test_are_told(tmp_path):
    done = check(tmp_path, "| 1 | A | Y | [Suite.Fails](a_test.cpp) |", "| 2 | B | Y | [Suite.Missing](a_test.cpp) |",
                 "| 3 | C | Y | |", "| 4 | D | Y | [Suite.Passes](b_test.cpp) |")
    assert done.returncode == 1
    assert [line.split(": ", 1)[1] for line in done.stderr.splitlines()] == [
        "row 1 (A): Suite.Fails did not run and pass", "row 2 (B): Suite.Missing did not run and pass",
        "row 3 (C): claimed without a test", "row 4 (D): there is no b_test.cpp"]


def test_a_table_without_rows_is_no_proof(tmp_path):
    assert check(tmp_path).returncode == 2
