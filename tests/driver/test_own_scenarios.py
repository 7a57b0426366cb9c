"""Scenarios of one's own are selected by their place, and the command to run one again works."""

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
