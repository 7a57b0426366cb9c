"""The real clients that take long to install or to run; the others are in ../test_real_clients.py."""

import pytest


@pytest.mark.parametrize("name", ["globus_sdk", "openid_client", "openidconnect"])
def test_every_finding_is_adjudicated(name, judge):
    assert judge(name) == []


def test_a_go_program_on_the_machines_clock_is_judged_as_it_is_on_the_runs(judge):
    assert judge("x_oauth2", "--real") == []
    assert judge.counts["scenarios judged"] >= 40


def test_a_node_program_on_the_machines_clock_is_judged_as_it_is_on_the_runs(judge):
    assert judge("openid_client", "--real") == []
    assert judge.counts["scenarios judged"] >= 40
