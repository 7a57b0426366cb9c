"""`assay run --expect`: what is known of a client is expected, and nothing else is."""

import sys

import pytest

SCENARIO = "storage/private-modes"
LATER = "validation/rotated-key"


@pytest.fixture
def judge(cli, root, tmp_path):
    """Runs a scenario against the reference client, which may have a fault."""

    def run(known, fault=None, scenario=SCENARIO):
        (tmp_path / "known.yaml").write_text(known)
        client = f"{sys.executable} {root}/conformance/clients/reference.py" + (f" --fault {fault}" if fault else "")
        return cli("run", scenario, "--client", client, "--expect", "known.yaml")

    return run


def test_a_known_failure_is_as_expected_and_counted(judge):
    done = judge(f'{SCENARIO}: {{XFAIL: "ticket 12"}}', fault="world_readable")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 xfail" in done.stdout.lower()


def test_a_failure_that_nobody_knew_is_not(judge):
    done = judge(f'{LATER}: {{XFAIL: "ticket 12"}}', fault="world_readable")
    assert done.returncode == 1, done.stdout + done.stderr


def test_a_known_failure_that_passes_is_unexpected(judge):
    done = judge(f'{SCENARIO}: {{XFAIL: "ticket 12"}}')
    assert done.returncode == 1
    assert "XPASS" in done.stdout and "known.yaml:1: known to fail: ticket 12" in done.stdout
    assert " --expect known.yaml\n" in done.stdout, "run again, it must be judged alike"


def test_what_is_unsupported_must_be_listed(judge):
    """The reference client has no threads of its own."""
    scenario = "refresh/single-flight-in-one-process"
    assert judge("{}", scenario=scenario).returncode == 1
    listed = judge(f'{scenario}: {{UNSUPPORTED: "one thread"}}\n', scenario=scenario)
    assert listed.returncode == 0
    assert "1 unsupported" in listed.stdout and "NOT_REACHED" not in listed.stdout


@pytest.mark.parametrize("known, place", [
    ("storage/private-mode: {XFAIL: x}", '1:1: no scenario "storage/private-mode"; did you mean "storage/private-modes"?'),
    (f"{SCENARIO}: {{XFIAL: x}}", 'did you mean "XFAIL"?'),
    (f"{SCENARIO}#bogus-check: {{XFAIL: x}}", "no check of this scenario"),
])
def test_what_does_not_exist_is_told_with_its_place(judge, known, place):
    done = judge(known)
    assert done.returncode == 2
    assert "known.yaml:1:" in done.stderr
    assert place in done.stderr
