"""Libraries that nobody here wrote, unmodified, through the whole library of scenarios: whatever is said of them has been
adjudicated. Those that take long to install are in peers/."""

import json
import subprocess

import pytest

import adjudication
import real_clients
import real_counts


@pytest.mark.parametrize("name", ["authlib", "planet_auth", "x_oauth2"])
def test_every_finding_is_adjudicated(name, judge):
    assert judge(name) == []


def test_a_client_that_tries_how_it_authenticates_is_accused_of_nothing_else(judge):
    assert judge("x_oauth2", "--probe") == []
    assert judge.counts["scenarios judged"] >= 70


def conversation(command, *requests):
    """The replies of a client that raises no events."""
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as client:
        replies = []
        for number, request in enumerate(requests):
            client.stdin.write(json.dumps({"id": number, **request}) + "\n")
            replies.append(json.loads(client.stdout.readline()))
        client.stdin.write('{"id": 99, "op": "shutdown"}\n')
    assert client.returncode == 0
    return replies


@pytest.mark.parametrize("name", ["authlib", "x_oauth2"])
def test_the_clock_that_a_kit_gives_reads_what_the_run_told(name, build_dir):
    hello, first, later, none = conversation(
        real_clients.CLIENTS[name](build_dir), {"op": "hello", "protocol": 2}, {"op": "set_clock", "now": 1893456000.25},
        {"op": "set_clock", "now": 1893459600.5}, {"op": "zz_none"})
    assert (hello["ok"]["protocol"], hello["ok"]["time"]) == (2, "virtual")
    assert (first["ok"]["now"], later["ok"]["now"]) == (1893456000.25, 1893459600.5)
    assert "unsupported" in none


def test_without_the_bubble_a_go_program_has_the_machines_clock(build_dir):
    (hello,) = conversation([*real_clients.CLIENTS["x_oauth2"](build_dir), "--real"], {"op": "hello", "protocol": 2})
    assert hello["ok"]["time"] == "real"


def test_a_row_of_the_table_counts_checks_and_scenarios():
    said = {"a/one#x": "PASS", "a/one#y": "FAIL", "a/one#clean-exit": "PASS", "a/two#x": "ADVICE", "a/two#clean-exit": "ADVICE",
            "a/three#x": "NOT_APPLICABLE", "a/four#x": "UNSUPPORTED", "a/five#x": "NOT_REACHED"}
    seen = {name: {"scenario": name.split("#")[0], "check": name.split("#")[1], "verdict": verdict}
            for name, verdict in said.items()}
    assert dict(zip(["client", "scenarios judged", *real_counts.COLUMNS, "false"], real_counts.row("x", seen, ["a word"]),
                    strict=True)) == {
        "client": "`x`", "scenarios judged": 2, "kept": 1, "FAIL": 1, "WARN": 0, "ADVICE": 2, "not reached": 1,
        "not applicable": 1, "unsupported": 1, "false": 1}


RECORD = {"record": "check", "scenario": "a/b", "check": "c", "statement": "S", "observed": "it does", "verdict": "FAIL"}
ENTRY = {"verdict": "FAIL", "is": True, "because": "it does", "source": "RFC 0 §1"}


@pytest.mark.parametrize("verdict, entries, words", [
    ("PASS", {}, []),
    ("FAIL", {"a/b#c": ENTRY}, []),
    ("FAIL", {}, ["a/b#c: FAIL, not adjudicated: it does"]),
    ("WARN", {}, ["a/b#c: WARN, not adjudicated: it does"]),
    ("ADVICE", {}, ["a/b#c: ADVICE, not adjudicated: it does"]),
    ("WARN", {"a/b#c": ENTRY}, ["a/b#c: WARN, adjudicated as FAIL: it does"]),
    ("PASS", {"a/b#c": ENTRY}, ["a/b#c: PASS, adjudicated as FAIL: it does"]),
    ("ERROR(sut)", {"a/b#c": ENTRY}, ["a/b#c: ERROR(sut): it does"]),
    ("FAIL", {"*#c": ENTRY}, []),
    ("PASS", {"*#c": ENTRY}, ["*#c: adjudicated, and no check of the run"]),
    ("WARN", {"*#c": ENTRY}, ["a/b#c: WARN, not adjudicated: it does"]),
    ("PASS", {"a/b#d": ENTRY}, ["a/b#d: adjudicated, and no check of the run"]),
])
def test_what_differs_from_the_adjudicated_findings_is_told(verdict, entries, words):
    assert adjudication.differences({"a/b#c": {**RECORD, "verdict": verdict}}, entries) == words


@pytest.mark.parametrize("verdict, partial, words", [
    ("UNSUPPORTED", True, []), ("UNSUPPORTED", False, ["a/b#c: UNSUPPORTED, adjudicated as FAIL: it does"]),
    ("PASS", True, ["a/b#c: PASS, adjudicated as FAIL: it does"])])
def test_a_partial_run_may_lack_evidence_but_not_contradict(verdict, partial, words):
    assert adjudication.differences({"a/b#c": {**RECORD, "verdict": verdict}}, {"a/b#c": ENTRY}, partial) == words


@pytest.mark.parametrize("entry", ["{verdict: FAIL, is: true, because: it does}", "{verdict: PASS, is: true, because: x, source: y}",
                                   "{verdict: FAIL, is: false, because: x, source: y}",
                                   "{verdict: FAIL, is: true, because: '', source: y}"])
def test_an_entry_that_decides_nothing_is_refused(entry, tmp_path):
    (tmp_path / "findings.yaml").write_text(f"a/b#c: {entry}\n")
    with pytest.raises(ValueError, match="a/b#c"):
        adjudication.findings_in(tmp_path / "findings.yaml")
