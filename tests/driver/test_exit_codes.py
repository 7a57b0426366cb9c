"""What a caller of `assay` learns from exit codes and stderr."""

import json
import os
import re
import sys
import textwrap

import pytest
import test_reference_client
import test_reference_exchanges
import test_reference_faults

from serving import run

GOOD = textwrap.dedent("""\
    title: A fresh token is reused
    why: asking for a token each time loads the issuer
    statements: [RFR-002]
    session: {issued: -10}
    steps:
      - {do: get_access_token, expect: {ok: {access_token: at#1}}, because: it has not expired}
      - {do: get_access_token, expect: {ok: {access_token: at#1}}, because: it has still not expired}
    expect:
      - {check: at-most-none, requests: {to: token, count: 0}, because: a fresh token needs no request}
    reached:
      - {check: client-is-alive, time: "<=10", because: it answered}
    twin: expiry/renewed-before-expiry
    """)


@pytest.fixture
def scenario(tmp_path):
    """A scenario file of one's own: scenario(text) -> path."""
    def write(text, name="mine.yaml"):
        file = tmp_path / name
        file.write_text(text)
        return file
    return write


def wrong(text):
    """The same scenario with an expectation that does not hold."""
    return text.replace("count: 0", "count: 7, demanded: true")


# run

def test_as_expected_is_0(cli, scenario):
    done = cli("run", scenario(GOOD))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_an_unexpected_result_is_1_and_tells_how_to_run_it_again(cli, scenario):
    file = scenario(wrong(GOOD))
    done = cli("run", file)
    assert done.returncode == 1
    for part in ("at-most-none", "RFR-002", "7", "assay run"):
        assert part in done.stdout


def test_an_empty_selection_is_2_and_names_the_nearest(cli):
    done = cli("run", "refersh")
    assert done.returncode == 2
    assert "did you mean \"refresh\"" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [
    ["run", "--bogus"], ["run", "--transport", "pigeon"], ["run", "--client", "'open"], ["run", "--client", " "],
    ["run", "missing.yaml"], ["run", "./missing"], [], ["bogus"], ["explain"], ["healthcheck"], ["list", "zzz"],
    ["explain", "zzz"], ["faults", "zzz"], ["run", "--transport", "direct", "--client", "true"],
])
def test_wrong_usage_is_2(cli, arguments):
    done = cli(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr


def test_a_command_that_does_not_exist_is_told_with_the_nearest(cli):
    assert 'no command "statement"; did you mean "statements"?' in cli("statement").stderr


def test_a_data_directory_without_a_library_is_2(cli, tmp_path):
    done = cli("list", "--data-dir", tmp_path)
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr


def test_the_data_directory_may_come_from_the_environment(cli, root, tmp_path):
    assert cli("list", env={"ASSAY_DATA": str(root)}).returncode == 0
    assert cli("list", env={"ASSAY_DATA": str(tmp_path)}).returncode == 2


def test_a_report_that_cannot_be_written_is_3(cli, scenario):
    done = cli("run", scenario(GOOD), "--junit", "/proc/no/such.xml")
    assert done.returncode == 3
    assert "/proc/no" in done.stderr


@pytest.mark.parametrize("program", [
    "import os; os.abort()", "print('hello')", "raise SystemExit(0)", "raise SystemExit(3)",
])
def test_a_client_that_breaks_down_is_4(cli, scenario, program):
    done = cli("run", scenario(GOOD), "--client", f'{sys.executable} -c "{program}"')
    assert done.returncode == 4, done.stdout + done.stderr


def test_a_client_that_does_not_exist_is_4(cli, scenario):
    done = cli("run", scenario(GOOD), "--client", "/no/such/client")
    assert done.returncode == 4
    assert "/no/such/client" in done.stdout + done.stderr


def test_a_client_that_never_starts_is_told_once_and_given_up(cli, tmp_path):
    lines = tmp_path / "run.jsonl"
    done = cli("run", "refresh", "--client", "/no/such/client", "--jsonl", lines)
    assert done.returncode == 4
    assert done.stdout.count('cannot run "/no/such/client"') == 1
    assert "     also      in 2 other scenarios" in done.stdout
    (not_run,) = re.findall(r"^not run: (\d+) scenarios more", done.stdout, re.M)
    footer = json.loads(lines.read_text().splitlines()[-1])
    assert (footer["error"], footer["not_run"]) == (3, int(not_run))


# check

def test_a_good_file_has_no_problems(cli, scenario):
    done = cli("check", scenario(GOOD))
    assert (done.returncode, done.stderr) == (0, "")


def test_the_library_has_no_problems(cli):
    done = cli("check")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("change, place, told", [
    (("title:", "titel:"), "1:1", "title"),
    (("why:", "title: again\nwhy:"), "2:1", "title"),
    (("{issued: -10}", "{issued: soon}"), "4:19", "wrong form"),
    (("count: 0", "cuont: 0"), "9:49", "count"),
    (("do: get_access_token", "do: get_acess_token"), "6:10", "get_access_token"),
    (("steps:", "steps: &anchor"), "5:", "anchor"),
    (("statements: [RFR-002]", "statements: [RFR-002"), "", "mine.yaml"),
], ids=["unknown-key", "duplicate-key", "wrong-type", "nested-key", "unknown-verb", "anchor", "unreadable"])
def test_a_problem_is_told_with_its_place(cli, scenario, change, place, told):
    file = scenario(GOOD.replace(*change, 1))
    for command in ("check", "run"):
        done = cli(command, file)
        assert done.returncode == 2
        assert f"mine.yaml:{place}" in done.stderr, done.stderr
        assert told in done.stderr


def test_every_problem_of_every_file_is_told(cli, scenario):
    one = scenario(GOOD.replace("title:", "titel:").replace("count:", "cuont:"), "one.yaml")
    other = scenario("- 1", "other.yaml")
    done = cli("check", one, other)
    assert done.returncode == 2
    for part in ("titel", "cuont", "other.yaml:1:1"):
        assert part in done.stderr


def test_an_undocumented_statement_is_a_problem(cli, scenario):
    done = cli("check", scenario(GOOD.replace("RFR-002", "RFR-999")))
    assert done.returncode == 2
    assert "RFR-999" in done.stderr


def test_json_is_read_like_yaml(cli, scenario):
    good = {"title": "A fresh token is reused", "why": "it costs nothing", "statements": ["RFR-002"],
            "session": {"issued": -10},
            "steps": [{"do": "get_access_token", "expect": {"ok": {"access_token": "at#1"}}}]}
    assert cli("run", scenario(json.dumps(good), "mine.json")).returncode == 0
    done = cli("check", scenario(json.dumps({**good, "titel": 1}, indent=1), "bad.json"))
    assert done.returncode == 2
    assert "bad.json:" in done.stderr and "titel" in done.stderr


# list, explain

def test_list_names_every_scenario(cli, root):
    files = list((root / "scenarios" / "library").rglob("*.yaml"))
    listed = json.loads(cli("list", "--json").stdout)
    assert {entry["id"] for entry in listed} == {
        str(file.relative_to(root / "scenarios" / "library")).removesuffix(".yaml") for file in files}
    assert len(listed) >= 30
    assert cli("list").stdout.splitlines()[-1] == f"{len(listed)} scenarios"


def test_list_takes_a_selection(cli):
    listed = json.loads(cli("list", "--json", "device").stdout)
    assert listed and all(entry["id"].startswith("device/") for entry in listed)


def test_explain_tells_statement_sequence_and_checks(cli):
    done = cli("explain", "device/slow-down-twice")
    assert done.returncode == 0
    for part in ("RFC 8628", "device_authorization", "issuer", "because", "->", "<-"):
        assert part in done.stdout


# faults

def test_every_fault_there_is_is_caught(cli, root):
    """The whole matrix, and nothing is missing from it: what no scenario catches, a claim about the client does."""
    client = root / "conformance" / "clients" / "reference.py"
    listed = run([sys.executable, client, "--list-faults"]).stdout.splitlines()
    names = {line.split()[0] for line in listed}
    assert len(names) == len(listed) >= 40
    done = cli("faults", timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    claims = (test_reference_client, test_reference_exchanges, test_reference_faults)
    claimed = {case.values[0] for module in claims for case in module.claim.cases}
    assert names - {row[0] for row in rows if len(row) >= 4 and row[2] == "caught"} - claimed == set()
    assert "every fault is caught" in done.stdout.splitlines()[-1]


def test_a_client_that_is_right_whatever_its_fault_catches_nothing(cli, tmp_path, root):
    """The matrix must be able to fail: here no fault is ever switched on."""
    client = root / "conformance" / "clients" / "reference.py"
    shim = tmp_path / "never_faulty.py"
    shim.write_text(f"import runpy, sys\nsys.argv = [{str(client)!r}]\n"
                    f"sys.path.insert(0, {str(client.parent)!r})\nrunpy.run_path({str(client)!r}, run_name='__main__')\n")
    done = cli("faults", "device", "--client", f"{sys.executable} {shim}", timeout=300)
    assert done.returncode == 1, done.stdout + done.stderr


# installed

def test_an_installed_program_finds_its_data_beside_it(build_dir, tmp_path, root):
    installed = run(["cmake", "--install", build_dir, "--prefix", tmp_path / "usr"])
    assert installed.returncode == 0, installed.stderr
    program = tmp_path / "usr" / "bin" / "assay"
    environment = {name: value for name, value in os.environ.items() if name != "ASSAY_DATA"}
    listed = json.loads(run([program, "list", "--json"], env=environment).stdout)
    assert listed and all(entry["file"].startswith(str(tmp_path / "usr" / "share" / "assay")) for entry in listed)
    faults = run([program, "faults", "device/denied"], env=environment, timeout=300)
    assert faults.returncode == 0, faults.stdout + faults.stderr
