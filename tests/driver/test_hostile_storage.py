"""What a client puts into its storage directory exhausts nobody, and leads nobody out of it."""

import json
import shlex
import subprocess
import sys

import pytest

SCENARIO = """
title: A client gives a token
why: what it keeps is looked at
statements: [MINE-1]
client: {flow: client_credentials, scopes: [api]}
steps:
  - {do: get_access_token}
TAMPER
expect:
  - check: nothing-open
    storage: {absent: [secret], parses: true}
    statement: {id: MINE-1, level: MUST, text: It keeps nothing.}
    because: it keeps nothing
"""


@pytest.fixture
def judge(assay, root, tmp_path):
    """judge("link", file, tamper="{mode: '0666'}"): how a run ended, its report of the scenario, and its peak memory in MB."""

    def run(*plants, tamper=""):
        (tmp_path / "own.yaml").write_text(SCENARIO.replace("TAMPER", f"  - tamper: {tamper}" if tamper else ""))
        client = shlex.join([sys.executable, str(root / "tests" / "driver" / "hostile" / "plants.py"), *map(str, plants)])
        command = [assay, "run", "own.yaml", "--client", client, "--jobs", "1", "--jsonl", "results.jsonl", "--html", "report.html"]
        done = subprocess.run([sys.executable, "-c", MEASURED, *map(str, command)], cwd=tmp_path, text=True,
                              encoding="utf-8", capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        records = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
        (scenario,) = (record for record in records if record["record"] == "scenario")
        checks = {record["check"]: record for record in records if record["record"] == "check"}
        size = sum((tmp_path / name).stat().st_size for name in ("results.jsonl", "report.html"))
        return done, scenario, checks, int(done.stderr.splitlines()[-1]) // 1024, size

    return run


MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


@pytest.fixture
def outside(tmp_path):
    path = tmp_path / "elsewhere" / "private"
    path.parent.mkdir()
    path.write_text("a text of somebody else")
    path.chmod(0o600)
    return path


def test_a_file_of_512_mb_is_told_and_read_by_nobody(judge):
    _, scenario, checks, memory, size = judge("sparse")
    assert scenario["storage_after"]["large"]["text"] == "not read: 536870912 bytes, more than 1048576"
    assert checks["nothing-open"]["verdict"] == "NOT_REACHED"
    assert "large was not read" in checks["nothing-open"]["observed"]
    assert memory < 200 and size < 1_000_000


def test_files_and_folders_without_end_have_one(judge):
    _, scenario, checks, _, size = judge("many")
    assert scenario["storage_after"]["./"]["text"] == "not read: there are more than 1000 entries"
    assert checks["nothing-open"]["verdict"] == "NOT_REACHED" and size < 1_000_000
    _, scenario, checks, _, _ = judge("deep")
    assert scenario["storage_after"]["d/" * 17]["text"] == "not read: it is more than 16 directories deep"
    assert checks["nothing-open"]["verdict"] == "NOT_REACHED"


@pytest.mark.parametrize("tamper", ["{write: gone}", "{mode: '0666'}", "{replace: symlink}"])
@pytest.mark.parametrize("plant", ["link", "hard_link", "becomes_link"])
def test_nothing_outside_is_written_nor_given_another_mode(judge, outside, plant, tamper):
    done, *_ = judge(plant, outside, tamper=tamper)
    assert "had stored nothing to tamper with" in done.stdout
    assert outside.read_text() == "a text of somebody else"
    assert outside.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("plant, entry", [("link", "token.json"), ("becomes_link", "./")])
def test_a_link_is_evidence_and_what_it_leads_to_is_in_no_report(judge, outside, tmp_path, plant, entry):
    _, scenario, _, _, _ = judge(plant, outside)
    assert scenario["storage_after"][entry]["mode"] == "link"
    assert str(outside.parent) in scenario["storage_after"][entry]["text"]
    for report in ("results.jsonl", "report.html"):
        assert "somebody else" not in (tmp_path / report).read_text()
