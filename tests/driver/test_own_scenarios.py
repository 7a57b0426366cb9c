"""Scenarios of one's own are selected by their place, and the command to run one again works."""

import json
import re
import shlex

import pytest

FAILING = """
title: A stored token is used
why: an example
statements: [AUTH-004]
session: {issued: -100}
steps:
  - {do: get_access_token, expect: {ok: {access_token: at#7}}, because: the example is wrong on purpose}
"""


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "wrong.yaml").write_text(FAILING)
    return folder


def test_the_command_that_is_printed_runs_the_file_again(cli, own):
    first = cli("run", own / "wrong.yaml")
    assert first.returncode == 1
    (again,) = re.findall(r"^ *again +assay (.*)$", first.stdout, re.MULTILINE)
    assert str(own / "wrong.yaml") in again
    second = cli(*shlex.split(again))
    assert second.returncode == 1
    assert "at#7" in second.stdout


def test_a_directory_is_found_by_its_bare_name(cli, own):
    done = cli("run", "mine", cwd=own.parent)
    assert done.returncode == 1, done.stderr
    assert "1 scenarios" in done.stdout


@pytest.mark.parametrize("command", ["run", "faults"])
def test_an_empty_client_command_judges_nobody(cli, command):
    done = cli(command, "throttle/seconds", "--client", "")
    assert done.returncode == 2
    assert "empty" in done.stderr
    assert "pass" not in done.stdout


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "scenarios.md").read_text()


def test_the_members_that_the_page_requires_are_required(page, root, cli, tmp_path):
    fields = re.search(r"^## Fields\n.*?^## ", page, re.MULTILINE | re.DOTALL)[0]
    required = [name for cell in re.findall(r"^\| (.*?) \| required: ", fields, re.MULTILINE)
                for name in re.findall(r"`(\w+)`", cell)]
    schema = json.loads((root / "scenarios" / "schema" / "scenario.schema.json").read_text())
    assert required == schema["required"]
    scenario = {"title": "t", "why": "w", "statements": ["AUTH-004"],
                "steps": [{"do": "get_access_token", "expect": {"ok": {}}, "because": "b"}]}
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(scenario))
    assert cli("check", file).returncode == 0, cli("check", file).stderr
    for name in required:
        file.write_text(json.dumps({key: value for key, value in scenario.items() if key != name}))
        done = cli("check", file)
        assert done.returncode == 2 and name in done.stderr, done.stderr


def test_the_commands_of_the_page_lead_to_a_statement(page, cli):
    (block,) = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    areas, area, statement = [cli(*line.partition("#")[0].split()[1:]) for line in block.splitlines()]
    assert areas.returncode == area.returncode == statement.returncode == 0
    assert {"RFR", "RFC6749"} <= {line.split()[0] for line in areas.stdout.splitlines() if line}
    assert "RFC6749-6-ROTATION" in area.stdout.split()
    assert statement.stdout.startswith("RFC6749-6-ROTATION (MUST): ") and "source: RFC 6749" in statement.stdout
