"""Suites: shards and their merge, baselines, the matrix of clients; docs/ci.md, every command of it."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from serving import run
from test_reports import Page, strip_real_time


def records(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def scenarios_of(file):
    return [record["scenario"] for record in records(file) if record["record"] == "scenario"]


def without_addresses(text):
    return re.sub(r"127\.0\.0\.1(:|%3A)\d+", "127.0.0.1:PORT", text)


@pytest.fixture
def client(root):
    """client() and client(fault): the reference client on a command line."""
    def command(fault=None):
        return f"{sys.executable} {root}/conformance/clients/reference.py" + (f" --fault {fault}" if fault else "")
    return command


# shards

def test_shards_are_the_selection_each_scenario_once(cli, tmp_path):
    chosen = [entry["id"] for entry in json.loads(cli("list", "--json", "throttle", "device").stdout)]
    seen = []
    for index in (1, 2, 3):
        done = cli("run", "device", "throttle", "--shard", f"{index}/3", "--jsonl", f"{index}.jsonl")
        assert done.returncode in (0, 1), done.stderr
        assert f"shard {index}/3" in done.stdout.splitlines()[0]
        part = scenarios_of(tmp_path / f"{index}.jsonl")
        assert len(chosen) // 3 <= len(part) <= len(chosen) // 3 + 1
        seen += part
    assert sorted(seen) == sorted(chosen)


@pytest.mark.parametrize("command", ["run", "faults"])
@pytest.mark.parametrize("shard", ["5/4", "0/3", "x", "1/", "/2", "1/2/3", "-1/2"])
def test_what_is_no_shard_is_wrong_usage(cli, command, shard):
    done = cli(command, "--shard=" + shard)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f'assay: --shard: "{shard}" is no part of a whole; expected I/N, from 1/N to N/N, '
                           "N at most 10000\n")


@pytest.mark.parametrize("command", ["run", "faults"])
def test_more_shards_than_scenarios_are_wrong_usage(cli, command):
    done = [cli(command, "device/denied", "--shard", f"{index}/3") for index in (1, 2, 3)]
    assert sorted(one.returncode for one in done) == [0, 2, 2], [one.stderr for one in done]
    for one in done:
        if one.returncode == 2:
            assert re.fullmatch(r"assay: shard \d/3 of 1 scenario is empty; choose fewer shards\n", one.stderr)


def test_an_empty_shard_is_no_error_where_it_is_known_what_to_expect(cli, tmp_path):
    (tmp_path / "known.yaml").write_text("{}\n")
    done = [cli("run", "device/denied", "--shard", f"{index}/3", "--expect", "known.yaml", "--jsonl", f"{index}.jsonl")
            for index in (1, 2, 3)]
    assert [one.returncode for one in done] == [0, 0, 0], [one.stdout for one in done]
    merged = cli("merge", "1.jsonl", "2.jsonl", "3.jsonl")
    assert merged.returncode == 0, merged.stdout + merged.stderr
    assert merged.stdout.splitlines()[-1].startswith("1 scenarios: 1 pass")


def test_a_shard_of_what_the_client_cannot_is_no_error_where_that_is_known(cli, client, tmp_path):
    scenario = "refresh/single-flight-in-one-process"  # the reference client has no threads of its own
    arguments = ["run", scenario, "--client", client(), "--shard", "1/1"]
    assert cli(*arguments).returncode == 1
    (tmp_path / "known.yaml").write_text(f'{scenario}: {{UNSUPPORTED: "one thread"}}\n')
    done = cli(*arguments, "--expect", "known.yaml")
    assert done.returncode == 0, done.stdout


def test_shards_of_the_faults_are_all_of_them(cli):
    chosen = ["device/denied", "device/slow-down-twice"]

    def tried(*shard):
        """(faulty client, scenario), whatever came of it: that is said elsewhere."""
        rows = [line.split()[:2] for line in cli("faults", *chosen, *shard, timeout=300).stdout.splitlines()]
        return {tuple(row) for row in rows if len(row) == 2 and row[1] in chosen and row[0] != "(none)"}

    parts = [tried("--shard", f"{index}/2") for index in (1, 2)]
    assert [len({scenario for _, scenario in part}) for part in parts] == [1, 1]
    assert parts[0] | parts[1] == tried()


# merge

@pytest.fixture(scope="module")
def whole(assay, tmp_path_factory):
    """One run of auth-core over a part of the library, with all views; and the same in two shards."""
    folder = tmp_path_factory.mktemp("whole")
    arguments = [assay, "run", "device", "expiry", "throttle"]
    run([*arguments, "--html", "whole.html", "--junit", "whole.xml", "--jsonl", "whole.jsonl"], cwd=folder)
    for index in (1, 2):
        run([*arguments, "--shard", f"{index}/2", "--jsonl", f"{index}.jsonl"], cwd=folder)
    return folder


def test_a_file_merged_alone_gives_the_same_views(cli, whole):
    done = cli("merge", "whole.jsonl", "--html", "again.html", "--junit", "again.xml", "--jsonl", "again.jsonl", cwd=whole)
    assert done.returncode in (0, 1), done.stderr
    for name, again in (("whole.html", "again.html"), ("whole.xml", "again.xml"), ("whole.jsonl", "again.jsonl")):
        assert (whole / again).read_text() == (whole / name).read_text()


def test_the_parts_merged_are_the_whole(cli, whole):
    done = cli("merge", "2.jsonl", "1.jsonl", "--html", "merged.html", "--junit", "merged.xml", "--jsonl", "merged.jsonl",
               cwd=whole)
    assert done.returncode == records(whole / "whole.jsonl")[-1]["exit_code"], done.stdout + done.stderr
    texts = [without_addresses((whole / name).read_text()) for name in ("merged.jsonl", "whole.jsonl")]
    merged, once = [[strip_real_time(json.loads(line)) for line in text.splitlines()] for text in texts]
    assert merged == once
    cases = [[case.get("name") for case in ET.parse(whole / name).iter("testcase")] for name in ("merged.xml", "whole.xml")]
    assert cases[0] == cases[1]
    assert Page((whole / "merged.html").read_text()).open == []


def changed(file, number, **members):
    """A copy of the results with members of one record changed."""
    lines = file.read_text().splitlines()
    lines[number] = json.dumps({**json.loads(lines[number]), **members})
    copy = file.with_name("changed.jsonl")
    copy.write_text("\n".join(lines) + "\n")
    return copy.name


@pytest.mark.parametrize("make, told", [
    (lambda file: changed(file, 0, library="000000000000"), 'changed.jsonl: another library than 1.jsonl: "000000000000", not'),
    (lambda file: changed(file, 0, client="other 1.0"), 'changed.jsonl: another client than 1.jsonl: "other 1.0", not'),
    (lambda file: changed(file, 0, assay="9.0"), 'changed.jsonl: another version of assay than 1.jsonl: "9.0", not'),
    (lambda file: changed(file, 0, schema=1), "changed.jsonl:1: results of schema 1; this assay reads 2"),
    (lambda file: "1.jsonl", "is in 1.jsonl as well"),
    (lambda file: "/no/such.jsonl", "/no/such.jsonl"),
    (lambda file: "whole.xml", "whole.xml:1: expected one JSON object, as `assay run --jsonl` writes it"),
], ids=["library", "client", "version", "schema", "twice", "missing", "no-results"])
def test_what_is_not_of_one_run_is_refused_and_nothing_written(cli, whole, make, told):
    done = cli("merge", "1.jsonl", make(whole / "2.jsonl"), "--html", "none.html", "--jsonl", "none.jsonl", cwd=whole)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (whole / "none.html").exists() and not (whole / "none.jsonl").exists()


def test_an_incomplete_file_is_refused(cli, whole):
    lines = (whole / "2.jsonl").read_text().splitlines(keepends=True)
    (whole / "cut.jsonl").write_text("".join(lines[:-1]))
    done = cli("merge", "1.jsonl", "cut.jsonl", cwd=whole)
    assert done.returncode == 2
    assert done.stderr == "cut.jsonl: incomplete: the last line is no footer, so the run did not end\n"


def test_a_shard_that_is_missing_is_named(cli, whole):
    done = cli("merge", "1.jsonl", cwd=whole)
    assert (done.returncode, done.stderr) == (2, "1.jsonl: shard 1/2: missing is 2/2\n")


# baseline

@pytest.fixture
def results(cli, client, tmp_path):
    """results(selection, fault) -> the results file of a run."""
    def judge(*selection, fault=None):
        done = cli("run", *selection, "--client", client(fault), "--jsonl", "results.jsonl")
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return tmp_path / "results.jsonl"
    return judge


def test_by_its_baseline_a_client_is_as_expected_and_news_are_not(cli, client, results, tmp_path):
    results("storage", "refresh", fault="world_readable")
    done = cli("baseline", "results.jsonl", "--output", "known.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    text = (tmp_path / "known.yaml").read_text()
    assert "storage/private-modes" in text and "# FAIL " in text
    again = cli("run", "storage", "refresh", "--client", client("world_readable"), "--expect", "known.yaml")
    assert again.returncode == 0, again.stdout
    assert re.search(r"^note: \d+ of \d+ entries have no reason yet: known.yaml:\d+", again.stdout, re.MULTILINE)
    better = cli("run", "storage", "refresh", "--client", client(), "--expect", "known.yaml")
    assert better.returncode == 1 and "XPASS storage/private-modes" in better.stdout
    worse = cli("run", "storage", "refresh", "--client", client("drop_rotation"), "--expect", "known.yaml")
    assert worse.returncode == 1 and "FAIL refresh/rotation-survives-restart" in worse.stdout


def test_said_reasons_are_no_note(cli, client, results, tmp_path):
    results("storage/private-modes", fault="world_readable")
    text = cli("baseline", "results.jsonl").stdout
    (tmp_path / "known.yaml").write_text(text.replace("not said yet", "ticket 12"))
    done = cli("run", "storage/private-modes", "--client", client("world_readable"), "--expect", "known.yaml")
    assert done.returncode == 0 and "note:" not in done.stdout and "xfail" in done.stdout


def test_a_baseline_never_replaces_a_file_unless_it_is_told_to(cli, results, tmp_path):
    results("storage/private-modes", fault="world_readable")
    known = tmp_path / "known.yaml"
    known.write_text("mine\n")
    done = cli("baseline", "results.jsonl", "--output", "known.yaml")
    assert (done.returncode, known.read_text()) == (2, "mine\n")
    assert done.stderr == "assay: known.yaml is there already; --force replaces it, and keeps the reasons of what still holds\n"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["known.yaml", "results.jsonl"], "nothing else stays"
    assert cli("baseline", "results.jsonl", "--output", "known.yaml", "--force").returncode == 0
    assert "XFAIL" in known.read_text()


def test_a_replaced_baseline_keeps_what_was_said(cli, results, tmp_path):
    results("storage/private-modes", fault="world_readable")
    known = tmp_path / "known.yaml"
    known.write_text(cli("baseline", "results.jsonl").stdout.replace("not said yet", "ticket 12"))
    replace = ("baseline", "results.jsonl", "--output", "known.yaml", "--force")
    assert cli(*replace).returncode == 0
    assert "ticket 12" in known.read_text() and "{XFAIL: \"not said yet\"}" not in known.read_text()
    known.write_text("storage: {XFAIL: \"ticket 12\n")
    failed = cli(*replace)
    assert failed.returncode == 2 and "known.yaml:" in failed.stderr
    assert known.read_text() == "storage: {XFAIL: \"ticket 12\n", "what cannot be read is not lost either"


def test_a_baseline_is_made_of_what_was_not_excused_and_of_this_library(cli, client, results, tmp_path):
    results("storage/private-modes", fault="world_readable")
    assert cli("baseline", changed(tmp_path / "results.jsonl", 0, library="000000000000")).stderr.startswith(
        "changed.jsonl: results of the library 000000000000; the one here is ")
    excused = changed(tmp_path / "results.jsonl", 0, expect="known.yaml")
    done = cli("baseline", excused)
    assert (done.returncode, done.stderr) == (
        2, "changed.jsonl: judged with --expect known.yaml, which hides what fails; run without it\n")


def test_what_a_client_cannot_is_one_entry_a_folder(cli, tmp_path):
    adapter = tmp_path / "idle.py"
    hello = ('import json, sys\nfor line in sys.stdin:\n    call = json.loads(line)\n    reply = {"id": call["id"]}\n'
             '    if call["op"] == "hello":\n        reply["ok"] = {"protocol": 2, "sut": {"name": "idle", "version": "1", '
             '"language": "python"}, "ops": [], "flows": []}\n    elif call["op"] == "shutdown":\n        reply["ok"] = {}\n'
             '    else:\n        reply["unsupported"] = True\n    print(json.dumps(reply), flush=True)\n'
             '    if call["op"] == "shutdown":\n        break\n')
    adapter.write_text(hello)
    done = cli("run", "device", "refresh", "--client", f"{sys.executable} {adapter}", "--jsonl", "results.jsonl")
    assert "unsupported" in done.stdout, done.stdout + done.stderr
    text = cli("baseline", "results.jsonl").stdout
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert entries == ['device: {UNSUPPORTED: "not said yet"}', 'refresh: {UNSUPPORTED: "not said yet"}']


# --expect

def test_an_entry_excepts_a_member_of_its_folder(cli, client, tmp_path):
    (tmp_path / "known.yaml").write_text('storage: {XFAIL: "ticket 12"}\nstorage/private-modes: {PASS: "since 1.2"}\n')
    done = cli("run", "storage/private-modes", "--client", client(), "--expect", "known.yaml")
    assert done.returncode == 0, done.stdout
    done = cli("run", "storage/private-modes", "--client", client("world_readable"), "--expect", "known.yaml")
    assert done.returncode == 1
    assert "known.yaml:2: known to pass: since 1.2" in done.stdout


def test_the_example_of_the_page_is_such_a_file(cli, root, tmp_path):
    page = (root / "docs" / "scenarios.md").read_text().partition("## What is known of a client")[2]
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "known.yaml").write_text(example)
    done = cli("run", "throttle", "--expect", "known.yaml")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


# matrix

def test_clients_are_put_beside_each_other(cli, client, tmp_path):
    for name, fault in (("good", None), ("bad", "drop_rotation")):
        cli("run", "refresh", "--client", client(fault), "--jsonl", f"{name}.jsonl")
    done = cli("matrix", "good.jsonl", "bad.jsonl", "--html", "matrix.html")
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = [line.split() for line in done.stdout.splitlines() if line.split()[:1] == ["RFC6749-6-ROTATION"]]
    assert row[-2:] == ["PASS", "FAIL"]
    page = Page((tmp_path / "matrix.html").read_text())
    assert page.open == [] and page.outside == []
    assert [target for target in page.targets if target not in page.ids] == []
    assert "RFC6749-6-ROTATION" in page.text and "https://www.rfc-editor.org" in (tmp_path / "matrix.html").read_text()


def test_results_of_different_libraries_are_no_matrix(cli, whole):
    other = changed(whole / "whole.jsonl", 0, library="000000000000")
    done = cli("matrix", "whole.jsonl", other, "--html", "none.html", cwd=whole)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('changed.jsonl: another library than whole.jsonl: "000000000000", not "')
    assert not (whole / "none.html").exists()


def test_a_shard_alone_is_no_client_of_a_matrix(cli, whole):
    done = cli("matrix", "1.jsonl", cwd=whole)
    assert (done.returncode, done.stderr) == (2, "1.jsonl: shard 1/2 alone; `assay merge` makes one file of them all\n")


# the page

def test_the_commands_of_the_page(root, assay, tmp_path):
    """In their order, for the adapter that the page names; the last run is as expected by what the first ones saw."""
    page = (root / "docs" / "ci.md").read_text()
    adapter = re.findall(r"^```python\n(.*?)^```$", (root / "docs" / "adapters.md").read_text(), re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "adapter.py").write_text(adapter)
    shutil.copy(root / "conformance" / "clients" / "kit.py", tmp_path)
    environment = {**os.environ, "PATH": os.pathsep.join([str(assay.parent), os.environ["PATH"]])}
    commands = [line for block in re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL) for line in block.splitlines()]
    codes = {}
    for command in commands:
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True,
                              timeout=300, check=False)
        assert done.returncode in (0, 1) and done.stderr == "", command + "\n" + done.stdout + done.stderr
        codes[command] = done.returncode
    assert len(codes) == len(commands) >= 8
    for part in ("baseline", "--expect", "matrix"):
        (command,) = [one for one in commands if part in shlex.split(one)]
        assert codes[command] == 0, command
    assert {file.name for file in (tmp_path / "out").iterdir()} >= {"report.html", "junit.xml", "results.jsonl", "matrix.html"}
