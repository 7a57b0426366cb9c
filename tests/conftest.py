"""What the tests over the real programs share."""

import os
import pathlib

import pytest

from serving import Served, run

# python/ is on the path by pytest.ini; its option --assay names the program itself.
pytest_plugins = ["pytest_assay", "pytester"]

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A machine's proxy knows nothing of the issuers here.
for variable in ("NO_PROXY", "no_proxy"):
    os.environ[variable] = ",".join(filter(None, [os.environ.get(variable), "127.0.0.1", "localhost", "::1"]))


def pytest_addoption(parser):
    parser.addoption("--build-dir", default=os.environ.get("ASSAY_BUILD_DIR", str(ROOT / "build" / "dev")),
                     help="CMake build directory whose programs are tested (default: build/dev)")
    parser.addoption("--kills", type=int, default=20, help="how often tests/soak kills a client of each storage provider")
    parser.addoption("--races", type=int, default=8, help="how many expiries tests/soak races through")
    parser.addoption("--mixed", type=float, default=3, help="for how many seconds tests/soak mixes flows and faults")
    parser.addoption("--soak-seed", type=int, default=1, help="picks the moments at which tests/soak kills")
    parser.addoption("--soak-record", type=pathlib.Path, help="file to which tests/soak appends what it counted, as JSON lines")


@pytest.fixture
def pytester(pytester, monkeypatch):
    """pytest tells failures in more words where these are set; what the tests read must not depend on it."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    return pytester


@pytest.fixture(scope="session")
def root():
    """The source tree."""
    return ROOT


@pytest.fixture(scope="session")
def build_dir(pytestconfig):
    return pathlib.Path(pytestconfig.getoption("--build-dir")).resolve()


@pytest.fixture(scope="session")
def assay(pytestconfig, build_dir):
    """Path of the program under test."""
    told = pytestconfig.getoption("--assay") or os.environ.get("ASSAY_BINARY")
    path = pathlib.Path(told or build_dir / "cli" / "assay").resolve()
    assert path.is_file(), f"{path} is not built; scripts/test builds it"
    return path


@pytest.fixture(scope="session")
def assay_binary(assay):
    """The plugin's servers are of the program under test, too."""
    return assay


@pytest.fixture
def cli(assay, tmp_path):
    """Runs `assay ARGUMENTS...` in an empty directory: cli("list", "refresh").stdout."""
    return lambda *arguments, **options: run([assay, *arguments], cwd=options.pop("cwd", tmp_path), **options)


@pytest.fixture
def serve(assay, tmp_path):
    """Starts servers: serve("--tls", "auto"). Each must have ended well when the test is over."""
    started = []

    def start(*arguments):
        started.append(Served(assay, arguments, tmp_path / f"serve-{len(started)}.log"))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def server(serve):
    """A server with one issuer, "main", whose clock stands still until it is advanced."""
    return serve("--clock", "2030-01-01T00:00:00Z")
