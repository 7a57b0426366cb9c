"""Fixtures: assay_server, issuer_factory, issuer."""

import os
import shutil

import pytest

from assay_pytest.server import Server


def pytest_addoption(parser):
    group = parser.getgroup("assay")
    group.addoption("--assay-program", default=None, help="the program assay (default: $ASSAY_BINARY, else that of $PATH)")


@pytest.fixture(scope="session")
def assay_server(pytestconfig):
    """One server for the session; each test makes issuers of its own on it."""
    program = pytestconfig.getoption("--assay-program") or os.environ.get("ASSAY_BINARY") or shutil.which("assay")
    if not program:
        pytest.fail("assay is not on PATH: say where it is by --assay-program or ASSAY_BINARY")
    server = Server(program)
    yield server
    server.close()


@pytest.fixture
def issuer_factory(assay_server):
    """Makes issuers that are judged when the test is over: issuer_factory(config={...}, script=[...])."""
    made = []

    def make(clock="virtual", **body):
        made.append(assay_server.issuer(clock=clock, **body))
        return made[-1]

    yield make
    failures = []
    for issuer in made:
        journal = issuer.journal()
        verdict = issuer.call("DELETE")
        if issuer.judged and not verdict["as_expected"]:
            failures.append(describe(issuer, verdict, journal))
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


@pytest.fixture
def issuer(issuer_factory):
    """A fresh issuer whose clock stands still."""
    return issuer_factory()


def describe(issuer, verdict, journal):
    lines = [f"issuer {issuer.name} did not go as expected"]
    lines += [f"  step {step} was not delivered" for step in verdict["undelivered_steps"]]
    lines += [f"  no endpoint: {one['method']} {one['path']}" for one in verdict["unmatched_requests"]]
    lines += [f"  {one['id']}: {'; '.join(one['problems'])}" for one in verdict["failed_expectations"]]
    return "\n".join([*lines, "journal:", journal or "  (no requests)"])
