"""The fixtures. Each can be overridden in a conftest.py as any fixture can."""

from __future__ import annotations

import difflib
import pathlib
from typing import Any, Generator, Iterator, Mapping, Sequence

import pytest

from pytest_assay.control import AssayError
from pytest_assay.issuer import Issuer, NotAsScripted
from pytest_assay.locate import NoProgram, program_of
from pytest_assay.scenarios import ScenarioFile
from pytest_assay.server import AssayServer

_ISSUERS = pytest.StashKey[list[Issuer]]()
_DID_NOT_PASS = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("assay", "an OpenID issuer to script")
    group.addoption("--assay", metavar="PROGRAM", help="the program assay (default: the environment variable ASSAY, "
                                                       "PATH, or what is built in the checkout)")
    group.addoption("--assay-client", metavar="COMMAND", help="the client that *.assay.yaml is for (default: the ini "
                                                              "option assay_client)")
    parser.addini("assay_client", "command of the client that scenarios named *.assay.yaml are for")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "assay(clock=None, config=None, script=None, name=None, judge=True): "
                                       "what the fixture `issuer` is like; the parameters are those of issuer_factory")


def pytest_collect_file(file_path: pathlib.Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Scenarios beside the tests."""
    if file_path.name.endswith(".assay.yaml"):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class IssuerFactory:
    """Makes issuers of one test: issuer_factory(clock="virtual", config={"interaction": "api"})."""

    def __init__(self, server: AssayServer, issuers: list[Issuer]) -> None:
        self._server = server
        self._issuers = issuers
        self._judged: list[Issuer] = []

    def __call__(self, *, clock: str | None = None, config: Mapping[str, Any] | None = None,
                 script: Sequence[Mapping[str, Any]] | None = None, name: str | None = None,
                 judge: bool = True) -> Issuer:
        """`config` is laid over the default issuer, `script` its first steps, `clock` "system" (the default),
        "virtual" or an ISO 8601 time to stand still at. With judge=False its verdict fails no test."""
        issuer = self._server.issuer(clock=clock, config=config, script=script, name=name)
        self._issuers.append(issuer)
        if judge:
            self._judged.append(issuer)
        return issuer

    def end(self, judge: bool) -> list[str]:
        """Ends them all; what was not as scripted."""
        found = []
        while self._issuers:
            issuer = self._issuers.pop(0)
            try:
                if judge and issuer in self._judged:
                    issuer.finish()
                else:
                    issuer.delete()
            except (NotAsScripted, AssayError) as error:
                found.append(str(error))
        return found


_MARKER_KEYS = ("clock", "config", "script", "name", "judge")


def _marked(node: pytest.Item) -> dict[str, Any]:
    """What the markers say, that of the function over that of its class and module."""
    said: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("assay"))):
        if marker.args:
            pytest.fail(f"@pytest.mark.assay takes keywords only: {', '.join(_MARKER_KEYS)}", pytrace=False)
        for name in marker.kwargs:
            if name not in _MARKER_KEYS:
                near = difflib.get_close_matches(name, _MARKER_KEYS, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(_MARKER_KEYS)}"
                pytest.fail(f"@pytest.mark.assay does not take {name!r}; {hint}", pytrace=False)
        said.update(marker.kwargs)
    return said


@pytest.fixture(scope="session")
def assay_binary(pytestconfig: pytest.Config) -> pathlib.Path:
    """The program. Override it to say where it is, or to build it."""
    try:
        return program_of(pytestconfig)
    except NoProgram as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


@pytest.fixture(scope="session")
def assay_arguments() -> Sequence[str]:
    """Further arguments of `assay serve`. Override it for, say, ["--tls", "auto"]."""
    return []


@pytest.fixture(scope="session")
def assay_server(assay_binary: pathlib.Path, assay_arguments: Sequence[str],
                 tmp_path_factory: pytest.TempPathFactory) -> Iterator[AssayServer]:
    """One `assay serve` for the session (under xdist: for each worker), on free ports."""
    try:
        server = AssayServer(assay_binary, assay_arguments, tmp_path_factory.mktemp("assay"))
    except (AssayError, OSError) as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    yield server
    try:
        server.stop()
    except AssayError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


@pytest.fixture
def issuer_factory(assay_server: AssayServer, request: pytest.FixtureRequest) -> Iterator[IssuerFactory]:
    """Makes issuers. At the end of the test they are deleted, and steps that were not delivered or requests that
    came to no endpoint fail it."""
    issuers = request.node.stash.setdefault(_ISSUERS, [])
    factory = IssuerFactory(assay_server, issuers)
    yield factory
    # A test that failed has shown its journal; that it also left steps is no news.
    found = factory.end(judge=not request.node.stash.get(_DID_NOT_PASS, False))
    request.node.stash[_DID_NOT_PASS] = False  # the node may run again
    if found:
        pytest.fail("\n\n".join(found), pytrace=False)


@pytest.fixture
def issuer(issuer_factory: IssuerFactory, request: pytest.FixtureRequest) -> Issuer:
    """A fresh issuer, as @pytest.mark.assay(...) describes it."""
    try:
        return issuer_factory(**_marked(request.node))
    except AssayError as error:
        raise pytest.fail.Exception(f"the issuer could not be made: {error}", pytrace=False) from None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows the journals of its issuers."""
    report = yield
    if report.when in ("setup", "call") and not report.passed:
        item.stash[_DID_NOT_PASS] = True
        for issuer in item.stash.get(_ISSUERS, []) if report.failed else []:
            try:
                report.sections.append((f"assay: {issuer.name}", issuer.complaint() or issuer.journal()))
            except AssayError as error:
                report.sections.append((f"assay: {issuer.name}", str(error)))
    return report
